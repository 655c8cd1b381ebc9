import { describe, expect, it } from "vitest";
import { passOn } from "../../src/domain/pass-on.ts";
import { runToEnd } from "../../src/domain/run-to-end.ts";

function count(to: number): { readonly events: AsyncGenerator<number, string>; readonly isClosed: () => boolean } {
  let closed = false;
  async function* events(): AsyncGenerator<number, string> {
    try {
      for (let number = 1; number <= to; number += 1) yield number;
      return "counted";
    } finally {
      closed = true;
    }
  }
  return { events: events(), isClosed: () => closed };
}

describe("passOn", () => {
  it("passes on what is made of each event, and the result", async () => {
    const seen: string[] = [];
    const passed = passOn(count(3).events, (event) => (event === 2 ? [] : [`${event}a`, `${event}b`]));
    expect(await runToEnd(passed, (event) => seen.push(event))).toBe("counted");
    expect(seen).toEqual(["1a", "1b", "3a", "3b"]);
  });

  it("closes the events when the reader leaves", async () => {
    const { events, isClosed } = count(3);
    for await (const event of passOn(events, (one) => [one])) if (event === 2) break;
    expect(isClosed()).toBe(true);
  });

  it("closes the events when what is made of them fails", async () => {
    const { events, isClosed } = count(3);
    const passed = passOn(events, () => {
      throw new TypeError("no such event");
    });
    await expect(runToEnd(passed)).rejects.toThrow("no such event");
    expect(isClosed()).toBe(true);
  });
});

describe("runToEnd", () => {
  it("closes the events when whoever is told of them fails", async () => {
    const { events, isClosed } = count(3);
    const run = runToEnd(events, (event) => {
      if (event === 2) throw new TypeError("two is too many");
    });
    await expect(run).rejects.toThrow("two is too many");
    expect(isClosed()).toBe(true);
  });
});
