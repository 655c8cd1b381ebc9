import { describe, expect, it } from "vitest";
import { definingShare, isDefinition } from "../../../src/retrieval/question/definition.ts";
import { introduces } from "../../../src/retrieval/question/introduced-term.ts";

describe("introduces", () => {
  it.each([
    ["A _sluice_ lets water through.", "sluice", "whole"],
    ["*Sluice gates* keep the sea out.", "sluice gate", "whole"],
    ["A **weir** (an old one) holds it back.", "weir", "whole"],
    ["The **weir** key also opens the gate.", "weir", null],
    ["A **weir** key may open the gate.", "weir", null],
    ["Gates of this kind are called _sluices_.", "sluice", "named"],
    ["Gates without a lock are _blind_.", "blind gate", "named"],
    ["We come to the concept of a *weir*.", "weir", "named"],
    ["The _slack tide_ is a time without current.", "slack tide", "whole"],
    ["The _slack tide_ table hangs at the gate.", "slack tide", null],
    ["Open the _sluice_ at noon.", "sluice", null],
    ["**Sluices** and weirs are dear.", "sluice", null],
    ["A _sluice_ gate lets water through.", "weir", null],
    ["The sluice is _not_ shut.", "sluice", null],
    ["A sluice_gate lets water_through.", "sluice", null],
  ])("reads from %j of %j: %j", (sentence, subject, form) => {
    expect(introduces(sentence, subject)).toBe(form);
  });

  it("makes a definition of a sentence without the usual verbs", () => {
    expect(isDefinition("A _sluice_ keeps the sea out.", "sluice")).toBe(true);
    expect(isDefinition("A sluice keeps the sea out.", "sluice")).toBe(false);
    expect(definingShare("A _sluice_ keeps the sea out.", "sluice")).toBe(1);
    expect(definingShare("Gates without a lock are _blind_.", "blind gate")).toBe(0.7);
  });

  it("knows that something is when something happens", () => {
    expect(isDefinition("Slack water is when the tide turns.", "slack water")).toBe(true);
    expect(definingShare("Slack water is when the tide turns.", "slack water")).toBe(1);
  });
});
