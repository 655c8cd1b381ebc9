import { describe, expect, it } from "vitest";
import { createAnswerGate } from "../../src/server/answer-gate.ts";

describe("the gate of answers", () => {
  it("lets so many in at a time, the others in their order", async () => {
    const gate = createAnswerGate({ maxConcurrent: 1, maxWaiting: 2 });
    const order: string[] = [];
    const leave = await gate.enter();
    const waiting = ["first", "second"].map(async (name) => {
      const leaveToo = await gate.enter();
      order.push(name);
      leaveToo();
    });
    await expect(gate.enter()).rejects.toMatchObject({ code: "rate_limited", retryAfterSeconds: 5 });
    expect(order).toEqual([]);
    leave();
    await Promise.all(waiting);
    expect(order).toEqual(["first", "second"]);
  });

  it("gives the place of a waiter that aborts free, and no turn to it", async () => {
    const gate = createAnswerGate({ maxConcurrent: 1, maxWaiting: 1 });
    const leave = await gate.enter();
    const gone = new AbortController();
    const reason = new Error("gone");
    const waiter = gate.enter(gone.signal);
    gone.abort(reason);
    await expect(waiter).rejects.toBe(reason);
    const next = gate.enter();
    leave();
    (await next)();
    // Had the aborted one got a turn, nobody would leave for this one.
    (await gate.enter())();
  });

  it("counts whoever leaves twice once", async () => {
    const gate = createAnswerGate({ maxConcurrent: 1, maxWaiting: 0 });
    const leave = await gate.enter();
    leave();
    leave();
    await gate.enter();
    await expect(gate.enter()).rejects.toMatchObject({ code: "rate_limited" });
  });
});
