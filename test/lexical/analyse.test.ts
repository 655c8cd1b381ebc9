import { describe, expect, it } from "vitest";
import { analyse } from "../../src/lexical/analyse.ts";

describe("analyse", () => {
  it("cuts identifiers into their parts and keeps the whole", () => {
    expect(analyse("getUserName")).toEqual(["getusername", "get", "user", "name"]);
    expect(analyse("HTTPServer_error")).toEqual(["httpservererror", "http", "server", "error"]);
    expect(analyse("MAX_RETRIES")).toContain("retri");
  });

  it("takes acronyms in the plural for the acronym", () => {
    expect(analyse("PDFs URLs APIs LLMs IDs pdfs")).toEqual(["pdf", "url", "api", "llm", "id", "pdf"]);
    expect(analyse("PDF URL API LLM ID")).toEqual(["pdf", "url", "api", "llm", "id"]);
    expect(analyse("parseURLs")).toEqual(["parseurls", "pars", "url"]);
    expect(analyse("https DNS CSS")).toEqual(["https", "dns", "css"]);
  });

  it("gives a name and its description terms in common", () => {
    const words = new Set(analyse("the user name"));
    expect(analyse("getUserName()").filter((term) => words.has(term))).toEqual(["user", "name"]);
  });

  it("stems English and drops stop words", () => {
    expect(analyse("The cities were running")).toEqual(["citi", "run"]);
  });

  it("folds accents of Latin letters and keeps the marks of other scripts", () => {
    expect(analyse("Café")).toEqual(analyse("cafe"));
    expect(analyse("हिन्दी")).toEqual(["हिन्दी"]);
  });

  it("cuts scripts without spaces into pairs of characters", () => {
    expect(analyse("東京都 GPU版")).toEqual(["東京", "京都", "gpu", "版"]);
  });

  it("finds nothing in an empty text or in marks alone", () => {
    expect(analyse("")).toEqual([]);
    expect(analyse("— ,.;!? \n")).toEqual([]);
  });

  it("keeps very long runs of letters as one term", () => {
    expect(analyse("A".repeat(10_000))).toEqual(["a".repeat(10_000)]);
  });
});
