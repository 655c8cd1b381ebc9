import { describe, expect, it } from "vitest";
import { joinHyphenated } from "../../../ingest/loaders/join-hyphens.ts";

const join = (text: string): string => joinHyphenated([text]).join("");

describe("hyphenated lines", () => {
  it("get their words back in one piece, and no paragraph begins or ends by it", () => {
    expect(join("The retrie-\nval, which is dense, wor-\nks\nwell.\n\nNext e-\nnd")).toBe(
      "The retrieval,\nwhich is dense, works\nwell.\n\nNext end\n",
    );
  });

  it.each([
    ["that the text has within a line too", "a state-of-the-art and well-known model\nand a well-\nknown one"],
    ["between two words of the text", "the known depth of a well and a well-\nknown one"],
    ["before a name or a number", "the Navier-\nStokes equation, type-\n2 errors"],
    ["that is a dash", "as it was -\nor is"],
  ])("keep a hyphen %s", (_name, text) => {
    expect(join(text)).toBe(text);
  });

  it("are judged by all pages", () => {
    expect(joinHyphenated(["an under-\nstanding of it", "under one standing rule, with understanding"])[0]).toBe(
      "an understanding\nof it",
    );
  });

  it("lose soft hyphens in any case", () => {
    expect(join("well and known: well\u00ad\nknown to all")).toBe("well and known: wellknown\nto all");
  });
});
