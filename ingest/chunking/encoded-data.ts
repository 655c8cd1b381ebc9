import type { Span } from "../../src/domain/document.ts";

/** Shortest payload of a `data:` address that counts, in characters. */
const SHORTEST_ADDRESSED = 300;
/** Shortest stretch that counts where only its letters tell that it is encoded. Keys and tokens are shorter. */
const SHORTEST_BARE = 1_000;
/** How encoders break lines: PEM, MIME, and what others use. */
const LINE_LENGTHS: ReadonlySet<number> = new Set([60, 64, 72, 76]);

/** A word that is as long as a line of encoded data. */
const LONG_WORD = /[A-Za-z0-9+/_=-]{60,}/g;
/** What stands between two lines of encoded data: a line break, or its escape in JSON. */
const LINE_BREAK = /^(?:\r?\n[ \t]*|(?:\\r)?\\n)$/;
const LONGEST_BREAK = 100;
/** The last line, which is shorter. */
const LAST_LINE = /^(?:\r?\n[ \t]*|(?:\\r)?\\n)[A-Za-z0-9+/_-]{1,75}={0,2}(?=[\s"'\\]|$)/;
/** What stands before the payload of a `data:` address. */
const ADDRESS = /data:[\w.+-]+\/[\w.+-]+(?:;[^\s"'(),;]{1,60}){0,4},$/;
/** How many characters before a payload are searched for the beginning of its address. */
const LONGEST_ADDRESS = 200;
/** Payloads that are escaped, not base64: mostly drawings. */
const ESCAPED_PAYLOAD = /(?<=data:[\w.+-]{1,40}\/[\w.+-]{1,60}(?:;[^\s"'(),;]{1,60}){0,4},)[^\s"'()<>]{300,}/g;

/**
 * The stretches of a text that hold encoded bytes and no words: payloads of `data:` addresses, and long runs of base64 or
 * hex, in one piece or (base64 only) in lines of equal length. In their order, none touching another. Hashes, keys,
 * tokens, sequences of letters such as DNA, and long names are no encoded data.
 */
export function findEncodedData(text: string): readonly Span[] {
  const found = [...longRuns(text), ...escapedPayloads(text)].toSorted((left, right) => left.start - right.start);
  const joined: Span[] = [];
  for (const span of found) {
    const last = joined.at(-1);
    if (last !== undefined && span.start <= last.end)
      joined.splice(-1, 1, { ...last, end: Math.max(last.end, span.end) });
    else joined.push(span);
  }
  return joined;
}

function escapedPayloads(text: string): readonly Span[] {
  if (!text.includes("data:")) return [];
  return Array.from(text.matchAll(ESCAPED_PAYLOAD), ({ 0: payload, index }) => ({
    start: index,
    end: index + payload.length,
  }));
}

function* longRuns(text: string): Generator<Span> {
  let lines: Span[] = [];
  for (const { 0: word, index } of text.matchAll(LONG_WORD)) {
    // Of an escaped line break the last letter looks like the first one of the line.
    const isEscape = word.startsWith("n") && text[index - 1] === "\\";
    const span = { start: isEscape ? index + 1 : index, end: index + word.length };
    if (continues(text, lines, span)) lines.push(span);
    else {
      yield* dataOf(text, lines);
      lines = [span];
    }
  }
  yield* dataOf(text, lines);
}

/** Whether a word is the next line of the data that these lines hold. */
function continues(text: string, lines: readonly Span[], { start, end }: Span): boolean {
  const last = lines.at(-1);
  if (last === undefined || !LINE_LENGTHS.has(end - start) || start - last.end > LONGEST_BREAK) return false;
  // The first line may be shorter, by what stands in front of it.
  const isAlike = lines.length === 1 || last.end - last.start === end - start;
  return isAlike && LINE_BREAK.test(text.slice(last.end, start));
}

/** What of these lines is data: all of them, one of them, or nothing. */
function* dataOf(text: string, lines: readonly Span[]): Generator<Span> {
  const [first] = lines;
  const last = lines.at(-1);
  if (first === undefined || last === undefined) return;
  const isAddressed = ADDRESS.test(text.slice(Math.max(0, first.start - LONGEST_ADDRESS), first.start));
  const end = lines.length === 1 ? last.end : last.end + lastLineLength(text, last.end);
  const span = { start: first.start, end };
  const length = end - first.start;
  if (isAddressed && length >= SHORTEST_ADDRESSED) yield span;
  else if (length >= SHORTEST_BARE && looksEncoded(text.slice(first.start, end), lines.length > 1)) yield span;
}

function lastLineLength(text: string, from: number): number {
  return LAST_LINE.exec(text.slice(from, from + 180))?.[0].length ?? 0;
}

/** Whether the letters of a run are mixed as in encoded bytes. */
function looksEncoded(run: string, hasLines: boolean): boolean {
  const counts = new Map<string, number>();
  let lowerPairs = 0;
  let wasLower = false;
  for (const letter of run) {
    counts.set(letter, (counts.get(letter) ?? 0) + 1);
    const isLower = letter >= "a" && letter <= "z";
    if (isLower && wasLower) lowerPairs += 1;
    wasLower = isLower;
  }
  const count = (wanted: RegExp): number =>
    [...counts].reduce((sum, [letter, times]) => (wanted.test(letter) ? sum + times : sum), 0);
  const digits = count(/[0-9]/);
  const share = (part: number): number => part / run.length;
  // One hash a line is no data, whatever its length.
  if (count(/[0-9a-fA-F]/) === run.length)
    return !hasLines && counts.size >= 12 && share(digits) > 0.2 && share(digits) < 0.95;
  const [upper, lower] = [count(/[A-Z]/), count(/[a-z]/)];
  // In words, small letters follow small letters.
  return (
    counts.size >= 30 && share(digits) > 0.02 && share(upper) > 0.1 && share(lower) > 0.05 && share(lowerPairs) < 0.4
  );
}
