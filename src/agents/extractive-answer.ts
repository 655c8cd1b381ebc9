import { chooseSentences } from "./choose-sentences.ts";
import type { PassageSentence } from "./passage-sentences.ts";
import type { ScoredSentence } from "./score-sentences.ts";

/** Options of {@link writeExtractiveAnswer}. */
export interface ExtractiveAnswerOptions {
  readonly question: string;
  /** Every sentence of the passages, in their order. */
  readonly sentences: readonly PassageSentence[];
  /** The same without headings, best first. */
  readonly ranked: readonly ScoredSentence[];
}

const MOST_SENTENCES = 3;
/** How far a further sentence may stay behind the best. */
const SCORE_GAP = 0.8;
const MOST_CODE_LINES = 20;
const MOST_ITEMS = 8;
const ASKS_FOR_CODE =
  /\bhow (?:do|can|to|would|should)\b|\b(?:which|what) (?:command|flag|option|code|call|function)\b|\b(?:command|example|snippet|usage|syntax)\b/i;
const LEADS_IN = /[:：]["'”’»)\]*_`]*$/u;

/** Quotes the best one to three sentences, each with the number of its passage; code and lists come whole. */
export function writeExtractiveAnswer({ question, sentences, ranked }: ExtractiveAnswerOptions): string {
  const wantsCode = ASKS_FOR_CODE.test(question);
  const chosen = choose(ranked, wantsCode);
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
function choose(ranked: readonly ScoredSentence[], wantsCode: boolean): readonly PassageSentence[] {
  const [best] = ranked;
  if (best === undefined) return [];
  const near = ranked
    .filter(({ score }) => score >= best.score - SCORE_GAP)
    // Code without having been asked for it says little by itself, unless nothing is better.
    .filter(({ sentence }) => wantsCode || sentence.kind !== "code" || best.sentence.kind === "code");
  return chooseSentences(near, { limit: MOST_SENTENCES }).map(({ sentence }) => sentence);
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
  const parts = [`${oneLine(sentence.text)} ${number}`];
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

/** The sentence that introduces a block of code, or words of ours where the block stands alone. */
function leadIn(line: PassageSentence, { sentences, done }: Pick<Quoting, "sentences" | "done">): string {
  const before = sentences.findLast(
    ({ passage, position, kind }) =>
      passage === line.passage && position < line.position && kind !== "code" && kind !== "fence",
  );
  if (before === undefined || before.kind === "heading" || done.has(before)) return "The passage shows this code:";
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
  const language = /^(?:`{3,}|~{3,})\s*([\w+#-]*)/.exec(opening?.text ?? "")?.[1] ?? "";
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
