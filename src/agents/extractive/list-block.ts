import { LEADS_IN } from "../../lexical/line-forms.ts";
import { beforeOnLine, beside, indentOf, type PassageSentence } from "./passage-sentence.ts";
import { oneLine } from "./passage-sentences.ts";
import { readTableRow } from "./table-row.ts";

/** How many items are quoted behind the sentence that announces them. */
export const MOST_ITEMS = 8;
const LETTER = /^\s*\(?\p{Ll}+[.)]\s+$/u;
/** An item of more words than a name has, with a full stop. */
const WHOLE_SENTENCE = /^\p{Lu}(?:\S+\s+){7,}\S+[.!?]$/u;

/** An item of a list, or a row of a table. */
export interface ListItem {
  readonly sentences: readonly PassageSentence[];
  /** On one line; a row with the names of its columns. */
  readonly text: string;
}

/**
 * The items from a first one to the end of its list or table; an item may have several sentences. A list within an item
 * ends where the next item of the outer one begins.
 */
export function listItems(first: PassageSentence): readonly ListItem[] {
  const items: PassageSentence[][] = [];
  const depth = indentOf(first);
  for (const sentence of first.siblings.slice(first.position)) {
    const before = items.at(-1)?.at(-1);
    if (sentence.kind === "list" && indentOf(sentence) < depth) break;
    if (sentence.kind === first.kind) items.push([sentence]);
    else if (sentence.kind === "prose" && before !== undefined && isSameLine(before, sentence))
      items.at(-1)?.push(sentence);
    else break;
  }
  return items.map(toListItem);
}

/**
 * What announces an unfinished item of a list that letters count, as laws and by-laws have them: "c. the key of the gate." is
 * said of something. Undefined where none is right above the list, or where the list is too long to be quoted.
 */
export function announcementOf(item: PassageSentence): PassageSentence | undefined {
  if (item.kind !== "list" || !LETTER.test(beforeOnLine(item)) || WHOLE_SENTENCE.test(item.text)) return undefined;
  let first = item;
  for (let before = beside(first, -1); before?.kind === "list"; before = beside(first, -1)) first = before;
  const lead = beside(first, -1);
  if (lead?.kind !== "prose" || !LEADS_IN.test(lead.text)) return undefined;
  const shown = listItems(first).slice(0, MOST_ITEMS);
  return shown.some(({ sentences }) => sentences.includes(item)) ? lead : undefined;
}

/** The sentences of one item. */
export function toListItem(sentences: readonly PassageSentence[]): ListItem {
  return { sentences, text: textOf(sentences) };
}

function textOf(own: readonly PassageSentence[]): string {
  const text = own.map((sentence) => oneLine(sentence.text)).join(" ");
  const [first] = own;
  return first?.kind === "table" ? readTableRow(text, first.columns) : `${tickOf(first)}${text}`;
}

/** The box of a checklist's item, as it is written in front of it; empty for anything else. */
export function tickOf(item: PassageSentence | undefined): string {
  if (item?.isDone === undefined) return "";
  return item.isDone ? "[x] " : "[ ] ";
}

function isSameLine(before: PassageSentence, after: PassageSentence): boolean {
  return !/[\r\n]/.test(after.passage.hit.text.slice(before.span.end, after.span.start));
}
