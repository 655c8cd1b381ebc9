import { describe, expect, it } from "vitest";
import { analyse } from "../../../src/lexical/analyse.ts";
import { termIndex } from "../../../src/lexical/term-index.ts";
import { findCompounds } from "../../../src/retrieval/question/compound-words.ts";
import { correctText } from "../../../src/retrieval/question/misspelt-words.ts";

/** A query as it is read where a collection has one passage. */
function read(query: string, text: string): string {
  const known = new Set(analyse(text));
  const absent = new Set(
    analyse(query)
      .filter((term) => !known.has(term))
      .map(termIndex),
  );
  const found = { candidates: [{ chunk: { id: "c", title: null, heading: null, text } }], absent };
  return correctText(query, findCompounds([{ query, found }]));
}

describe("findCompounds", () => {
  it.each([
    ["where is the towpath", "The tow path is closed.", "where is the tow path"],
    ["How do I reopen the gate?", "To re-open the gate, turn the wheel.", "How do I re-open the gate?"],
    ["who reads the logbooks", "The log book lies in the hall.", "who reads the log book"],
    ["is the winch builtin", "The winch is built-in.", "is the winch built-in"],
    ["how does the login work", "Skippers log in at the desk.", "how does the log in work"],
    ["Is there a flood gate?", "Each floodgate is of oak.", "Is there a floodgate?"],
    ["is there a flood-gate", "Floodgates are of oak.", "is there a floodgates"],
  ])("reads %j over %j as %j", (query, text, expected) => {
    expect(read(query, text)).toBe(expected);
  });

  it.each([
    ["Is it presidential?", "The president is away."],
    [`Is there a flood gate? ${"Old boats need tow paths. ".repeat(10)}`, "A floodgate is shut."],
    [`is ${"sluice".repeat(8)}s there`, `Here is ${"sluice".repeat(7)} sluice.`],
    // Both are there.
    ["Is there a flood gate?", "A floodgate is a flood gate of oak."],
    // The collection has the word as it was written.
    ["where is the towpath", "The towpath is a tow path."],
    // A name of code, and a stop word.
    ["How do group chats end?", "`GroupChat` ends at noon."],
    ["is it a way", "The ferry is away."],
    ["What are the character abilities?", "It is characterized by wind."],
    ["Wo ist das Schleusen Tor, das die Flut hält?", "Das Schleusentor hält die Flut."],
  ])("leaves %j as it is over %j", (query, text) => {
    expect(read(query, text)).toBe(query);
  });
});
