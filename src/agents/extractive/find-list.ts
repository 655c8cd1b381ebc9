import { analyse } from "../../lexical/analyse.ts";
import { LEADS_IN, TABLE_ROW } from "../../lexical/line-forms.ts";
import { listItems, type ListItem } from "./list-block.ts";
import { beside, indentOf, type PassageSentence } from "./passage-sentence.ts";
import { createRelatedTerms } from "./related-terms.ts";
import type { WantedList } from "./wanted-list.ts";

const FEWEST_ITEMS = 3;
const FEWEST_STEPS = 2;
/**
 * A heading must be at least this similar to what is asked for, by the harmonic mean of the shares of their common
 * terms.
 */
const LEAST_LIKENESS = 0.6;
/** The share of the subject's terms that a list's headings must hold. */
export const LEAST_SUBJECT = 0.6;
/** How many characters before an item its number may stand. */
const LONGEST_MARKER = 40;

/**
 * The list or table whose heading, first column or introducing sentence names what is asked for; null if there is none.
 */
export function findList(
  wanted: WantedList,
  sentences: readonly PassageSentence[],
  question: string,
): readonly ListItem[] | null {
  const names = wanted.names.map((name) => new Set(analyse(name)));
  const subject = new Set(analyse(wanted.subject ?? ""));
  const related = createRelatedTerms(question, new Set([...names, subject].flatMap((terms) => [...terms])));
  const termsOf = (text: string): ReadonlySet<string> => related.add(new Set(analyse(text)), text);
  let best: { readonly items: readonly ListItem[]; readonly likeness: number } | null = null;
  for (const first of sentences.filter(beginsList)) {
    if (shareOf(subject, termsOf(first.headings)) < LEAST_SUBJECT) continue;
    const items = listItems(first);
    if (wanted.isNumbered && !areSteps(items, beside(first, -1))) continue;
    if (items.length < (wanted.isNumbered ? FEWEST_STEPS : FEWEST_ITEMS)) continue;
    const likeness = likenessTo(names, first, termsOf);
    if (likeness >= LEAST_LIKENESS && likeness > (best?.likeness ?? 0)) best = { items, likeness };
  }
  return best?.items ?? null;
}

/** Whether a list or table begins with a sentence. */
function beginsList(sentence: PassageSentence): boolean {
  const before = beside(sentence, -1);
  if (sentence.kind === "list") return isLedIn(sentence) || (before?.kind !== "list" && isBegunHere(sentence));
  return sentence.kind === "table" && before?.kind !== "table";
}

/** Whether a heading or a sentence with a colon is seen above a list. Else the passage may begin amid it. */
function isBegunHere({ siblings, position }: PassageSentence): boolean {
  const above = siblings.slice(0, position);
  return above.some(({ kind }) => kind === "heading") || LEADS_IN.test(above.at(-1)?.text ?? "");
}

/** How much what a list is called is like one of the names: by its heading, its first column or its introduction. */
function likenessTo(
  names: readonly ReadonlySet<string>[],
  first: PassageSentence,
  termsOf: (text: string) => ReadonlySet<string>,
): number {
  const before = beside(first, -1);
  const above = first.headings.split("\n");
  const own = [above.at(-1) ?? "", first.columns?.[0] ?? ""];
  // Over a table's rows its head is the last one.
  if (first.kind === "table") own.push(above.findLast((heading) => !TABLE_ROW.test(heading)) ?? "");
  if (before !== undefined && (before.kind === "prose" || isLedIn(first))) own.push(before.text);
  const terms = own.map(termsOf);
  const likenesses = terms.flatMap((one) => names.map((name) => likenessOf(name, one)));
  return Math.max(0, ...likenesses);
}

/**
 * Whether items are the steps of something from the first one on. A passage may begin among them; and since Markdown often
 * gives all items the number 1, such a list needs a heading or a sentence with a colon in front of it.
 */
function areSteps(items: readonly ListItem[], before: PassageSentence | undefined): boolean {
  const [first = null, second = null] = items.map(({ sentences: [item] }) =>
    item === undefined ? null : numberOf(item),
  );
  if (first === null || first > 1) return false;
  return second === first + 1 || before?.kind === "heading" || LEADS_IN.test(before?.text ?? "");
}

/** Whether the item before a list, or a further sentence of that, announces the list within it. */
function isLedIn(first: PassageSentence): boolean {
  const before = beside(first, -1);
  return (
    before !== undefined && LEADS_IN.test(before.text) && first.kind === "list" && indentOf(first) > indentOf(before)
  );
}

/** The number in front of an item; null without one. */
function numberOf({ passage, span: { start } }: PassageSentence): number | null {
  const before = passage.hit.text.slice(Math.max(0, start - LONGEST_MARKER), start);
  const number = /(?:^|[\r\n])[ \t]*(\d{1,3})[.)][ \t]+$/.exec(before)?.[1];
  return number === undefined ? null : Number(number);
}

/** The share of terms that others hold; 1 without any. */
export function shareOf(terms: ReadonlySet<string>, others: ReadonlySet<string>): number {
  return terms.size === 0 ? 1 : [...terms].filter((term) => others.has(term)).length / terms.size;
}

function likenessOf(left: ReadonlySet<string>, right: ReadonlySet<string>): number {
  const common = [...left].filter((term) => right.has(term)).length;
  return left.size + right.size === 0 ? 0 : (2 * common) / (left.size + right.size);
}
