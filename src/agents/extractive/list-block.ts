import type { PassageSentence } from "./passage-sentence.ts";
import { oneLine } from "./passage-sentences.ts";
import { readTableRow } from "./table-row.ts";

/** An item of a list, or a row of a table. */
export interface ListItem {
  readonly sentences: readonly PassageSentence[];
  /** On one line; a row with the names of its columns. */
  readonly text: string;
}

/** The items from a first one to the end of its list or table; an item may have several sentences. */
export function listItems(first: PassageSentence, sentences: readonly PassageSentence[]): readonly ListItem[] {
  const items: PassageSentence[][] = [];
  for (const sentence of sentences.slice(sentences.indexOf(first))) {
    if (sentence.passage !== first.passage) break;
    const before = items.at(-1)?.at(-1);
    if (sentence.kind === first.kind) items.push([sentence]);
    else if (sentence.kind === "prose" && before !== undefined && isSameLine(before, sentence))
      items.at(-1)?.push(sentence);
    else break;
  }
  return items.map((own) => ({ sentences: own, text: textOf(own) }));
}

function textOf(own: readonly PassageSentence[]): string {
  const text = own.map((sentence) => oneLine(sentence.text)).join(" ");
  const [first] = own;
  return first?.kind === "table" ? readTableRow(text, first.columns) : text;
}

function isSameLine(before: PassageSentence, after: PassageSentence): boolean {
  return !/[\r\n]/.test(after.passage.hit.text.slice(before.span.end, after.span.start));
}
