import { describe, expect, it } from "vitest";
import { hasMoreValues } from "../../src/server/json-size.ts";
import { createHarness, jsonOf } from "./server-harness.ts";

const more = (json: string, most: number): boolean => hasMoreValues(new TextEncoder().encode(json), most);

describe("hasMoreValues", () => {
  it.each([
    ["[1,2,3]", 3],
    ["[[[]]]", 3],
    ['{"a":1,"b":[2]}', 3],
    ['["[[[,,,{{{"]', 1],
    [String.raw`["\\",","]`, 2],
    [String.raw`["\"[,","]`, 2],
    ['["unfinished [,', 1],
    ["", 0],
  ])("counts in %s %i", (json, values) => {
    expect(more(json, values)).toBe(false);
    if (values > 0) expect(more(json, values - 1)).toBe(true);
  });
});

describe("POST /v1/documents", () => {
  it("refuses a body of brackets before it is parsed, and takes a text of them", async () => {
    const brackets = "[".repeat(30_000);
    const send = { method: "POST", headers: { "content-type": "application/json" } };
    const body = `{"source":"a.md","text":"x","metadata":{"a":${brackets}${"]".repeat(30_000)}}}`;
    const refused = await createHarness().send("/v1/documents", { ...send, body });
    expect(refused.status).toBe(400);
    expect((await jsonOf(refused))["detail"]).toContain("20000 values");
    expect((await createHarness().post("/v1/documents", { source: "a.md", text: brackets })).status).toBe(202);
  });
});
