import { analyse } from "../../lexical/analyse.ts";
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

/** Questions for all there is of something, with what they call it. */
const ASKS_FOR_ALL: readonly RegExp[] = [
  /^\s*(?:please\s+)?(?:list|name|show)(?: me)?(?: (?:all|every|each|of|the|possible|available|supported))+ (?<what>[^?.!]+)/i,
  /\b(?:which|what)(?: kinds? of| sorts? of| other| different)? (?<what>(?:[\w-]+ ){0,2}[\w-]+s) (?:are|exist)\b(?: there| available| supported| possible| allowed)?(?: (?:in|on) [^?.!]{1,60})?\s*[?.!]*\s*$/i,
  /\b(?:which|what)(?: kinds? of| sorts? of| other| different)? (?<what>(?:[\w-]+ ){0,2}[\w-]+s) (?:does|do|can) (?:\S+ ){1,4}(?:have|know|support|take|accept|offer|read)\s*[?.!]*\s*$/i,
  /^\s*what are (?:(?:all|the|possible|available|supported|different) )+(?<what>(?:[\w-]+ ){0,2}[\w-]+s)\s*[?.!]*\s*$/i,
];
const FEWEST_ITEMS = 3;
/**
 * A heading must be at least this similar to what is asked for, by the harmonic mean of the shares of their common
 * terms.
 */
const LEAST_LIKENESS = 0.6;

/**
 * The things of which a question asks for all: "exit codes" of "which exit codes are there"; null for another question.
 */
export function wantsAllOf(question: string): string | null {
  for (const form of ASKS_FOR_ALL) {
    const what = form.exec(question)?.groups?.["what"];
    if (what !== undefined && analyse(what).length > 0) return what;
  }
  return null;
}

/**
 * The list or table whose heading, first column or introducing sentence names what is asked for; null if there is none.
 */
export function findList(what: string, sentences: readonly PassageSentence[]): readonly ListItem[] | null {
  const wanted = new Set(analyse(what));
  let best: { readonly items: readonly ListItem[]; readonly likeness: number } | null = null;
  for (const [at, sentence] of sentences.entries()) {
    if (sentence.kind !== "list" && sentence.kind !== "table") continue;
    const before = sentences[at - 1];
    // This item belongs to a list whose first item was examined.
    if (before?.passage === sentence.passage && before.kind === sentence.kind) continue;
    const items = listItems(sentence, sentences);
    if (items.length < FEWEST_ITEMS) continue;
    const names = [sentence.headings.split("\n").at(-1) ?? "", sentence.columns?.[0] ?? ""];
    if (before?.passage === sentence.passage && before.kind === "prose") names.push(before.text);
    const likeness = Math.max(...names.map((name) => likenessOf(wanted, new Set(analyse(name)))));
    if (likeness >= LEAST_LIKENESS && likeness > (best?.likeness ?? 0)) best = { items, likeness };
  }
  return best?.items ?? null;
}

function likenessOf(left: ReadonlySet<string>, right: ReadonlySet<string>): number {
  const common = [...left].filter((term) => right.has(term)).length;
  return left.size + right.size === 0 ? 0 : (2 * common) / (left.size + right.size);
}
