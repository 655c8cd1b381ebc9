import { describe, expect, it } from "vitest";
import { slipCost } from "../../../src/retrieval/question/slip-cost.ts";

describe("slipCost", () => {
  it("takes swapped, left out and doubled letters for nearer than replaced ones", () => {
    expect(slipCost("limmit", "limit")).toBe(0.9);
    expect(slipCost("runing", "running")).toBe(0.9);
    expect(slipCost("chnage", "change")).toBe(1);
    expect(slipCost("hcange", "change")).toBe(1);
    expect(slipCost("chang", "change")).toBe(1);
    expect(slipCost("chanhe", "change")).toBe(1.1);
    expect(slipCost("persue", "pursue")).toBe(1.1);
  });

  it.each([
    ["bread", "read", "another first letter"],
    ["router", "route", "a further letter in a short word"],
    ["incest", "ingest", "a key far away"],
    ["ingest", "ingest", "no slip at all"],
    ["uplaosd", "uploads", "two slips in a short word"],
    ["internationalism", "international", "three letters more"],
  ])("finds no slip between %s and %s: %s", (written, meant) => {
    expect(slipCost(written, meant)).toBeNull();
  });

  it("forgives long words any letter, and very long ones two", () => {
    expect(slipCost("conclution", "conclusion")).toBe(1.5);
    expect(slipCost("noteworthly", "noteworthy")).toBe(1.5);
    expect(slipCost("neccesary", "necessary")).toBeNull();
    expect(slipCost("recomendatoin", "recommendation")).toBe(3);
  });
});
