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
