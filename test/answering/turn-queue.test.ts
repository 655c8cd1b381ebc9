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

  it("refuses those beyond what may wait in one conversation, and takes them when one has gone", async () => {
    const queue = createTurnQueue({ maxWaiting: 2 });
    const endFirst = await queue.begin("a");
    const gone = new AbortController();
    const second = queue.begin("a", gone.signal);
    const third = queue.begin("a");
    await expect(queue.begin("a")).rejects.toMatchObject({
      code: "rate_limited",
      retryAfterSeconds: 5,
      message: expect.stringMatching(/^2 questions wait in this conversation already; send this one when/),
    });
    (await queue.begin("b"))();
    gone.abort(new Error("gone"));
    await expect(second).rejects.toThrow("gone");
    const fourth = queue.begin("a");
    endFirst();
    (await third)();
    (await fourth)();
    (await queue.begin("a"))();
  });

  it("refuses those beyond what may wait in all conversations, but no first question of one", async () => {
    const queue = createTurnQueue({ maxWaiting: 2, maxWaitingInAll: 2 });
    const ends = [await queue.begin("a"), await queue.begin("b")];
    const waiting = [queue.begin("a"), queue.begin("b")];
    await expect(queue.begin("b")).rejects.toMatchObject({
      code: "rate_limited",
      message: expect.stringMatching(/^2 questions wait for earlier ones of their conversations already; send/),
    });
    (await queue.begin("c"))();
    for (const end of ends) end();
    for (const end of await Promise.all(waiting)) end();
    (await queue.begin("b"))();
  });
});
