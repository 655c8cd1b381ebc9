import { describe, expect, it } from "vitest";
import { wordForms } from "../../src/lexical/word-forms.ts";

describe("relations of German words", () => {
  const forms = wordForms("german");

  it.each([
    ["Laterne", "Laternen", "same"],
    ["Fahrrad", "Fahrräder", "same"],
    ["abgeholt", "Abholung", "same"],
    ["ausschalte", "auszuschalten", "same"],
    ["gewartet", "Wartung", "same"],
    ["Kassenwart", "Kassenwartin", "same"],
    ["Miete", "Grundmiete", "compound"],
    ["Leuchtturm", "Leuchtturmwärter", "compound"],
    ["Turm", "Turmwärter", "beginning"],
    ["Kündigungsfrist", "Fristen", "head"],
    ["Kündigungsfrist", "Kündigung", "modifier"],
    ["Tierhaltung", "Haltung", "head"],
    ["Verein", "vereinbart", null],
    ["Turm", "Sturm", null],
    ["Laterne", "Öl", null],
  ] as const)("of %j and %j is %j", (asked, written, relation) => {
    expect(forms.relationOf(asked, written)).toBe(relation);
  });

  it("let both parts of a compound say all of it, and one of them a part", () => {
    expect(forms.shareOf("Kündigungsfrist", ["Die", "Frist", "für", "die", "Kündigung"])).toBe(1);
    expect(forms.shareOf("Kündigungsfrist", ["Frist", "Fristen"])).toBe(0.6);
    expect(forms.shareOf("Kündigungsfrist", ["Laterne"])).toBe(0);
  });
});

describe("relations of French and Spanish words", () => {
  it("are those of their forms, without compounds", () => {
    expect(wordForms("french").relationOf("coûte", "coûtent")).toBe("same");
    expect(wordForms("french").relationOf("lampe", "lampadaire")).toBe(null);
    expect(wordForms("spanish").relationOf("faro", "faros")).toBe("same");
  });
});

describe("relations of English words", () => {
  it.each([
    ["decided", "Decision", "same"],
    ["extend", "extensions", "same"],
    ["decide", "decisive", null],
    ["pass", "passion", null],
  ] as const)("of %j and %j is %j", (asked, written, relation) => {
    expect(wordForms("english").relationOf(asked, written)).toBe(relation);
  });
});
