import { describe, expect, it } from "vitest";
import { connectQdrant } from "../../../src/store/qdrant/connection.ts";
import { aliasOf, nameOfAlias, physicalNameFor } from "../../../src/store/qdrant/names.ts";
import { cutText, joinSpan, partsOfSpan } from "../../../src/store/text-parts.ts";

describe("connectQdrant", () => {
  const options = { timeoutMs: 1000, compress: false };

  it.each([
    ["http://localhost", "http://localhost:6333"],
    ["http://localhost:80", "http://localhost:80"],
    ["http://localhost:80/q", "http://localhost:80/q"],
    ["http://localhost:8080/", "http://localhost:8080"],
    ["https://qdrant.example.org", "https://qdrant.example.org:443"],
    ["https://qdrant.example.org:6333", "https://qdrant.example.org:6333"],
    ["https://example.org/vector/db/", "https://example.org:443/vector/db"],
    ["http://[::1]:6333", "http://[::1]:6333"],
  ])("takes %s for %s", (url, expected) => {
    const { client, location } = connectQdrant(url, options);
    expect(location).toBe(expected);
    expect(Reflect.get(client, "_restUri")).toBe(expected);
  });

  it.each(["", "localhost:6333", "qdrant", "ftp://qdrant:6333", "file:///qdrant"])("refuses the address %o", (url) => {
    expect(() => connectQdrant(url, options)).toThrow(expect.objectContaining({ code: "config_invalid" }));
  });

  it("refuses secrets in an address without repeating them", () => {
    expect(() => connectQdrant("http://user:geheim@qdrant:6333", options)).toThrow(
      expect.objectContaining({ code: "config_invalid", message: expect.not.stringContaining("geheim") }),
    );
    expect(() => connectQdrant("user://x:geheim@qdrant", options)).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining("geheim") }),
    );
  });

  it("refuses a key that no header can carry without repeating it", () => {
    for (const apiKey of ["schlüssel", "two words", "line\n"]) {
      expect(() => connectQdrant("http://qdrant", { ...options, apiKey })).toThrow(
        expect.objectContaining({ code: "config_invalid", message: expect.not.stringContaining(apiKey) }),
      );
    }
  });
});

describe("names in Qdrant", () => {
  const names = ["default", "my_notes", "a/b", "Größe 東京 🙂", "_", "__", "a_002fb", "a.b-c", "%2F", " "];

  it.each(names)("finds %o again in its alias", (name) => {
    expect(aliasOf(name)).toMatch(/^citewell\.[A-Za-z0-9._-]+$/);
    expect(nameOfAlias(aliasOf(name))).toBe(name);
  });

  it("gives different names different aliases", () => {
    expect(new Set(names.map(aliasOf)).size).toBe(names.length);
  });

  it("does not take the alias of another program for its own", () => {
    expect(nameOfAlias("live")).toBeNull();
  });

  it("refuses a name that is empty or too long", () => {
    for (const name of ["", "x".repeat(300), "東".repeat(60)]) {
      expect(() => aliasOf(name)).toThrow(expect.objectContaining({ code: "usage_invalid" }));
    }
  });

  it("takes the first collection name that is free", () => {
    const first = physicalNameFor("My Notes!", new Set());
    expect(first).toMatch(/^citewell-my-notes-[0-9a-f]{8}$/);
    expect(physicalNameFor("My Notes!", new Set())).toBe(first);
    expect(physicalNameFor("My Notes!", new Set([first]))).not.toBe(first);
    expect(physicalNameFor("東京", new Set())).toMatch(/^citewell-collection-[0-9a-f]{8}$/);
    expect(physicalNameFor("my-notes", new Set())).not.toBe(first);
  });
});

describe("text parts", () => {
  it.each([
    "",
    "short",
    "🙂".repeat(40_000),
    `x${"🙂".repeat(40_000)}`,
    "a🙂é東\r\n".repeat(30_000),
    "\ud83d".repeat(70_000),
  ])("cover a text without gap or overlap, none longer than 32,768 units: %#", (text) => {
    const parts = cutText(text);
    let at = 0;
    for (const { part, start, text: piece } of parts) {
      expect(start).toBe(at);
      expect(piece.length).toBeGreaterThan(0);
      expect(piece.length).toBeLessThanOrEqual(32_768);
      expect(partsOfSpan({ start, end: start + piece.length }, text.length)).toContain(part);
      at += piece.length;
    }
    expect(at).toBe(text.length);
    expect(joinSpan(parts, { start: 0, end: text.length })).toBe(text);
  });

  it("tears no surrogate pair", () => {
    for (const { text } of cutText(`x${"🙂".repeat(40_000)}`)) expect(text.isWellFormed()).toBe(true);
  });

  it("needs no part for nothing", () => {
    expect(partsOfSpan({ start: 5, end: 5 }, 100)).toEqual([]);
    expect(partsOfSpan({ start: 200, end: 300 }, 100)).toEqual([]);
    expect(partsOfSpan({ start: 0, end: 300 }, 0)).toEqual([]);
  });
});
