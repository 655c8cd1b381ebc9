import { expect, it } from "vitest";
import { createCitationPicker } from "../../src/domain/cited-markers.ts";
import { fakeAnswer } from "../server/fake-use-cases.ts";

const [citation] = fakeAnswer("x").citations;
if (citation === undefined) throw new TypeError("The fake answer has a citation.");
const at = (marker: number, quote: string): typeof citation => ({ ...citation, marker, quote });

it("gives each place of a marker its own citation where there are as many of both", () => {
  const pick = createCitationPicker("One. [2] Two. [1] Three. [2]", [at(2, "one"), at(2, "three"), at(1, "two")]);
  expect([2, 1, 2].map((marker) => pick(marker)?.quote)).toEqual(["one", "two", "three"]);
});

it("gives all places the first citation where the numbers differ, and none to other markers", () => {
  const pick = createCitationPicker("One. [1] Two. [1] [3](https://x.example)", [at(1, "only")]);
  expect([1, 1, 3].map((marker) => pick(marker)?.quote)).toEqual(["only", "only", undefined]);
});

it.each([
  ["between two statements", "One. [1]\n\n```sh\nrun  it\n```\n\nTwo. [1]", ["one", "run it", "two"], ["one", "two"]],
  ["at the end", "One. [1] Two: [1]\n```\nrun it\n```", ["one", "two", "run it"], ["one", "two"]],
  ["that stands for its statement", "One. [1] Two: [1]\n```\nrun it\n```", ["one", "run it"], ["one", "run it"]],
  ["that nothing cites", "One. [1] Two: [1]\n```\nrun it\n```", ["one", "two"], ["one", "two"]],
  ["and fewer citations than places", "One. [1] One. [1]\n```\nrun it\n```", ["one", "run it"], ["one", "run it"]],
])("counts no citation of a block of code %s", (_title, text, quotes, expected) => {
  const pick = createCitationPicker(
    text,
    quotes.map((quote) => at(1, quote)),
  );
  expect(expected.map(() => pick(1)?.quote)).toEqual(expected);
});
