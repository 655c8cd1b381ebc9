import { invalidField } from "./input-problems.ts";

/** Parts of a form at most: reading one costs the process a tenth of a millisecond in which it does nothing else. */
const MOST_PARTS = 10_000;

/** Passes on the bytes of a form; fails with `usage_invalid` once it has more parts than are read. */
export function limitParts(contentType: string): TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>> {
  const [, quoted, plain] = /boundary=(?:"([^"]+)"|([^;\s]+))/i.exec(contentType) ?? [];
  const boundary = quoted ?? plain;
  // Without one there is no form to read.
  if (boundary === undefined) return new TransformStream();
  const delimiter = Buffer.from(`--${boundary}`);
  // The last delimiter begins no part.
  let left = MOST_PARTS + 1;
  let tail = Buffer.alloc(0);
  return new TransformStream({
    transform(chunk, controller) {
      // A delimiter may lie on the border between two pieces of a body.
      const bytes = Buffer.concat([tail, chunk]);
      left -= occurrencesOf(delimiter, bytes);
      if (left < 0) {
        throw invalidField("files", `The form has more than ${MOST_PARTS} parts; send its files in several requests.`);
      }
      tail = bytes.subarray(Math.max(0, bytes.length - delimiter.length + 1));
      controller.enqueue(chunk);
    },
  });
}

function occurrencesOf(part: Uint8Array, whole: Buffer): number {
  let count = 0;
  for (let at = whole.indexOf(part); at !== -1; at = whole.indexOf(part, at + part.length)) count += 1;
  return count;
}
