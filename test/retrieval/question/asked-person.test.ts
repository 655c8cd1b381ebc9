import { describe, expect, it } from "vitest";
import { readAskedPerson } from "../../../src/retrieval/question/asked-person.ts";

describe("readAskedPerson", () => {
  it.each([
    ["Where does Bram Dahl live?", "Name: Bram Dahl\nStreet: High Street 73"],
    ["What is Bram Dahl's telephone number?", "Bram Dahl,High Street 73"],
    ["Bram Dahl phone", "Bram Dahl: 12"],
    ["Does Zoë van Berg-Ruiz Íñigo live here?", "Berg-Ruiz Íñigo"],
    ["Is Bram Dahl older than Mara Quist?", "Mara\nQuist is two years older than Bram Dahl."],
  ])("finds whom %j is about", (question, text) => {
    expect(readAskedPerson(question)?.(text)).toBe(true);
  });

  it.each([
    ["the names of two people", "Bram Lund, Mill Lane 4\nMara Dahl, Quay Street 2"],
    ["a longer name", "Bram Dahlberg"],
    ["small letters", "bram dahl"],
  ])("does not take %s for the name", (_, text) => {
    expect(readAskedPerson("Where does Bram Dahl live?")?.(text)).toBe(false);
  });

  it("wants all names where there are several", () => {
    expect(readAskedPerson("Is Bram Dahl older than Mara Quist?")?.("Mara Quist keeps the lamp.")).toBe(false);
  });

  it.each([
    ["no name", "Where is the key of the gate?"],
    ["a first name", "Where does Bram live?"],
    ["a name in a longer question", "Which fields have gained influence on pharmacy in the United States?"],
    ["a name in small letters", "where does bram dahl live?"],
    ["only words that ask", "Does The"],
  ])("reads nobody from %s", (_, question) => {
    expect(readAskedPerson(question)).toBeNull();
  });
});
