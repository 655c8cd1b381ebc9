import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { createEventStream, type ServerSentEvent, withFirstEvent } from "../../src/server/event-stream.ts";

/** Events without an end; `ended` resolves when what they hold is let go. */
function endless(): { readonly events: AsyncGenerator<ServerSentEvent>; readonly ended: Promise<void> } {
  const ended = Promise.withResolvers<void>();
  const events = (async function* () {
    try {
      for (let at = 0; ; at += 1) yield { data: String(at) };
    } finally {
      ended.resolve();
    }
  })();
  return { events, ended: ended.promise };
}

describe("a stream of events whose client leaves", () => {
  it("lets go what it holds, also between two events that nobody waits for", async () => {
    const { events, ended } = endless();
    const calls: string[] = [];
    const stream = createEventStream(events, {
      onError: () => null,
      onCancel: () => calls.push("cancel"),
    });
    const reader = stream.getReader();
    await reader.read();
    await reader.cancel();
    await ended;
    expect(calls).toEqual(["cancel"]);
  });

  it("takes the end of its work for no failure", async () => {
    const left = new AbortController();
    const working = Promise.withResolvers<void>();
    const errors: unknown[] = [];
    const events = (async function* (): AsyncGenerator<ServerSentEvent> {
      yield { data: "first" };
      working.resolve();
      await sleep(60_000, null, { signal: left.signal });
    })();
    const stream = createEventStream(events, {
      onError: (error) => {
        errors.push(error);
        return null;
      },
      onCancel: () => left.abort(),
    });
    const reader = stream.getReader();
    await reader.read();
    await working.promise;
    await reader.cancel();
    expect((await events.next()).done).toBe(true);
    expect(errors).toEqual([]);
  });
});

describe("withFirstEvent", () => {
  it("closes the events of a reader who leaves", async () => {
    const { events, ended } = endless();
    const again = await withFirstEvent(events);
    expect(await again.next()).toMatchObject({ value: { data: "0" } });
    await again.return(undefined);
    await ended;
  });

  it("fails as the events do before the first one, so that it can be an HTTP status", async () => {
    const failing = (async function* (): AsyncGenerator<ServerSentEvent> {
      yield* [];
      throw new RangeError("too much");
    })();
    await expect(withFirstEvent(failing)).rejects.toThrow("too much");
  });
});
