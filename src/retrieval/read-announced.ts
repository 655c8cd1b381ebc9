import { fencedBlocks } from "../lexical/fences.ts";
import { createLetteredItems } from "../lexical/lettered-items.ts";
import { LEADS_IN, LIST_ITEM, TABLE_ROW } from "../lexical/line-forms.ts";
import { createTablePlaces } from "../lexical/table-lines.ts";
import { speakersOf, turnsOf } from "../lexical/turns.ts";
import type { VectorStore } from "../store/vector-store.ts";
import { countLineBreaks, type PlacedText } from "./trim-span.ts";

/** The longest block, in characters, that is read behind a passage. */
const LONGEST_BLOCK = 1_200;
const LINE = /^.*$/gm;
const ASKS = /\?["'”’»)\]*_`]*$/u;
const EMPTY = /^\s*$/;
/** Items of lists, rows of tables, and indented lines, which are code in reStructuredText and Markdown. */
const BLOCK_LINE: readonly RegExp[] = [LIST_ITEM, TABLE_ROW, /^(?: {2,}|\t)\s*\S/];

/** A text of a document. */
export interface DocumentText {
  readonly documentId: string;
  /** Whether it is source code, in which a colon announces nothing. */
  readonly isCode: boolean;
  readonly placed: PlacedText;
}

/**
 * Adds the code, list or table to texts that end in announcing it ("… write these lines:"), and the answer to a chat that ends
 * in a question, where it was cut off as the next chunk. What is longer than {@link LONGEST_BLOCK} stays away, since half of it would mislead.
 */
export async function readAnnounced(
  texts: readonly DocumentText[],
  {
    store,
    collection,
    signal,
  }: {
    readonly store: Pick<VectorStore, "readSpans">;
    readonly collection: string;
    readonly signal: AbortSignal | undefined;
  },
): Promise<readonly PlacedText[]> {
  const announcing = texts.filter(({ placed, isCode }) => !isCode && isUnfinished(placed.text.trimEnd()));
  if (announcing.length === 0) return texts.map(({ placed }) => placed);
  const requests = announcing.map(({ documentId, placed: { span } }) => ({
    documentId,
    span: { start: span.end, end: span.end + LONGEST_BLOCK },
  }));
  const behind = await store.readSpans(collection, requests, { signal });
  return texts.map((text) => {
    const rest = behind[announcing.indexOf(text)];
    const block = typeof rest === "string" ? rest.slice(0, announcedLength(text.placed.text, rest)) : "";
    return block === "" ? text.placed : extended(text.placed, block);
  });
}

function extended({ text, span, lines }: PlacedText, block: string): PlacedText {
  return {
    text: text + block,
    span: { start: span.start, end: span.end + block.length },
    lines: { start: lines.start, end: lines.end + countLineBreaks(block) },
  };
}

/** Whether a text ends in announcing what follows, or in a question that somebody asks somebody else. */
function isUnfinished(text: string): boolean {
  return LEADS_IN.test(text) || (ASKS.test(text) && speakersOf([text]).size > 0);
}

/** How much of what stands behind an unfinished text belongs to it. */
function announcedLength(text: string, behind: string): number {
  return LEADS_IN.test(text.trimEnd()) ? blockEnd(behind) : turnEnd(behind, speakersOf([text + behind]));
}

/** Where the first turn of a text ends, the answer to the question before it; 0 where it begins with none. */
function turnEnd(text: string, speakers: ReadonlySet<string>): number {
  const [first, next] = turnsOf(text, speakers);
  if (first === undefined || text.slice(0, first.start).trim() !== "") return 0;
  if (next !== undefined) return text.slice(0, next.start).trimEnd().length;
  return text.length < LONGEST_BLOCK ? text.trimEnd().length : 0;
}

/** Where the block ends with which a text begins; 0 where it begins with none, or where its end was not read. */
function blockEnd(text: string): number {
  const [fenced] = fencedBlocks(text);
  if (fenced !== undefined && EMPTY.test(text.slice(0, fenced.start))) return fenced.end;
  const tableAt = createTablePlaces(text);
  const letteredAt = createLetteredItems(text);
  let end = 0;
  let isAfterEmpty = true;
  for (const { 0: line, index } of text.matchAll(LINE)) {
    const isEmpty = EMPTY.test(line);
    const isLettered = letteredAt(index + line.search(/\S|$/)) > 0;
    const isListed = isLettered || tableAt(index) !== null || BLOCK_LINE.some((form) => form.test(line));
    const isPart = isListed || (end > 0 && !isAfterEmpty);
    if (!isEmpty && !isPart) return end;
    if (!isEmpty) end = index + line.length;
    isAfterEmpty = isEmpty;
  }
  return text.length < LONGEST_BLOCK ? end : 0;
}
