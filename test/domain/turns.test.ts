import { expect, it } from "vitest";
import { createTurns } from "../../src/domain/turns.ts";

it("gives turns of one name in the order in which they were asked for", async () => {
  const turns = createTurns();
  const order: string[] = [];
  const work = async (name: string, what: string): Promise<void> => {
    const end = await turns.take(name);
    order.push(`${what} begins`);
    await Promise.resolve();
    order.push(`${what} ends`);
    end();
  };
  await Promise.all([work("a", "first"), work("a", "second"), work("a", "third")]);
  expect(order).toEqual(["first", "second", "third"].flatMap((what) => [`${what} begins`, `${what} ends`]));
  expect(turns.isTaken("a")).toBe(false);
});

it("lets another name pass", async () => {
  const turns = createTurns();
  await turns.take("a");
  (await turns.take("b"))();
  expect([turns.isTaken("a"), turns.isTaken("b")]).toEqual([true, false]);
});

it("passes over those that do not wait any more, and nobody before them", async () => {
  const turns = createTurns();
  const end = await turns.take("a");
  const reason = new Error("enough");
  const leaving = new AbortController();
  const left = turns.take("a", leaving.signal);
  let isBehind = false;
  const wait = async (): Promise<void> => {
    const endBehind = await turns.take("a");
    isBehind = true;
    endBehind();
  };
  const behind = wait();
  leaving.abort(reason);
  await expect(left).rejects.toBe(reason);
  expect(isBehind).toBe(false);
  end();
  await behind;
  expect(turns.isTaken("a")).toBe(false);
});
