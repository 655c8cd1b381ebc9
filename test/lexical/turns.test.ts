import { describe, expect, it } from "vitest";
import { speakersOf, toldTime, turnsOf } from "../../src/lexical/turns.ts";

const CHAT = "Mara: I mended the lamp today.\nJon: Did you? It was dark for weeks.\nMara: Yes, with oil of my own!";

describe("speakersOf", () => {
  it.each([
    ["lines with a name in front", CHAT, ["Jon", "Mara"]],
    ["empty lines in between", CHAT.replaceAll("\n", "\n\n"), ["Jon", "Mara"]],
    ["a message of several lines", CHAT.replace(". It", ".\nIt"), ["Jon", "Mara"]],
    ["bold names", CHAT.replaceAll(/^(\w+):/gm, "**$1:**"), ["Jon", "Mara"]],
    ["times in brackets", CHAT.replaceAll(/^/gm, "[2025-06-14 10:02] "), ["Jon", "Mara"]],
    ["times in front of a dash", CHAT.replaceAll(/^/gm, "14/06/2025, 10:02 - "), ["Jon", "Mara"]],
    ["a time above", `Time: 10:02 on 14 June 2025\n\n${CHAT}`, ["Jon", "Mara"]],
    ["names of several words", CHAT.replaceAll("Mara:", "Mara van Quist (mill):"), ["Jon", "Mara van Quist (mill)"]],
    ["German", "Mara: Ich war am Tor.\nJon: Wir kommen morgen früh.", ["Jon", "Mara"]],
  ])("finds the names of %s", (_, text, names) => {
    expect([...speakersOf([text])].toSorted()).toEqual(names);
  });

  it.each([
    ["prose", "The keeper said: I mended the lamp.\nWe all saw it!\nIt was dark."],
    [
      "entries",
      "Default: as many as the lock has gates\nType: a number of gates, at least one\nSince: the second lock",
    ],
    ["short fields", "Name: Mara\nTown: Lindmouth\nLamps: my two"],
    ["a letter's head", "From: Mara Quist, the mill\nTo: me\nThe lamp of the tower is dark again."],
  ])("finds no names in %s", (_, text) => {
    expect(speakersOf([text]).size).toBe(0);
  });
});

describe("turnsOf", () => {
  it("tells who speaks where, and when", () => {
    const text = `[2025-06-14 10:02] Mara: I mended it.\n${CHAT}`;
    const [first, second] = turnsOf(text, speakersOf([text]));
    expect(first).toMatchObject({ speaker: "Mara", time: "2025-06-14 10:02", start: 0 });
    expect(text.slice(first?.wordsStart, second?.start)).toBe("I mended it.\n");
    expect(second).toMatchObject({ speaker: "Mara", time: null });
  });

  it("leaves alone who does not speak", () => {
    expect(turnsOf("Note: the lamp is dark.", new Set(["Mara"]))).toEqual([]);
    expect(turnsOf(CHAT, new Set())).toEqual([]);
  });
});

describe("turnsOf", () => {
  it("reads a line of brackets and digits in a time that grows with its length", () => {
    expect(turnsOf(`${"[1,".repeat(100_000)}\nMara: Hello.`, new Set(["Mara"]))).toHaveLength(1);
  });
});

describe("toldTime", () => {
  it.each([
    ["Time: 10:02 am on 14 June, 2025", "10:02 am on 14 June, 2025"],
    ["2025-06-14", "2025-06-14"],
    ["Saturday, 14 June 2025", "Saturday, 14 June 2025"],
    ["Datum: 14.6.2025", "14.6.2025"],
    ["Time: 20250614_10:02", "20250614_10:02"],
    ["Mara: See you at the lock on 14 June 2025!", null],
    ["Time: late", null],
    ["The lamp of 14 June 2025 is dark", null],
  ])("reads %j as %j", (line, time) => {
    expect(toldTime(line)).toBe(time);
  });
});
