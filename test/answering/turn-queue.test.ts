import { describe, expect, it } from "vitest";
import { createTurnQueue } from "../../src/answering/turn-queue.ts";

describe("createTurnQueue", () => {
  it("lets the questions of one conversation come one after the other, and others at once", async () => {
    const queue = createTurnQueue();
    const order: string[] = [];
    const endFirst = await queue.begin("a");
    const second = queue.begin("a").then(() => order.push("second"));
    (await queue.begin("b"))();
    (await queue.begin(undefined))();
    order.push("others");
    endFirst();
    await second;
    expect(order).toEqual(["others", "second"]);
  });

  it("lets one go that no longer waits, and keeps those behind it waiting", async () => {
    const queue = createTurnQueue();
    const order: string[] = [];
    const endFirst = await queue.begin("a");
    const gone = new AbortController();
    const second = queue.begin("a", gone.signal);
    const third = queue.begin("a", new AbortController().signal).then(() => order.push("third"));
    gone.abort(new Error("The client closed the connection."));
    await expect(second).rejects.toThrow("closed the connection");
    await expect(queue.begin("a", gone.signal)).rejects.toThrow("closed the connection");
    order.push("first ends");
    endFirst();
    await third;
    expect(order).toEqual(["first ends", "third"]);
  });
});
