/** One server-sent event. */
export interface ReceivedEvent {
  readonly event: string;
  readonly data: string;
}

/** Reads server-sent events from the body of a reply, however its bytes are cut. Comments are passed over. */
export async function* readEvents(body: ReadableStream<Uint8Array>): AsyncGenerator<ReceivedEvent, void> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let rest = "";
  try {
    for (;;) {
      const { done, value } = await reader.read();
      rest += done ? decoder.decode() : decoder.decode(value, { stream: true });
      // A lone CR at the end may be the first half of CRLF.
      const usable = !done && rest.endsWith("\r") ? rest.slice(0, -1) : rest;
      const blocks = usable.replace(/\r\n?/g, "\n").split("\n\n");
      rest = (blocks.pop() ?? "") + rest.slice(usable.length);
      for (const block of blocks) yield* parseBlock(block);
      if (done) return;
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

function parseBlock(block: string): ReceivedEvent[] {
  const lines = block.split("\n").filter((line) => line !== "" && !line.startsWith(":"));
  const values = (name: string): string[] =>
    lines.filter((line) => line.startsWith(`${name}:`)).map((line) => line.slice(name.length + 1).replace(/^ /, ""));
  const data = values("data");
  return data.length === 0 ? [] : [{ event: values("event").at(-1) ?? "message", data: data.join("\n") }];
}
