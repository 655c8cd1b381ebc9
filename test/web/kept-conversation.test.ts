import { afterEach, describe, expect, it, vi } from "vitest";
import { forgetKept, keep, readKept } from "../../src/web/kept-conversation.ts";

const pending = { question: "How do I install it?", collection: "default" };

function denied(): never {
  throw new DOMException("Access is denied for this document.", "SecurityError");
}

function storage(): Pick<Storage, "getItem" | "setItem" | "removeItem"> {
  const items = new Map<string, string>();
  return {
    getItem: (name) => items.get(name) ?? null,
    setItem: (name, text) => void items.set(name, text),
    removeItem: (name) => void items.delete(name),
  };
}

afterEach(() => {
  forgetKept();
  vi.unstubAllGlobals();
});

describe("what the page keeps", () => {
  it.each([
    ["in the tab", storage()],
    ["in the page, where the browser forbids storage", { getItem: denied, setItem: denied, removeItem: denied }],
    ["in the page, where the storage is full", { ...storage(), setItem: denied }],
  ])("is there again %s", (_, sessionStorage) => {
    vi.stubGlobal("location", { pathname: "/" });
    vi.stubGlobal("sessionStorage", sessionStorage);
    keep({ id: "c1", pending });
    expect(readKept()).toEqual({ id: "c1", pending });
    forgetKept();
    expect(readKept()).toEqual({ id: null, pending: null });
  });

  it("is another thing for each server of a host", () => {
    vi.stubGlobal("sessionStorage", storage());
    vi.stubGlobal("location", { pathname: "/one/" });
    keep({ id: "c1", pending: null });
    vi.stubGlobal("location", { pathname: "/two/" });
    expect(readKept()).toEqual({ id: null, pending: null });
    vi.stubGlobal("location", { pathname: "/one/" });
    expect(readKept()).toEqual({ id: "c1", pending: null });
  });

  it("is nothing where something else stands there", () => {
    vi.stubGlobal("location", { pathname: "/" });
    vi.stubGlobal("sessionStorage", { ...storage(), getItem: () => "{" });
    expect(readKept()).toEqual({ id: null, pending: null });
  });
});
