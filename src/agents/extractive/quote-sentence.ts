import { LEADS_IN } from "../../lexical/line-forms.ts";
import { definingShare, subjectOf } from "../../retrieval/question/definition.ts";
import { isLeaning, saysFurther } from "./leaning-sentence.ts";
import { announcementOf, listItems, MOST_ITEMS, tickOf } from "./list-block.ts";
import { beside, type PassageSentence } from "./passage-sentence.ts";
import { oneLine } from "./passage-sentences.ts";
import { quoteBlock, type Quoting } from "./quote-code.ts";
import { labelOf } from "./sentence-label.ts";
import { readTableRow } from "./table-row.ts";

/** Longer sentences are not quoted only to say what a pronoun behind them means. */
const LONGEST_ANTECEDENT = 360;
/** A longer paragraph is not quoted whole for the label that it begins with. */
const LONGEST_LABELLED = 320;
const ENDS = /[.!?。！？]["'”’»)\]*_`]*$/u;
/** "Kennzeichen:   R-KW 418" among other fields belongs to none of them. */
const FIELD = /^\p{Lu}[\p{L}\d /-]{0,30}:\s+\S/u;
/** "**Frost.** Leave it on", "Frost: Leave it on". */
const LABEL = /^(?:(?:\*\*|__)\S|\p{Lu}[\p{L}\d]*(?: [\p{L}\d]+){0,2}: \p{Lu})/u;

/**
 * Whether a sentence comes with a list or a block of code: one that ends with a colon does, and for a question that asks
 * how to do something, one of a paragraph with code behind it.
 */
export function bringsBlock(sentence: PassageSentence, { wantsCode }: Pick<Quoting, "wantsCode">): boolean {
  return blockBehind(sentence, wantsCode) !== undefined;
}

/** A sentence with its number, and the list or the code that belongs to it: one part for each paragraph of the answer. */
export function quoteSentence(sentence: PassageSentence, quoting: Quoting): readonly string[] {
  const { done } = quoting;
  const lead = announcementOf(sentence);
  if (lead !== undefined && !done.has(lead)) return quoteSentence(lead, quoting);
  done.add(sentence);
  const number = `[${String(sentence.passage.marker)}]`;
  if (sentence.kind === "code") {
    const code = quoteBlock(sentence, quoting);
    return [`${leadIn(sentence, { quoting, code })} ${number}`, code];
  }
  const { question = "", goesOn = false } = quoting;
  const label = goesOn ? null : labelOf(question, sentence);
  const parts = [`${label === null ? "" : `**${label}:** `}${statement(sentence, quoting)} ${number}`];
  const block = blockBehind(sentence, quoting.wantsCode);
  if (block?.kind === "list") {
    const items = listItems(block).slice(0, MOST_ITEMS);
    for (const one of items.flatMap((item) => item.sentences)) done.add(one);
    parts.push(items.map(({ text }) => `- ${text} ${number}`).join("\n"));
  }
  if (block?.kind === "code" && !done.has(block)) parts.push(quoteBlock(block, quoting));
  return parts;
}

/** The first item of a list, or the first line of a block of code, that belongs to a sentence. */
function blockBehind(sentence: PassageSentence, wantsCode: boolean): PassageSentence | undefined {
  if (sentence.kind === "code") return undefined;
  const next = beside(sentence, 1);
  const isIntroduced = LEADS_IN.test(sentence.text);
  if (next?.kind === "list" && isIntroduced) return next;
  const last = wantsCode && sentence.kind === "prose" ? (paragraphOf(sentence).at(-1) ?? sentence) : sentence;
  const isBlock = beside(last, 1)?.kind === "fence" && (wantsCode || isIntroduced);
  const line = isBlock ? beside(last, 2) : undefined;
  return line?.kind === "code" ? line : undefined;
}

/** A sentence as it is quoted: a table's row made readable, one that leans on the sentence before it behind that one. */
function statement(sentence: PassageSentence, { done, question = "" }: Quoting): string {
  if (sentence.kind === "table") return oneLine(readTableRow(sentence.text, sentence.columns));
  const paragraph = sentence.kind === "prose" ? paragraphOf(sentence) : [sentence];
  const length = paragraph.reduce((sum, { text }) => sum + text.length, 0);
  // A paragraph that begins with a label is an entry: what stands behind the label belongs to it.
  const [first, ...further] = paragraph;
  const isEntry =
    further.length > 0 &&
    LABEL.test(first?.text ?? "") &&
    length <= LONGEST_LABELLED &&
    !further.some(({ text }) => FIELD.test(text));
  const quoted = isEntry
    ? paragraph
    : [...antecedents(sentence, paragraph), sentence, ...continuation(sentence, { paragraph, question })];
  const fresh = [...quoted, ...announced(sentence)].filter((one) => one === sentence || !done.has(one));
  for (const one of fresh) done.add(one);
  return fresh.map((one) => `${tickOf(one)}${oneLine(one.text)}`).join(" ");
}

/** What a sentence that ends with a colon announces in a paragraph of its own, such as a formula. */
function announced(sentence: PassageSentence): readonly PassageSentence[] {
  const next = beside(sentence, 1);
  if (!LEADS_IN.test(sentence.text) || next?.kind !== "prose") return [];
  // An image in between is what was announced.
  if (sentence.passage.hit.text.slice(sentence.span.end, next.span.start).trim() !== "") return [];
  return next.text.length <= LONGEST_ANTECEDENT ? [next] : [];
}

/**
 * The one or two sentences before in the same paragraph, where they are needed, short, and can be understood by themselves;
 * at a paragraph's beginning the last one of the paragraph before.
 */
function antecedents(sentence: PassageSentence, paragraph: readonly PassageSentence[]): readonly PassageSentence[] {
  if (!isLeaning(sentence.text)) return [];
  const at = paragraph.indexOf(sentence);
  const count = isLeaning(paragraph[at - 1]?.text ?? "") ? 2 : 1;
  const before = at > 0 ? paragraph.slice(Math.max(0, at - count), at) : paragraphEnd(sentence);
  const length = before.reduce((sum, { text }) => sum + text.length, 0);
  const [first] = before;
  return first !== undefined && !isLeaning(first.text) && length <= LONGEST_ANTECEDENT ? before : [];
}

/** The sentence behind one that begins to define the subject of the question, where it goes on with that. */
function continuation(
  sentence: PassageSentence,
  { paragraph, question }: { readonly paragraph: readonly PassageSentence[]; readonly question: string },
): readonly PassageSentence[] {
  const next = paragraph[paragraph.indexOf(sentence) + 1];
  if (next === undefined || next.text.length > LONGEST_ANTECEDENT) return [];
  const subject = subjectOf(question);
  const isDefined = subject !== null && definingShare(sentence.text, subject) === 1 && saysFurther(next.text);
  return isDefined ? [next] : [];
}

/** The sentence that ends the paragraph before, with nothing but an empty line in between. */
function paragraphEnd(sentence: PassageSentence): readonly PassageSentence[] {
  const before = beside(sentence, -1);
  if (before?.kind !== "prose" || sentence.kind !== "prose") return [];
  if (!ENDS.test(before.text)) return [];
  return sentence.passage.hit.text.slice(before.span.end, sentence.span.start).trim() === "" ? [before] : [];
}

/** The sentences around one without an empty line or a block in between; a list's item begins a paragraph. */
function paragraphOf({ siblings, position }: PassageSentence): readonly PassageSentence[] {
  const goesOn = (at: number): boolean =>
    siblings[at]?.kind === "prose" && isSameParagraph(siblings[at - 1], siblings[at]);
  let [start, end] = [position, position + 1];
  while (goesOn(start)) start -= 1;
  while (goesOn(end)) end += 1;
  return siblings.slice(start, end);
}

function isSameParagraph(before: PassageSentence | undefined, after: PassageSentence | undefined): boolean {
  if (before === undefined || after === undefined || before.turn !== after.turn) return false;
  if (!["prose", "list"].includes(before.kind)) return false;
  return !/[\r\n]/.test(after.passage.hit.text.slice(before.span.end, after.span.start).replace(/\r?\n/, ""));
}

/** The sentence that introduces a block of code, or words of ours where the block stands alone. */
function leadIn(
  line: PassageSentence,
  { quoting: { done }, code }: { readonly quoting: Quoting; readonly code: string },
): string {
  const above = line.siblings.slice(0, line.position);
  const before = above.findLast(({ kind }) => kind !== "code" && kind !== "fence");
  if (before !== undefined && before.kind !== "heading" && !done.has(before)) {
    done.add(before);
    return oneLine(before.text);
  }
  const { symbol } = line.passage.hit;
  return symbol !== null && declares(code, symbol)
    ? `The passage shows this code of \`${symbol}\`:`
    : "The passage shows this code:";
}

/** Whether the first line of code that is no comment has a name in it. */
function declares(code: string, symbol: string): boolean {
  const line = code.split("\n").find((one) => !/^(?:`{3,}|\s*(?:\/\/|\/?\*|#))/.test(one)) ?? "";
  return line.split(/[^\w$]+/).includes(symbol.split(/\W+/).at(-1) ?? symbol);
}
