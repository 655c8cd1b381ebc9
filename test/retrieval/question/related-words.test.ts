import { describe, expect, it, vi } from "vitest";
import { analyse } from "../../../src/lexical/analyse.ts";
import { termIndex } from "../../../src/lexical/term-index.ts";
import { wordForms } from "../../../src/lexical/word-forms.ts";
import { readAskedWords, writtenWords } from "../../../src/retrieval/question/asked-words.ts";
import { findRelatedWords } from "../../../src/retrieval/question/related-words.ts";
import { makeChunk } from "../../support/make-chunk.ts";

/** What the words of a question are read as over a collection of these texts, which are all found. */
function readIn(query: string, texts: readonly string[]): readonly string[] {
  const known = new Set(texts.flatMap(analyse));
  const absent = new Set(analyse(query).flatMap((term) => (known.has(term) ? [] : [termIndex(term)])));
  const candidates = texts.map((text, at) => ({ chunk: makeChunk({ text, documentId: String(at) }) }));
  return findRelatedWords([{ query, found: { candidates, absent } }]).map(({ written, read }) => `${written}: ${read}`);
}

describe("findRelatedWords", () => {
  it("compares a word once, however often it is asked", () => {
    const compared = vi.spyOn(wordForms("german"), "relationOf");
    expect(readIn(`Wie lang ist die Frist? ${"Mietzahlung ".repeat(100)}`, ["Die Laterne ist gelb."])).toEqual([]);
    expect(compared.mock.calls.filter(([asked]) => asked === "Mietzahlung")).toHaveLength(4);
  });

  it.each([
    [
      "Wie lang ist die Kündigungsfrist?",
      ["Die Frist für die Kündigung sind drei Monate."],
      ["Kündigungsfrist: Kündigung Frist"],
    ],
    ["Wann wird der Restmüll gebracht?", ["Die Restmülltonne steht im Hof."], ["Restmüll: Restmülltonne"]],
    ["Wer hat die Laterne gewartet?", ["Die Wartung der Laterne"], ["gewartet: Wartung"]],
    ["Combien coûtent les lampes ?", ["La lampe coûte douze francs."], ["coûtent: coûte"]],
  ])("reads words of %j that stand nowhere as those of %j", (query, texts, expected) => {
    expect(readIn(query, texts)).toEqual(expected);
  });

  it.each([
    ["a word that the collection has", "Wie lang ist die Frist?", ["Die Frist", "Fristen"]],
    ["one part of a compound", "Welche Blutgruppe hat die Wärterin?", ["Die Gruppe der Wärterin"]],
    ["parts in two passages", "Wie lang ist die Kündigungsfrist?", ["Eine Frist", "Eine Kündigung"]],
    ["English", "How long is the Kündigungsfrist?", ["Die Frist für die Kündigung"]],
  ])("leaves %s alone", (_name, query, texts) => {
    expect(readIn(query, texts)).toEqual([]);
  });

  it("takes the form that most passages have", () => {
    expect(readIn("Wer hat die Lampe gewartet?", ["Lampe warten", "Lampe Wartung", "Wartung"])).toEqual([
      "gewartet: Wartung",
    ]);
  });
});

describe("readAskedWords", () => {
  it("compares a word once, however often it is asked", () => {
    const compared = vi.spyOn(wordForms("german"), "shareOf");
    const asked = readAskedWords(`Wie lang ist die Frist? ${"Mietzahlung ".repeat(100)}`);
    const [term = ""] = analyse("Mietzahlung");
    expect(asked?.shareOf(term, writtenWords("Die Laterne ist gelb."))).toBe(0);
    expect(compared).toHaveBeenCalledTimes(1);
  });
});
