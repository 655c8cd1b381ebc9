/**
 * What a tool returned as text for a model: a text as it is, everything else as JSON. Streams and generators are read to
 * their end, or until an abort; their pieces of text are joined, other pieces make a list. An error that was returned is
 * thrown.
 */
export async function describeToolResult(value: unknown, signal: AbortSignal): Promise<string> {
  if (value instanceof Error) throw value;
  const read = await readPieces(value, signal);
  const text = typeof read === "string" ? read : textOfBytes(read);
  return text ?? asJson(read);
}

function asJson(value: unknown): string {
  try {
    return JSON.stringify(value, toPlain) ?? "null";
  } catch {
    throw new TypeError("The result of the tool holds itself and cannot be written as JSON.");
  }
}

/** The pieces of a stream or generator, joined where they are texts; every other value as it is. */
async function readPieces(value: unknown, signal: AbortSignal): Promise<unknown> {
  if (typeof value !== "object" || value === null) return value;
  if (isAsyncIterable(value)) {
    const pieces: unknown[] = [];
    for await (const piece of value) {
      // Whoever waits is gone: leaving the loop closes the stream.
      if (signal.aborted) break;
      pieces.push(piece);
    }
    return join(pieces);
  }
  // A generator of its own would be written as {}, with nothing of what it gives.
  if ("next" in value && isIterable(value)) return join([...value]);
  return value;
}

function join(pieces: readonly unknown[]): unknown {
  if (pieces.length > 0 && pieces.every((piece) => piece instanceof Uint8Array)) return Buffer.concat(pieces);
  return pieces.length > 0 && pieces.every((piece) => typeof piece === "string") ? pieces.join("") : pieces;
}

/** Bytes that are text; null for other bytes and everything else. */
function textOfBytes(value: unknown): string | null {
  if (!(value instanceof Uint8Array)) return null;
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(value);
  } catch {
    return null;
  }
}

/** Values that JSON knows nothing of: it would write an empty object, or fail. */
function toPlain(_key: string, value: unknown): unknown {
  if (typeof value === "bigint") return String(value);
  if (value instanceof Set) return [...value];
  if (value instanceof Error) return value.message;
  if (!(value instanceof Map)) return value;
  const entries: readonly (readonly [unknown, unknown])[] = [...value];
  return entries.every(([key]) => typeof key === "string") ? Object.fromEntries(entries) : entries;
}

function isAsyncIterable(value: object): value is AsyncIterable<unknown> {
  return Symbol.asyncIterator in value && typeof value[Symbol.asyncIterator] === "function";
}

function isIterable(value: object): value is Iterable<unknown> {
  return Symbol.iterator in value && typeof value[Symbol.iterator] === "function";
}
