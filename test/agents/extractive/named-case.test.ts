import { describe, expect, it } from "vitest";
import { caseShare } from "../../../src/agents/extractive/named-case.ts";

describe("caseShare", () => {
  const share = caseShare("What happens when a gate is shut by the keeper?") ?? (() => -1);

  it("tells how much of the case a sentence names as one", () => {
    const whole = share("When the keeper shuts a gate, water rises.");
    const part = share("Once a gate is shut, water rises.");
    const other = share("After rain, the keeper shuts a gate.");
    expect(whole).toBe(1);
    expect(part).toBeLessThan(whole);
    expect(other).toBeLessThan(part);
    expect(share("Gates stay open until the keeper shuts a gate.")).toBe(0);
  });

  it("reads a case behind several words, and none from another question", () => {
    expect(caseShare("What exactly happens to a gate after a flood?")?.("After a flood, the gate is oiled.")).toBe(0.7);
    expect(caseShare("When is the gate shut?")).toBeNull();
  });
});
