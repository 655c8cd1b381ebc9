import { describe, expect, it } from "vitest";
import { kindOfAnswer, mayHoldAnswer } from "../../../src/agents/extractive/kind-of-answer.ts";

describe("kindOfAnswer", () => {
  it.each([
    ["Who built the mill?", ["It was built in stone.", "The JSON Schema of `Mill Works` is open."], "missing"],
    ["Who is the author of the mill?", ["The mill has a wheel."], "missing"],
    ["Who built the mill?", ["It was built by Mara Quist."], "present"],
    ["Who was excused in May?", ["Excused: Mara Quist."], "present"],
    ["Who was excused in May?", ["Present: Mara Quist."], "missing"],
    ["Who built the mill?", ["Ada Fenwick and her brothers built it."], "present"],
    ["Who built the mill?", ["The mill was built on the hills of Lindmouth."], "missing"],
    ["Who is the author of the tale?", ["Its author, Ada Fenwick, was a keeper."], "present"],
    ["Who pays for the oil?", ["The town council pays for oil."], "present"],
    ["Who pays for the oil?", ["You need to pay for oil."], "present"],
    ["Who pays for the oil?", ["Oil has to be paid for in advance."], "doubtful"],
    ["Who maintains the wall?", ["Walls maintained by hand last.", "Ask the wall maintainers."], "missing"],
    ["Who guards the wall?", ["Walls guarded by night last.", "Ask the wall guardians."], "doubtful"],
    ["Who owns the mill?", ["Write to your own mill."], "missing"],
    ["Who can open the gate?", ["Everybody can open it."], "present"],
    ["Who is Mara Quist?", ["The keeper is Mara Quist."], "present"],
    ["Who is the mayor of Lindmouth?", ["Linux runs the mill of Mara Quist."], "doubtful"],
    ["Who is the mayor of Lindmouth?", ["Mara Quist, the mayor, opened the mill."], "present"],
    ["Who was the first mayor?", ["Mara Quist was mayor until the flood."], "present"],
    ["How many keepers are there?", ["The mill has four keepers."], "present"],
    ["How many keepers are there?", ["Keepers get 10% of the corn."], "doubtful"],
    ["How many keepers are there?", ["Keepers leave after long years at the old mill by the sea, at 7."], "doubtful"],
    ["How many sacks does the mill grind?", ["It grinds 40 a day."], "present"],
    ["When was the mill built?", ["It was built in stone."], "missing"],
    ["When was the mill built?", ["It was built in the year of the flood."], "present"],
    ["When was the mill built?", ["It runs Node 24 at 127.0.0.1:8080, version 2.0, and may be missing."], "missing"],
    ["When was the mill built?", ["It was built in May."], "present"],
    ["When was the mill built?", ["They finished it in 899."], "present"],
    ["When was the mill built?", ["They finished it on the 3rd."], "present"],
    ["When does the mill open?", ["It opens with a key."], "present"],
    ["Who made the mill?", ["Where another owner of the mill made it, the sign says so."], "missing"],
    ["Who made the mill?", ["Fenwick made it."], "present"],
    ["Who maintains the mill?", ["If you know Quist & Sons under the old name, it is the same firm."], "missing"],
    ["Who maintains the mill?", ["The maintained name of the `Quist` works."], "missing"],
    ["Who maintains the mill?", ["It is maintained by Mara Quist."], "present"],
    ["Who maintains the mill?", ["Our millers maintain it."], "present"],
    ["Who's maintaining the mill?", ["Volunteers maintain the wheel."], "present"],
    ["Who owns the mill?", ["You own the mill with your first share."], "present"],
    ["Who runs the mill?", ["The mill itself runs day and night."], "missing"],
    ["Who runs the mill?", ["The mill runs by water.", "In the yard, `turn` runs the mill."], "missing"],
  ])("says for %j and %j: %j", (question, sentences, expected) => {
    expect(kindOfAnswer(question, sentences)).toBe(expected);
  });

  it.each([
    ["Who built the mill?", "Mara Quist laid every stone of it.", true],
    ["Who built the mill?", "Where it stands, another mill stood.", false],
    ["When was the mill built?", "Its first stone was laid in 1804.", true],
    ["When was the mill built?", "Its first stone was laid by hand.", false],
  ])("says for %j whether %j may hold the answer in other words", (question, sentence, expected) => {
    expect(mayHoldAnswer(question, sentence)).toBe(expected);
  });
});

describe("kindOfAnswer of a number", () => {
  it.each([
    ["The mill has two (2) old iron gates.", "present"],
    ["Two of the gates are shut.", "present"],
    ["The gates are two.", "present"],
    ["There are no gates.", "present"],
    ["No gate of the mill may at any time have more than one key.", "doubtful"],
    ["A keeper has one key to the gates.", "doubtful"],
  ])("has %j count the gates: %j", (sentence, expected) => {
    expect(kindOfAnswer("How many gates does the mill have?", [sentence])).toBe(expected);
  });
});

describe("kindOfAnswer of a price", () => {
  it.each([
    ["How much is the rent?", "The rent is £1,240 a month."],
    ["What does a boat cost?", "A boat costs twenty pounds."],
    ["How much is the water?", "Water is included in the rent."],
    ["Was kostet ein Boot?", "Ein Boot kostet 20 Euro."],
  ])("finds an amount, or that there is none, for %j", (question, sentence) => {
    expect(kindOfAnswer(question, [sentence])).toBe("present");
  });

  it("takes other amounts for none where something has a price, unless they stand under one", () => {
    expect(kindOfAnswer("What does a beer cost?", ["A beer has 12 ounces."])).toBe("doubtful");
    expect(kindOfAnswer("What does a beer cost?", ["A beer is 12 € at the mill."])).toBe("present");
    expect(kindOfAnswer("What does a beer cost?", ["| beer | 12 |"], "Bar\nItem\nPrice")).toBe("present");
    expect(kindOfAnswer("How much flour is in it?", ["It has 12 ounces of flour."])).toBe("present");
  });

  it("doubts an answer without one", () => {
    expect(kindOfAnswer("What did the new boat cost?", ["We fetched the new boat."])).toBe("doubtful");
    expect(kindOfAnswer("How much of the wall is left?", ["The wall stands."])).toBe("present");
  });
});
