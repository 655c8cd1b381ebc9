import { describe, expect, it } from "vitest";
import {
  subjectToDefine,
  definingShare,
  isDefinition,
  sidesOf,
  subjectOf,
} from "../../../src/retrieval/question/definition.ts";

describe("subjectOf", () => {
  it.each([
    ["What is a sluice gate?", "sluice gate"],
    ["what are sluices", "sluices"],
    ["What does sluice mean?", "sluice"],
    ["Tell me about sluices", "sluices"],
    ["What does SWH stand for?", "SWH"],
    ["sluice gate", "sluice gate"],
    ["What is a sluice gate in the old mill?", "sluice gate"],
    ["What is the change in height?", "change in height"],
    ["What counts as a flood?", "flood"],
    ["What is considered to be a sluice gate?", "sluice gate"],
    ["What counts as experience?", null],
    ["How do I open the sluice?", null],
    ["What is the height of the gate at the old mill?", null],
  ])("reads from %j: %j", (question, subject) => {
    expect(subjectOf(question)).toBe(subject);
  });

  it("takes words alone for no question of what something is where a whole question is needed", () => {
    expect(subjectToDefine("sluice gate")).toBeNull();
    expect(subjectToDefine("What is a sluice gate?")).toBe("sluice gate");
  });
});

describe("sidesOf", () => {
  it.each([
    ["What's the difference between a skip and an xfail?", ["skip", "xfail"]],
    ["What is the difference between gate:load and gate:idle in the mill?", ["gate:load", "gate:idle"]],
    ["What is the difference between the north and south mode?", ["north", "south"]],
    ["What is the difference between class A and class B tides?", ["class A tides", "class B tides"]],
    ["What is the difference between a lock and a tidal weir?", ["lock", "tidal weir"]],
    ["What is the difference?", []],
    ["Which gates are there between the mill and the weir?", []],
  ])("reads from %j: %j", (question, sides) => {
    expect(sidesOf(question)).toEqual(sides);
  });
});

describe("isDefinition", () => {
  it("knows the short form of a name behind the long one", () => {
    expect(isDefinition("Slack Water Harbour (SWH) is a port of the tide.", "SWH")).toBe(true);
    expect(isDefinition("The harbour master (away) is a friend.", "away")).toBe(false);
  });
});

describe("definingShare", () => {
  it.each([
    ["A **sluice** means that water is held.", "sluice", 1],
    ["In Lindmouth, a sluice is a kind of gate.", "sluice", 1],
    ["quay-sluice - Hold the water back", "sluice", 1],
    ["quay-sluice - Hold the water back", "quay sluice", 1],
    ["Sluices are defined as gates.", "sluice", 1],
    ["Sluices are defined using the @gate mark.", "sluice", 0.35],
    ["In Lindmouth, by the sluice, boats wait.", "sluice", 0],
    ["quay-sluice opens at dawn.", "sluice", 0],
    ["Slack Water Harbour (SWH) is a port of the tide.", "swh", 1],
    ["Slack Water Harbour (SWH) opens at dawn.", "SWH", 0.35],
  ])("weighs %j for %j: %j", (sentence, subject, share) => {
    expect(definingShare(sentence, subject)).toBe(share);
  });

  it.each([
    ["It is made between Quist Ltd., Lindmouth (the “Landlord”), and Fenwick & Sons.", "landlord"],
    ["Quist GmbH, Lindmouth (im Folgenden „Vermieterin“), vermietet die Mühle.", "Vermieterin"],
    ["Quist Ltd. (Landlord) lets the mill.", "landlord"],
  ])("knows from %j who the %s is", (sentence, subject) => {
    expect(definingShare(sentence, subject)).toBeGreaterThan(0);
  });

  it("takes no other remark in brackets for it", () => {
    expect(definingShare("The mill is let (the landlord pays for the roof).", "landlord")).toBe(0);
    expect(definingShare("The mill is let (see Landlord).", "landlord")).toBe(0);
  });
});

describe("isDefinition", () => {
  it.each([
    ["A sluice is a gate for water.", true],
    ["Sluices are the gates of a mill.", true],
    ["`sluice` (or lock) means any gate.", true],
    ["A sluice can\nbe a gate or a door.", true],
    ["The sluice is shut.", false],
    ["A sluice is shut at night.", false],
    ["A sluice keeper is a person.", false],
    ["Every sluice is a gate.", false],
  ])("says for %j: %j", (sentence, expected) => {
    expect(isDefinition(sentence, "sluice")).toBe(expected);
  });
});

describe("definingShare", () => {
  it("falls from a definition over a name that is given to a beginning", () => {
    const shares = [
      "A sluice is a gate.",
      "Such a gate is called a *sluice*.",
      "Sluices open at noon.",
      "The gate has a sluice.",
    ].map((sentence) => definingShare(sentence, "sluice"));
    expect(shares).toEqual([...shares].toSorted((left, right) => right - left));
    expect([shares[0], shares[3]]).toEqual([1, 0]);
    expect(new Set(shares).size).toBe(4);
  });
});
