import { CODE_LANGUAGES } from "../../domain/code.ts";
import { asksForCode } from "./answer-type.ts";
import { chooseSentences } from "./choose-sentences.ts";
import { isLeaning } from "./leaning-sentence.ts";
import type { PassageSentence } from "./passage-sentences.ts";
import type { ScoredSentence } from "./score-sentences.ts";
import { readTableRow } from "./table-row.ts";

/** Options of {@link writeExtractiveAnswer}. */
export interface ExtractiveAnswerOptions {
  readonly question: string;
  /** Every sentence of the passages, in their order. */
  readonly sentences: readonly PassageSentence[];
  /** The same without headings, best first. */
  readonly ranked: readonly ScoredSentence[];
  /** Whether the passages only touch on the question: then it quotes the one or two sentences that come nearest. */
  readonly isPartial: boolean;
}

const MOST_SENTENCES = 3;
/** How far a further sentence may stay behind the best. */
const SCORE_GAP = 0.8;
/** The same where the best one only touches on the question: what is further away has another subject. */
const PARTIAL_GAP = 0.4;
const MOST_PARTIAL = 2;
/** A further sentence that holds less of the question than this share of what the best one holds has another subject. */
const LEAST_SHARE = 0.4;
/** Sentences of one passage whose scores differ by less are given as they were written. */
const EQUAL_SCORES = 0.05;
/** A longer sentence is not quoted only to say what a pronoun behind it means. */
const LONGEST_ANTECEDENT = 240;
const MOST_CODE_LINES = 20;
const MOST_ITEMS = 8;
const LEADS_IN = /[:：]["'”’»)\]*_`]*$/u;

/** Quotes the best one to three sentences, each with the number of its passage; code and lists come whole. */
export function writeExtractiveAnswer({ question, sentences, ranked, isPartial }: ExtractiveAnswerOptions): string {
  const wantsCode = asksForCode(question);
  const chosen = inReadingOrder(choose(ranked, { wantsCode, isPartial }));
  const done = new Set<PassageSentence>();
  const parts: string[] = [];
  let last: PassageSentence | undefined;
  for (const sentence of chosen) {
    if (done.has(sentence)) continue;
    const [first = "", ...others] = quote(sentence, { sentences, wantsCode, done });
    // What goes on where the sentence before it ended belongs to the same paragraph.
    if (last !== undefined && isContinued(last, sentence)) parts.push(`${parts.pop() ?? ""} ${first}`);
    else parts.push(first);
    parts.push(...others);
    last = others.length === 0 ? sentence : undefined;
  }
  return parts.join("\n\n");
}

function isContinued(before: PassageSentence, after: PassageSentence): boolean {
  const { kind, passage, position } = after;
  return before.kind === "prose" && kind === "prose" && passage === before.passage && position === before.position + 1;
}

/** The best sentence first, then those that hardly stay behind it: who reads only the beginning has read the answer. */
function choose(
  ranked: readonly ScoredSentence[],
  { wantsCode, isPartial }: { readonly wantsCode: boolean; readonly isPartial: boolean },
): readonly ScoredSentence[] {
  const [best] = ranked;
  if (best === undefined) return [];
  const gap = isPartial ? PARTIAL_GAP : SCORE_GAP;
  const near = ranked
    .filter(({ score }) => score >= best.score - gap)
    .filter((one) => one === best || !one.isAdrift)
    .filter((one) => one.coverage >= LEAST_SHARE * best.coverage)
    // Code without having been asked for it says little by itself, unless nothing is better.
    .filter(({ sentence }) => wantsCode || sentence.kind !== "code" || best.sentence.kind === "code");
  const limit = isPartial ? MOST_PARTIAL : MOST_SENTENCES;
  return chooseSentences(near, { limit });
}

/** Two that stand behind the best one, near each other in score or in the text, follow as they were written. */
function inReadingOrder(chosen: readonly ScoredSentence[]): readonly PassageSentence[] {
  const [best, ...others] = chosen;
  const ordered = others.toSorted((left, right) => (mayTrade(left, right) ? place(left) - place(right) : 0));
  return [...(best === undefined ? [] : [best]), ...ordered].map(({ sentence }) => sentence);
}

function mayTrade(left: ScoredSentence, right: ScoredSentence): boolean {
  if (left.sentence.passage !== right.sentence.passage) return false;
  return Math.abs(left.score - right.score) <= EQUAL_SCORES || Math.abs(place(left) - place(right)) === 1;
}

function place({ sentence }: ScoredSentence): number {
  return sentence.position;
}

interface Quoting {
  readonly sentences: readonly PassageSentence[];
  readonly wantsCode: boolean;
  /** Sentences that stand in the answer. */
  readonly done: Set<PassageSentence>;
}

function quote(sentence: PassageSentence, { sentences, wantsCode, done }: Quoting): string[] {
  done.add(sentence);
  const number = `[${String(sentence.passage.marker)}]`;
  if (sentence.kind === "code") {
    return [`${leadIn(sentence, { sentences, done })} ${number}`, ...quoteBlock(sentence, { sentences, done })];
  }
  const parts = [`${statement(sentence, { sentences, done })} ${number}`];
  const following = sentences.filter(
    ({ passage, position }) => passage === sentence.passage && position > sentence.position,
  );
  const [next] = following;
  if (next?.kind === "list" && LEADS_IN.test(sentence.text)) {
    const items = takeWhile(following, ({ kind }) => kind === "list").slice(0, MOST_ITEMS);
    for (const item of items) done.add(item);
    parts.push(items.map(({ text }) => `- ${oneLine(text)} ${number}`).join("\n"));
  }
  const code = next?.kind === "fence" && (wantsCode || LEADS_IN.test(sentence.text)) ? following[1] : undefined;
  if (code?.kind === "code") parts.push(...quoteBlock(code, { sentences, done }));
  return parts;
}

/** A sentence as it is quoted: a table's row made readable, a sentence that leans on the one before it behind that one. */
function statement(sentence: PassageSentence, { sentences, done }: Pick<Quoting, "sentences" | "done">): string {
  if (sentence.kind === "table") return readTableRow(oneLine(sentence.text), sentence.columns);
  const before = isLeaning(sentence.text) ? antecedent(sentence, sentences) : undefined;
  if (before === undefined || done.has(before)) return oneLine(sentence.text);
  done.add(before);
  return `${oneLine(before.text)} ${oneLine(sentence.text)}`;
}

/** The sentence before in the same paragraph, where it is short and can be understood by itself. */
function antecedent(
  { passage, position, span }: PassageSentence,
  sentences: readonly PassageSentence[],
): PassageSentence | undefined {
  const before = sentences.find((one) => one.passage === passage && one.position === position - 1);
  if (before === undefined || !["prose", "list"].includes(before.kind)) return undefined;
  const isSameParagraph = !/[\r\n]/.test(passage.hit.text.slice(before.span.end, span.start).replace(/\r?\n/, ""));
  return isSameParagraph && before.text.length <= LONGEST_ANTECEDENT && !isLeaning(before.text) ? before : undefined;
}

/** The sentence that introduces a block of code, or words of ours where the block stands alone. */
function leadIn(line: PassageSentence, { sentences, done }: Pick<Quoting, "sentences" | "done">): string {
  const before = sentences.findLast(
    ({ passage, position, kind }) =>
      passage === line.passage && position < line.position && kind !== "code" && kind !== "fence",
  );
  if (before === undefined || before.kind === "heading" || done.has(before)) {
    const { symbol } = line.passage.hit;
    return symbol === null ? "The passage shows this code:" : `The passage shows this code of \`${symbol}\`:`;
  }
  done.add(before);
  return oneLine(before.text);
}

/** The fenced block around a line of code, or the part of it from that line on when it is long. */
function quoteBlock(line: PassageSentence, { sentences, done }: Pick<Quoting, "sentences" | "done">): string[] {
  const block = sentences.filter(({ passage, block: own }) => passage === line.passage && own === line.block);
  const lines = block.length <= MOST_CODE_LINES ? block : block.slice(block.indexOf(line)).slice(0, MOST_CODE_LINES);
  for (const one of block) done.add(one);
  const [first] = lines;
  const last = lines.at(-1);
  if (first === undefined || last === undefined) return [];
  const { text } = line.passage.hit;
  const indent = first.span.start - (text.lastIndexOf("\n", first.span.start - 1) + 1);
  const code = `${" ".repeat(indent)}${text.slice(first.span.start, last.span.end)}`;
  const opening = sentences.find(
    ({ passage, position }) => passage === line.passage && position === (block[0]?.position ?? 0) - 1,
  );
  const written = /^(?:`{3,}|~{3,})\s*([\w+#-]*)/.exec(opening?.text ?? "")?.[1] ?? "";
  const language =
    written === "" && CODE_LANGUAGES.has(line.passage.hit.language) ? line.passage.hit.language : written;
  const fence = code.includes("```") ? "````" : "```";
  return [`${fence}${language}\n${code}\n${fence}`];
}

/** Line breaks within a sentence come from wrapping. */
function oneLine(text: string): string {
  return text.replaceAll(/\s*[\r\n]+\s*/g, " ").trim();
}

function takeWhile<Item>(items: readonly Item[], test: (item: Item) => boolean): readonly Item[] {
  const end = items.findIndex((item) => !test(item));
  return end === -1 ? items : items.slice(0, end);
}
