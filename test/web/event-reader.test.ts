import { describe, expect, it } from "vitest";
import { readEvents, type ReceivedEvent } from "../../src/web/event-reader.ts";

async function eventsOf(bytes: Uint8Array, size: number): Promise<ReceivedEvent[]> {
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      for (let at = 0; at < bytes.length; at += size) controller.enqueue(bytes.slice(at, at + size));
      controller.close();
    },
  });
  const events: ReceivedEvent[] = [];
  for await (const event of readEvents(body)) events.push(event);
  return events;
}

describe("readEvents", () => {
  const text = 'event: delta\nid: 1\ndata: {"text":"Grüße 🙂"}\n\n: still working\n\ndata: one\ndata: two\n\n';
  const expected = [
    { event: "delta", data: '{"text":"Grüße 🙂"}' },
    { event: "message", data: "one\ntwo" },
  ];

  it.each([1, 2, 3, 7, 1_000])("reads the same events from pieces of %i bytes", async (size) => {
    expect(await eventsOf(new TextEncoder().encode(text), size)).toEqual(expected);
    expect(await eventsOf(new TextEncoder().encode(text.replaceAll("\n", "\r\n")), size)).toEqual(expected);
  });

  it("leaves an unfinished event out", async () => {
    expect(await eventsOf(new TextEncoder().encode("data: whole\n\ndata: cut"), 4)).toEqual([
      { event: "message", data: "whole" },
    ]);
  });
});
