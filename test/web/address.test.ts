import { describe, expect, it } from "vitest";
import { conversationHash, documentHash, parseAddress, viewHash } from "../../src/web/address.ts";

describe("parseAddress", () => {
  it("reads the views", () => {
    expect(["", "#/", "#/search", "#/documents", "#/else"].map((hash) => parseAddress(hash).view)).toEqual([
      "ask",
      "ask",
      "search",
      "documents",
      "ask",
    ]);
  });

  it("reads back what documentHash writes", () => {
    const document = {
      id: "a/b c",
      collection: "my docs",
      spans: [
        { start: 3, end: 9 },
        { start: 12, end: 20 },
      ],
    };
    expect(parseAddress(documentHash(document))).toEqual({ view: null, document, query: "", conversation: null });
    expect(parseAddress(documentHash({ ...document, spans: [] })).document?.spans).toEqual([]);
  });

  it.each(["5", "9-3", "3-3", "a-b", "-1-3"])("passes over the span %s", (span) => {
    expect(parseAddress(`#/documents/x?span=${span}`).document).toEqual({ id: "x", collection: "default", spans: [] });
  });

  it("reads back what is searched for, which no other view has", () => {
    expect(parseAddress(viewHash("search", "lease & end #1"))).toEqual({
      view: "search",
      document: null,
      query: "lease & end #1",
      conversation: null,
    });
    expect(viewHash("search")).toBe("#/search");
    expect(parseAddress("#/documents?q=lease").query).toBe("");
  });

  it("reads back the conversation of an address", () => {
    expect(parseAddress(conversationHash("c0-1"))).toMatchObject({ view: "ask", conversation: "c0-1" });
    expect(parseAddress(conversationHash(null))).toMatchObject({ view: "ask", conversation: null });
  });

  it("bears a stray percent sign", () => {
    expect(parseAddress("#/documents/100%?span=1-2").document?.id).toBe("100%");
  });
});
