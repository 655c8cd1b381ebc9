import type { Citation, DroppedCitation, Passage } from "../domain/answer.ts";
import { checkNeeded, checkOptions, type OptionKind } from "../domain/check-options.ts";
import { codeBehind } from "../domain/cited-markers.ts";
import type { Span } from "../domain/document.ts";
import { pageAt, pageStartsOf } from "../domain/page-at.ts";
import { findQuote } from "./find-quote.ts";
import { quotedSpan, supportingSpan } from "./supporting-span.ts";
import { cutPlaced } from "./trim-span.ts";

/** `[3]` or `[1, 4]`; the text of a link, `[3](…)`, is no marker. */
const MARKER = /\[(\d{1,4}(?:\s*[,;]\s*\d{1,4})*)\](?!\()/g;
/** Markers in a row that do not follow a letter, digit or bracket: `list[3][4]` is code. */
const MARKER_RUN = /(?<![\p{L}\p{N}_\])])(?:\[\d{1,4}(?:\s*[,;]\s*\d{1,4})*\](?!\())+/gu;
const BLOCK = /```[\s\S]*?(?:```|$)|~~~[\s\S]*?(?:~~~|$)/g;
/** Code in a Markdown text: what looks like a marker in it is none. */
export const CODE: RegExp = new RegExp(`${BLOCK.source}|${/`[^`\n]+`/.source}`, "g");
/** Reads the stored text of spans; null for a document that no longer exists. */
export type ReadSpans = (
  spans: readonly { readonly documentId: string; readonly span: Span }[],
) => Promise<readonly (string | null)[]>;

/** An answer whose citations were checked. */
export interface CheckedAnswer {
  /** The answer without the markers that failed. */
  readonly text: string;
  /** One for each different quoted span, in the order of the answer. */
  readonly citations: readonly Citation[];
  readonly dropped: readonly DroppedCitation[];
}

/** Options of {@link checkCitations}. */
export interface CheckCitationsOptions {
  /** What the answer answers: among the sentences of a passage that could be quoted, it decides. */
  readonly question: string;
  /** Every passage that was numbered in the conversation, such as `result.retrieval.passages`. */
  readonly passages: readonly Passage[];
  /**
   * Reads stored texts again, such as `(spans) => store.readSpans("notes", spans)`. Default: quotes are compared with the
   * passages as they were found.
   */
  readonly readSpans?: ReadSpans | undefined;
  /**
   * The claims that were checked in an earlier state of a text that grows, with the same passages; new ones are added.
   * If all claims were checked again with each new marker, a text would take quadratic time.
   * @default nothing
   */
  readonly known?: KnownClaims | undefined;
}

const KNOWN: Readonly<Record<keyof CheckCitationsOptions, OptionKind>> = {
  question: "text",
  passages: "list",
  readSpans: "function",
  known: "object",
};

/** Claims that were checked, by their number and the words they stand behind. */
export type KnownClaims = Map<string, readonly Claim[]>;

interface Mark {
  readonly index: number;
  readonly length: number;
  readonly numbers: readonly number[];
}

/** A number in a marker, with its citation or the reason why it has none. */
export interface Claim {
  readonly number: number;
  readonly outcome: Citation | string;
}

/**
 * Binds each marker of an answer to a quoted span of its passage, and checks that span against the stored text. A
 * marker is taken out of the text and reported if there is no passage with its number, or if the passage does not hold
 * the quoted words.
 */
export async function checkCitations(answer: string, options: CheckCitationsOptions): Promise<CheckedAnswer> {
  checkNeeded("The answer of checkCitations", answer, "text");
  checkOptions(options, { owner: "checkCitations", known: KNOWN });
  checkNeeded("checkCitations.question", options.question, "text");
  checkNeeded("checkCitations.passages", options.passages, "list");
  const { known = new Map<string, readonly Claim[]>(), readSpans = readFrom(options.passages) } = options;
  const marks = findMarks(answer);
  const keys: string[][] = [];
  const fresh = new Map<string, readonly Claim[]>();
  const wordsOf = wordsBefore(answer, marks);
  for (const [index, mark] of marks.entries()) {
    const claim = { words: wordsOf[index] ?? "", code: codeBehind(answer, mark.index + mark.length) };
    keys[index] = mark.numbers.map((number) => {
      const key = JSON.stringify([number, claim]);
      if (!known.has(key) && !fresh.has(key)) {
        fresh.set(
          key,
          bind(claim, number, options).map((outcome) => ({ number, outcome })),
        );
      }
      return key;
    });
  }
  const found = await verify([...fresh.values()], readSpans);
  for (const [index, key] of [...fresh.keys()].entries()) known.set(key, found[index] ?? []);
  const checked = keys.map((own) => own.flatMap((key) => known.get(key) ?? []));
  return {
    text: rewrite(answer, marks, checked),
    citations: distinct(checked.flat().flatMap(({ outcome }) => (typeof outcome === "string" ? [] : [outcome]))),
    dropped: checked
      .flat()
      .flatMap(({ number, outcome }) => (typeof outcome === "string" ? [{ marker: number, reason: outcome }] : [])),
  };
}

/** Reads spans from the passages that hold them. */
function readFrom(passages: readonly Passage[]): ReadSpans {
  return async (spans) =>
    spans.map(({ documentId, span }) => {
      const held = passages.find(
        ({ hit }) => hit.documentId === documentId && hit.span.start <= span.start && hit.span.end >= span.end,
      );
      return held?.hit.text.slice(span.start - held.hit.span.start, span.end - held.hit.span.start) ?? null;
    });
}

function findMarks(answer: string): Mark[] {
  const code = [...answer.matchAll(CODE)].map((match) => ({ start: match.index, end: match.index + match[0].length }));
  return [...answer.matchAll(MARKER_RUN)]
    .filter(({ index }) => !code.some(({ start, end }) => index >= start && index < end))
    .flatMap((run) =>
      [...run[0].matchAll(MARKER)].map((match) => ({
        index: run.index + match.index,
        length: match[0].length,
        numbers: (match[1] ?? "").split(/[,;]/).map((number) => Number(number.trim())),
      })),
    );
}

/** The words in front of each marker, back to the marker before it. Markers in a row, `[1] [2]`, share one statement. */
function wordsBefore(answer: string, marks: readonly Mark[]): readonly string[] {
  const all: string[] = [];
  let start = 0;
  let end = 0;
  for (const { index, length } of marks) {
    const between = answer.slice(end, index);
    if (/\p{L}/u.test(between)) start = end;
    end = index + length;
    // Found anew for each marker of a long row, the words would take quadratic time.
    const shared = /[\p{L}\p{N}]/u.test(between) ? undefined : all.at(-1);
    all.push(shared ?? statementOf(answer.slice(start, index)));
  }
  return all;
}

function statementOf(text: string): string {
  const words = text.replaceAll(MARKER, "").trimEnd();
  // A block of code between two statements belongs to the first one.
  const prose = words.replaceAll(BLOCK, "\n\n").trim();
  return /\p{L}/u.test(prose) ? prose : words;
}

/**
 * The span of the passage that supports a statement, and the block of code behind the statement if that stands
 * elsewhere in the passage.
 */
function bind(
  { words, code }: { readonly words: string; readonly code: string | null },
  number: number,
  { passages, question }: CheckCitationsOptions,
): readonly (Citation | string)[] {
  const passage = passages.find(({ marker }) => marker === number);
  if (passage === undefined) return [`The answer names passage ${String(number)}, which was not in its context.`];
  const { text } = passage.hit;
  const block = code === null ? null : findQuote(code, text);
  const quoted = quotedSpan(words, text);
  const span = quoted === undefined ? supportingSpan({ words, block }, text, question) : quoted;
  if (span === null) return [`The words that the answer quotes are not in passage ${String(number)}.`];
  const isHeld = block === null || (block.start >= span.start && block.end <= span.end);
  return [span, ...(isHeld ? [] : [block])].map((one) => cite(passage, one));
}

function cite({ marker, hit }: Passage, span: Span): Citation {
  const placed = cutPlaced(hit, span);
  return {
    marker,
    source: hit.source,
    root: hit.root,
    documentId: hit.documentId,
    title: hit.title,
    ...(hit.heading === undefined ? {} : { heading: hit.heading }),
    lines: placed.lines,
    span: placed.span,
    page: pageAt(pageStartsOf(hit), placed.span.start),
    quote: placed.text,
    score: hit.score,
    verified: false,
    ...(hit.metadata === undefined ? {} : { metadata: hit.metadata }),
  };
}

async function verify(claims: readonly (readonly Claim[])[], readSpans: ReadSpans): Promise<readonly Claim[][]> {
  const bound = claims.flat().flatMap(({ outcome }) => (typeof outcome === "string" ? [] : [outcome]));
  const stored = bound.length === 0 ? [] : await readSpans(bound);
  const texts = new Map(bound.map((citation, index) => [citation, stored[index]]));
  return claims.map((group) =>
    group.map(({ number, outcome }): Claim => {
      if (typeof outcome === "string") return { number, outcome };
      if (texts.get(outcome) === outcome.quote) return { number, outcome: { ...outcome, verified: true } };
      return { number, outcome: `The stored text of ${outcome.source} no longer holds the quoted words.` };
    }),
  );
}

/** Takes out the numbers whose claims failed; everything else in the text stays as it is. */
function rewrite(answer: string, marks: readonly Mark[], claims: readonly (readonly Claim[])[]): string {
  let text = "";
  let end = 0;
  for (const [position, mark] of marks.entries()) {
    const group = claims[position] ?? [];
    const sound = group.filter(({ outcome }) => typeof outcome !== "string");
    // A number may stand for a statement and for the code behind it.
    const kept = [...new Set(sound.map(({ number }) => number))];
    const before = answer.slice(end, mark.index);
    end = mark.index + mark.length;
    if (kept.length > 0) text += before + kept.map((number) => `[${String(number)}]`).join("");
    else text += before.trimEnd();
  }
  return text + answer.slice(end);
}

function distinct(citations: readonly Citation[]): Citation[] {
  const seen = new Map(
    citations.map((citation) => [
      `${String(citation.marker)}:${String(citation.span.start)}:${String(citation.span.end)}`,
      citation,
    ]),
  );
  return [...seen.values()];
}
