import { Transform, type TransformCallback } from "node:stream";

/** Longest message of the protocol on standard input, in bytes. */
export const MAX_MESSAGE_BYTES = 10_000_000;
/** How much of each end of a longer one is kept, to look for its number there. */
const END_BYTES = 1_000;
const LINE_BREAK = 0x0a;

/** What is told of a message that was too long. */
export interface LongMessage {
  /** The number of the request; undefined where neither end of the message has one. */
  readonly id: string | number | undefined;
}

/**
 * Passes on lines and leaves out those that are too long, of which it only tells. The transport behind it would close the
 * connection on them.
 */
export function createMessageLimit(
  onLong: (message: LongMessage) => void,
  maxBytes: number = MAX_MESSAGE_BYTES,
): Transform {
  let parts: Buffer[] = [];
  let bytes = 0;
  return new Transform({
    transform(chunk: Buffer, _, done: TransformCallback) {
      for (let start = 0; start < chunk.length;) {
        const lineEnd = chunk.indexOf(LINE_BREAK, start);
        const end = lineEnd === -1 ? chunk.length : lineEnd + 1;
        bytes += end - start;
        parts.push(chunk.subarray(start, end));
        if (bytes > maxBytes) parts = endsOf(Buffer.concat(parts));
        start = end;
        if (lineEnd === -1) continue;
        const line = Buffer.concat(parts);
        if (bytes > maxBytes) onLong({ id: idIn(line.toString("utf8")) });
        else this.push(line);
        [parts, bytes] = [[], 0];
      }
      done();
    },
  });
}

function endsOf(line: Buffer): Buffer[] {
  if (line.length <= 2 * END_BYTES) return [line];
  return [line.subarray(0, END_BYTES), line.subarray(-END_BYTES)].map((end) => Buffer.from(end));
}

/** The message's own number, not that of something in it: it is the first or the last member, as clients write it. */
function idIn(line: string): string | number | undefined {
  const id = String.raw`"id"\s*:\s*(\d+|"[^"\\]*")\s*`;
  const first = new RegExp(String.raw`^\s*\{\s*(?:"jsonrpc"\s*:\s*"2\.0"\s*,\s*)?${id},`).exec(line);
  const found = (first ?? new RegExp(String.raw`${id}\}\s*$`).exec(line))?.[1];
  return found === undefined ? undefined : found.startsWith('"') ? found.slice(1, -1) : Number(found);
}
