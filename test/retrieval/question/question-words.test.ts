import { describe, expect, it } from "vitest";
import { languageOfQuestion, withoutQuestionWords } from "../../../src/retrieval/question/question-words.ts";

const bare = (question: string): string => withoutQuestionWords(question).replaceAll(/\s+/g, " ").trim();

describe("withoutQuestionWords", () => {
  it.each([
    ["How many directors are there?", "How directors are there?"],
    ["How long does the short programme take?", "How does the short programme ?"],
    ["What happens if the report is late?", "if the report is late?"],
    ["What does E217 mean?", "What does E217 ?"],
    ["what do the letters ABV stand for", "what do the letters ABV"],
    ["Am I allowed to sublet?", "sublet?"],
    ["What must I do when I am ill?", "What I do when I ill?"],
    ["May we keep a goat?", "we keep a goat?"],
    ["Wie hoch ist der Beitrag im Verein?", "Beitrag Verein?"],
    ["Wie groß ist die Laube?", "Laube?"],
    ["Wie lautet die Nummer des Vertrags?", "Nummer Vertrags?"],
    ["Darf man im Hof grillen?", "Hof grillen?"],
    ["Où se trouve le local du club ?", "local club ?"],
    ["Wann muss die Kasse geprüft werden?", "Kasse geprüft ?"],
    ["Quel est le montant de la cotisation ?", "montant cotisation ?"],
    ["¿Cuánto cuesta la cuota?", "¿ cuesta cuota?"],
  ])("leaves of %j what it is about", (question, expected) => {
    expect(bare(question)).toBe(expected);
  });

  it.each([
    ["a month", "What was decided in May 2011?"],
    ["words that are something else in English", "die cast war memorial, plus size"],
    ["names from other languages", "Who was Ludwig van der Rohe?"],
    ["a mean that is no question", "What does the mean of all values say?"],
    ["many without how", "too many open gates"],
    ["a question of nothing else", "How much must I?"],
    ["one of another language", "Wie ist das?"],
  ])("leaves %s", (_name, question) => {
    expect(bare(question)).toBe(question);
  });
});

describe("languageOfQuestion", () => {
  it.each([
    ["Wer hat die Heizung gewartet?", "german"],
    ["Qui est la trésorière du club ?", "french"],
    ["¿Quién es el tesorero de la asociación?", "spanish"],
    ["Who is the treasurer of the club?", null],
    ["Heizung Wartung", null],
  ])("reads %j as %j", (question, language) => {
    expect(languageOfQuestion(question)).toBe(language);
  });
});
