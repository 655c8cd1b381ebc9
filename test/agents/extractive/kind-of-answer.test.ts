import { describe, expect, it } from "vitest";
import { kindOfAnswer } from "../../../src/agents/extractive/kind-of-answer.ts";

describe("kindOfAnswer", () => {
  it.each([
    ["Who built the mill?", ["It was built in stone.", "The JSON Schema of `Mill Works` is open."], "missing"],
    ["Who is the author of the mill?", ["The mill has a wheel."], "missing"],
    ["Who built the mill?", ["It was built by Mara Quist."], "present"],
    ["Who built the mill?", ["Ada Fenwick and her brothers built it."], "present"],
    ["Who built the mill?", ["The mill was built on the hills of Lindmouth."], "missing"],
    ["Who is the author of the tale?", ["Its author, Ada Fenwick, was a keeper."], "present"],
    ["Who pays for the oil?", ["The town council pays for oil."], "present"],
    ["Who pays for the oil?", ["You need to pay for oil."], "present"],
    ["Who pays for the oil?", ["Oil has to be paid for in advance."], "doubtful"],
    ["Who maintains the wall?", ["Walls maintained by hand last.", "Ask the wall maintainers."], "doubtful"],
    ["Who can open the gate?", ["Everybody can open it."], "present"],
    ["Who is Mara Quist?", ["The keeper is Mara Quist."], "present"],
    ["How many keepers are there?", ["The mill has four keepers."], "present"],
    ["How many keepers are there?", ["Keepers get 10% of the corn."], "doubtful"],
    ["How many keepers are there?", ["Keepers leave after long years at the old mill by the sea, at 7."], "doubtful"],
    ["How many sacks does the mill grind?", ["It grinds 40 a day."], "present"],
    ["When was the mill built?", ["It was built in stone."], "missing"],
    ["When was the mill built?", ["It was built in the year of the flood."], "present"],
    ["When does the mill open?", ["It opens with a key."], "present"],
  ])("says for %j and %j: %j", (question, sentences, expected) => {
    expect(kindOfAnswer(question, sentences)).toBe(expected);
  });
});
