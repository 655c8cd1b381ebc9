import { asksForCode, asksForDifference } from "./answer-type.ts";
import { chooseSentences } from "./choose-sentences.ts";
import { findList, wantsAllOf, type ListItem } from "./list-block.ts";
import type { PassageSentence } from "./passage-sentence.ts";
import type { Quoting } from "./quote-code.ts";
import { definingShare, subjectOf } from "../../retrieval/question/definition.ts";
import { bringsBlock, quoteSentence } from "./quote-sentence.ts";
import type { ScoredSentence } from "./score-sentences.ts";

/** Options of {@link writeExtractiveAnswer}. */
export interface ExtractiveAnswerOptions {
  readonly question: string;
  /** Every sentence of the passages, in their order. */
  readonly sentences: readonly PassageSentence[];
  /** The same without headings, best first. */
  readonly ranked: readonly ScoredSentence[];
  /** Whether the passages only touch on the question: then it quotes the one or two sentences that come nearest. */
  readonly isPartial: boolean;
  /**
   * Sentences that stand in the answer to another part of the question: they are not quoted again. Those that are quoted
   * now are added.
   * @default none
   */
  readonly done?: Set<PassageSentence>;
}

const MOST_SENTENCES = 3;
/** How far a further sentence may stay behind the best. */
const SCORE_GAP = 0.7;
/** The same where the best one only touches on the question: what is further away has another subject. */
const PARTIAL_GAP = 0.4;
/** Where the best one holds this share of the question, a third one may stay behind it by less. */
const COVERED = 0.8;
const COVERED_GAP = 0.35;
/** How plainly a sentence has to say what the subject of the question is to need nothing more. */
const WHOLE_DEFINITION = 1;
/** The same where the best one comes with a list or code: an instruction that is complete. */
const WHOLE_GAP = 0.4;
/** As many where the passages only touch on the question, and blocks of code. */
const FEWER_SENTENCES = 2;
/** A further sentence that holds less of the question than this share of what the best one holds has another subject. */
const LEAST_SHARE = 0.4;
/** Sentences of one passage whose scores differ by less are given as they were written. */
const EQUAL_SCORES = 0.05;
/** Code of a section stands at most so many sentences behind the best one. */
const FURTHEST_CODE = 8;
/** Items of a list that is asked for as a whole. */
const MOST_OF_ALL = 24;

/**
 * Quotes the best one to three sentences, each with the number of its passage; code and lists come whole. A question for
 * all there is of something gets the list of it, where the passages have one.
 */
export function writeExtractiveAnswer(options: ExtractiveAnswerOptions): string {
  const { question, sentences, isPartial, done = new Set() } = options;
  const what = wantsAllOf(question);
  const list = what === null ? null : findList(what, sentences);
  if (list !== null) return quoteList(list, done);
  const quoting = { sentences, wantsCode: asksForCode(question), done };
  const ranked = options.ranked.filter(({ sentence }) => !done.has(sentence));
  const chosen = inReadingOrder(
    choose(ranked, { quoting, isPartial, subject: subjectOf(question), hasTwoSides: asksForDifference(question) }),
  );
  const parts: string[] = [];
  let last: PassageSentence | undefined;
  for (const sentence of chosen) {
    if (done.has(sentence)) continue;
    const [first = "", ...others] = quoteSentence(sentence, quoting);
    // What goes on where the sentence before it ended belongs to the same paragraph.
    if (last !== undefined && isContinued(last, sentence)) parts.push(`${parts.pop() ?? ""} ${first}`);
    else parts.push(first);
    parts.push(...others);
    last = others.length === 0 ? sentence : undefined;
  }
  return parts.filter((part) => part !== "").join("\n\n");
}

function quoteList(list: readonly ListItem[], done: Set<PassageSentence>): string {
  const shown = list.slice(0, MOST_OF_ALL);
  for (const sentence of shown.flatMap((item) => item.sentences)) done.add(sentence);
  const number = `[${String(list[0]?.sentences[0]?.passage.marker ?? 1)}]`;
  const lines = shown.map(({ text }) => `- ${text} ${number}`);
  const more = list.length - shown.length;
  return [...lines, ...(more > 0 ? [`- … and ${String(more)} more in the passage`] : [])].join("\n");
}

function isContinued(before: PassageSentence, after: PassageSentence): boolean {
  const { kind, passage, position } = after;
  return before.kind === "prose" && kind === "prose" && passage === before.passage && position === before.position + 1;
}

interface Choosing {
  readonly quoting: Quoting;
  readonly isPartial: boolean;
  /** What the question asks the meaning of. */
  readonly subject: string | null;
  /** Whether it sets two things against each other. */
  readonly hasTwoSides: boolean;
}

/** The best sentence first, then those that hardly stay behind it: who reads only the beginning has read the answer. */
function choose(
  ranked: readonly ScoredSentence[],
  { quoting, isPartial, subject, hasTwoSides }: Choosing,
): readonly ScoredSentence[] {
  const [best] = ranked;
  if (best === undefined) return [];
  const { text, kind: bestKind } = best.sentence;
  const isDefined = subject !== null && definingShare(text, subject) >= WHOLE_DEFINITION;
  const isWhole = isDefined || bestKind === "code" || bringsBlock(best.sentence, quoting);
  const gap = isPartial ? PARTIAL_GAP : isWhole ? WHOLE_GAP : SCORE_GAP;
  const near = ranked
    .filter(({ score }) => score >= best.score - gap)
    .filter((one) => one === best || !one.isAdrift)
    .filter((one) => one.coverage >= LEAST_SHARE * best.coverage)
    // Code without having been asked for it, or one row of a table, says little by itself, unless nothing is better.
    .filter(
      ({ sentence: { kind } }) =>
        kind === best.sentence.kind || (kind === "code" ? quoting.wantsCode : kind !== "table"),
    );
  const limit = isPartial || best.sentence.kind === "code" ? FEWER_SENTENCES : MOST_SENTENCES;
  const isNeeded = (one: ScoredSentence): boolean =>
    hasTwoSides || best.coverage < COVERED || one.score >= best.score - COVERED_GAP;
  const chosen = chooseSentences(near, { limit }).filter((one, index) => index < 2 || isNeeded(one));
  const shown = isPartial ? undefined : codeOfSection(chosen, { ranked, quoting });
  return shown === undefined ? chosen : [...chosen.slice(0, MOST_SENTENCES - 1), shown];
}

/** Code further down in the section of the best sentence, for a question that asks how and an answer that shows none. */
function codeOfSection(
  chosen: readonly ScoredSentence[],
  { ranked, quoting }: { readonly ranked: readonly ScoredSentence[]; readonly quoting: Quoting },
): ScoredSentence | undefined {
  if (!quoting.wantsCode) return undefined;
  if (chosen.some(({ sentence }) => sentence.kind === "code" || bringsBlock(sentence, quoting))) return undefined;
  const lines = chosen
    .map(({ sentence }) => codeBehind(sentence, quoting.sentences))
    .filter((line) => line !== undefined);
  return ranked.find(({ sentence }) => sentence === lines[0]);
}

/** The next line of code under the same headings. */
function codeBehind(
  { passage, headings, position }: PassageSentence,
  sentences: readonly PassageSentence[],
): PassageSentence | undefined {
  const line = sentences.find((one) => one.passage === passage && one.kind === "code" && one.position > position);
  if (line === undefined || line.position > position + FURTHEST_CODE) return undefined;
  return line.headings === headings ? line : undefined;
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
