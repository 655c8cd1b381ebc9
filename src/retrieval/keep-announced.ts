import type { Span } from "../domain/document.ts";
import { LEADS_IN, LIST_ITEM, NUMBERED_ITEM, TABLE_ROW } from "../lexical/line-forms.ts";
import { createLetteredItems } from "../lexical/lettered-items.ts";
import { createTablePlaces, type TableLine } from "../lexical/table-lines.ts";

const HEADING = /^\s{0,3}#{1,6}\s/;
/** "2.5.1." in front of the next clause of a contract. */
const CLAUSE = /^\s*\d{1,3}(?:\.\d{1,3})+\.?(?:\s|$)/;
/** How far above a row the names of its columns are still shown, in characters. */
const FURTHEST_HEAD = 1_000;
const EMPTY_LINE = /(?:\r\n|\r|\n)[ \t]*(?:\r\n|\r|\n)/;

/** A range of sentences by their numbers; `last` is inclusive. */
export interface SentenceRange {
  readonly first: number;
  readonly last: number;
}

/**
 * Extends a range of sentences, within which `held` reaches from the first to the last one with a query term, by what
 * belongs to it: the list, table or paragraph below a heading or a sentence with a colon that ends `held`, the rows below
 * names of columns that end it, and the other items, with what announces them, where `held` ends or begins among those of a
 * list that numbers or letters count; and the names of the columns above a row. Names of columns do not end the range.
 * "Ingredients" is not answered by the first ingredient.
 */
export function keepAnnounced(
  text: string,
  sentences: readonly Span[],
  { first, last, held }: SentenceRange & { readonly held: SentenceRange },
): SentenceRange {
  const lineAt = (at: number): string => text.slice(sentences[at]?.start ?? 0, sentences[at]?.end ?? 0);
  const letteredAt = createLetteredItems(text);
  const isLettered = (at: number): boolean => letteredAt(sentences[at]?.start ?? 0) > 0;
  const tableAt = createTablePlaces(text, { isPart: true });
  const kindAt = (at: number): TableLine | null => tableAt(sentences[at]?.start ?? -1);
  const isHead = (at: number): boolean => kindAt(at) === "header" || kindAt(at) === "rule";
  const isListed = listedSentences(text, sentences, (at) => isLettered(at) || kindAt(at) !== null);
  /** Whether a sentence belongs to an item of a list that is counted; it may be a further one of that item. */
  const isStep = (at: number): boolean => {
    const isItem = (one: number): boolean => LIST_ITEM.test(lineAt(one)) || isLettered(one);
    let start = at;
    while (isListed[start] === true && !isItem(start) && isListed[start - 1] === true) start -= 1;
    return isListed[start] === true && (NUMBERED_ITEM.test(lineAt(start)) || isLettered(start));
  };
  const isHeading = HEADING.test(lineAt(held.last));
  const announces = isHeading || LEADS_IN.test(lineAt(held.last)) || isHead(held.last);
  const range = { first, last };
  // The names of columns say nothing without a row.
  while (range.last > held.last && isHead(range.last)) range.last -= 1;
  if ((announces && isListed[held.last + 1] === true) || isStep(held.last)) {
    while (isListed[range.last + 1] === true) range.last += 1;
  } else if (isHeading) {
    while (range.last + 1 < sentences.length && !isApart(text, sentences, range.last + 1)) range.last += 1;
  }
  if (isStep(held.first)) {
    while (isListed[range.first - 1] === true) range.first -= 1;
    if (range.first > 0 && LEADS_IN.test(lineAt(range.first - 1))) range.first -= 1;
  }
  return { ...range, first: headAbove(sentences, range.first, kindAt) };
}

/** The head of the table in which a sentence is a row, unless that is far above it; else the sentence itself. */
function headAbove(sentences: readonly Span[], at: number, kindAt: (one: number) => TableLine | null): number {
  if (kindAt(at) !== "row" && kindAt(at) !== "rule") return at;
  let head = at;
  while (head > 0 && kindAt(head) !== null && kindAt(head) !== "header") head -= 1;
  const isNear = (sentences[at]?.start ?? 0) - (sentences[head]?.start ?? 0) <= FURTHEST_HEAD;
  return kindAt(head) === "header" && isNear ? head : at;
}

/** Of each sentence, whether it stands in a list or table: as the beginning of an item or row, or as more of an item. */
function listedSentences(
  text: string,
  sentences: readonly Span[],
  isItem: (at: number) => boolean,
): readonly boolean[] {
  const listed: boolean[] = [];
  for (const [at, { start, end }] of sentences.entries()) {
    const line = text.slice(start, end);
    const isMore =
      listed[at - 1] === true && !isApart(text, sentences, at) && !HEADING.test(line) && !CLAUSE.test(line);
    listed.push(isMore || LIST_ITEM.test(line) || TABLE_ROW.test(line) || isItem(at));
  }
  return listed;
}

/** Whether an empty line stands before a sentence. */
function isApart(text: string, sentences: readonly Span[], at: number): boolean {
  return EMPTY_LINE.test(text.slice(sentences[at - 1]?.end ?? 0, sentences[at]?.start ?? 0));
}
