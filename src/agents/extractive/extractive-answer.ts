import { asksForCode, asksForDifference, asksWhy, givesReason } from "./answer-type.ts";
import { chooseSentences } from "./choose-sentences.ts";
import type { ListItem } from "./list-block.ts";
import { isEntryOf } from "./named-entry.ts";
import type { PassageSentence } from "./passage-sentence.ts";
import type { Quoting } from "./quote-code.ts";
import { entryPattern } from "../../retrieval/question/asked-names.ts";
import { definingShare, sidesOf, subjectOf } from "../../retrieval/question/definition.ts";
import { bringsBlock, quoteSentence } from "./quote-sentence.ts";
import type { ScoredSentence } from "./score-sentences.ts";
import type { WholeList } from "./whole-list.ts";

/** Options of {@link writeExtractiveAnswer}. */
export interface ExtractiveAnswerOptions {
  readonly question: string;
  /** Every sentence of the passages, in their order. */
  readonly sentences: readonly PassageSentence[];
  /** The list that answers the question as a whole, which is quoted alone; null if there is none. */
  readonly list: WholeList | null;
  /** The sentences that are no headings, best first. */
  readonly ranked: readonly ScoredSentence[];
  /** Whether the passages only touch on the question. Then the one or two sentences nearest to it are quoted. */
  readonly isPartial: boolean;
  /**
   * Sentences of the answer to another part of the question, which are not quoted again. Those that are quoted now are
   * added.
   * @default none
   */
  readonly done?: Set<PassageSentence>;
}

const MOST_SENTENCES = 3;
/** A further sentence is quoted if its score is lower than the best by at most this much. */
const SCORE_GAP = 0.7;
/** The same if the best one only touches on the question: what is further behind has another subject. */
const PARTIAL_GAP = 0.4;
/** If the best sentence holds this share of the question, the gap for a third one is smaller. */
const COVERED = 0.8;
const COVERED_GAP = 0.35;
/** How plainly a sentence must define the subject of the question to need no others. */
const WHOLE_DEFINITION = 1;
/** The gap if the best sentence comes with a list or code, and so is a complete instruction. */
const WHOLE_GAP = 0.4;
/** How many sentences are quoted if the passages only touch on the question, and how many blocks of code. */
const FEWER_SENTENCES = 2;
/**
 * A further sentence that holds less than this share of what the best one holds of the question has another subject.
 */
const LEAST_SHARE = 0.4;
/** Sentences of one passage are quoted in the order of the text if their scores differ by less than this. */
const EQUAL_SCORES = 0.05;
/** How many sentences behind the best one the code of its section may be. */
const FURTHEST_CODE = 8;
/** How many sentences behind the best one a reason is looked for. */
const FURTHEST_REASON = 2;
/** The most items of a list that is asked for as a whole. */
const MOST_OF_ALL = 24;

/**
 * Quotes the best one to three sentences, each with the number of its passage; code and lists come whole. A question
 * for all there is of something gets the list of it, if the passages have one.
 */
export function writeExtractiveAnswer(options: ExtractiveAnswerOptions): string {
  const { question, sentences, list, isPartial, done = new Set() } = options;
  if (list !== null) return quoteList(list.items, { done, isNumbered: list.isNumbered });
  const quoting = { sentences, wantsCode: asksForCode(question), done };
  const ranked = options.ranked.filter(({ sentence }) => !done.has(sentence));
  const sides = bothSides(question, { ranked, sentences });
  if (sides !== null) return sides.map((side) => quoteSide(side, quoting)).join("\n\n");
  const chosen = inReadingOrder(
    choose(ranked, {
      quoting,
      isPartial,
      subject: subjectOf(question),
      hasTwoSides: asksForDifference(question),
      wantsReason: asksWhy(question),
    }),
  );
  const parts: string[] = [];
  let last: PassageSentence | undefined;
  for (const sentence of chosen) {
    if (done.has(sentence)) continue;
    const [first = "", ...others] = quoteSentence(sentence, quoting);
    // A sentence that directly follows the last one belongs to the same paragraph.
    if (last !== undefined && isContinued(last, sentence)) parts.push(`${parts.pop() ?? ""} ${first}`);
    else parts.push(first);
    parts.push(...others);
    last = others.length === 0 ? sentence : undefined;
  }
  return parts.filter((part) => part !== "").join("\n\n");
}

function quoteList(
  list: readonly ListItem[],
  { done, isNumbered }: { readonly done: Set<PassageSentence>; readonly isNumbered: boolean },
): string {
  const shown = list.slice(0, MOST_OF_ALL);
  for (const sentence of shown.flatMap((item) => item.sentences)) done.add(sentence);
  const numberOf = ({ sentences: [first] }: ListItem): string => `[${String(first?.passage.marker ?? 1)}]`;
  const lines = shown.map(
    (item, index) => `${isNumbered ? `${String(index + 1)}.` : "-"} ${item.text} ${numberOf(item)}`,
  );
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
  /** What the question asks the meaning of; null if it asks for none. */
  readonly subject: string | null;
  /** Whether the question compares two things. */
  readonly hasTwoSides: boolean;
  readonly wantsReason: boolean;
}

/**
 * Chooses the best sentence and those that are nearly as good. The best comes first, so that a reader of only the
 * beginning has read the answer.
 */
function choose(
  ranked: readonly ScoredSentence[],
  { quoting, isPartial, subject, hasTwoSides, wantsReason }: Choosing,
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
    // Code that was not asked for, or one row of a table, says little by itself. It is quoted only if nothing is
    // better.
    .filter(
      ({ sentence: { kind } }) =>
        kind === best.sentence.kind || (kind === "code" ? quoting.wantsCode : kind !== "table"),
    )
    // Rows have their headings in common: one without a word of the question in it is another thing's.
    .filter((one) => one === best || one.sentence.kind !== "table" || one.hasOwnTerms);
  const limit = isPartial || best.sentence.kind === "code" ? FEWER_SENTENCES : MOST_SENTENCES;
  const isNeeded = (one: ScoredSentence): boolean =>
    hasTwoSides || best.coverage < COVERED || one.score >= best.score - COVERED_GAP;
  const chosen = chooseSentences(near, { limit }).filter((one, index) => index < 2 || isNeeded(one));
  const shown = isPartial
    ? undefined
    : (codeOfSection(chosen, { ranked, quoting }) ?? (wantsReason ? reasonBehind(chosen, ranked) : undefined));
  return shown === undefined ? chosen : [...chosen.slice(0, MOST_SENTENCES - 1), shown];
}

/** The reason in the sentences behind the best one, which only tells what it is the reason for. */
function reasonBehind(
  chosen: readonly ScoredSentence[],
  ranked: readonly ScoredSentence[],
): ScoredSentence | undefined {
  const [best] = chosen;
  if (best === undefined || chosen.some(({ sentence: { text } }) => givesReason(text))) return undefined;
  const { passage, headings, position } = best.sentence;
  const behind = ranked.filter(({ sentence }) => {
    const distance = sentence.position - position;
    const isNear = distance >= 1 && distance <= FURTHEST_REASON;
    return isNear && sentence.passage === passage && sentence.headings === headings && sentence.kind === "prose";
  });
  return behind
    .toSorted((left, right) => place(left) - place(right))
    .find(({ sentence }) => givesReason(sentence.text));
}

/**
 * What two things are that a question sets against each other, each with its name; null unless the passages say it of
 * both.
 */
function bothSides(
  question: string,
  { ranked, sentences }: { readonly ranked: readonly ScoredSentence[]; readonly sentences: readonly PassageSentence[] },
): readonly Side[] | null {
  const found = sidesOf(question).flatMap((name): Side[] => {
    const defined = ranked.find(({ sentence }) => definingShare(sentence.text, name) >= WHOLE_DEFINITION);
    if (defined !== undefined) return [{ name, sentence: defined.sentence }];
    const pattern = [entryPattern(name)];
    const entry = sentences.find((_, index) => isEntryOf(pattern, sentences, index));
    return entry === undefined ? [] : [{ name, sentence: entry }];
  });
  const [one, other] = found;
  return one !== undefined && other !== undefined && one.sentence !== other.sentence ? found : null;
}

/** One of two things that are compared, and what says what it is. */
interface Side {
  readonly name: string;
  readonly sentence: PassageSentence;
}

/** A sentence that does not name its subject, because its heading does, stands behind the name. */
function quoteSide({ name, sentence }: Side, quoting: Quoting): string {
  const [statement = "", ...others] = quoteSentence(sentence, quoting);
  const isNamed = sentence.text.toLowerCase().includes(name.toLowerCase());
  return [isNamed ? statement : `**${name.replaceAll("`", "")}:** ${statement}`, ...others].join("\n\n");
}

/** Code further down in the best sentence's section, for a question how to do something if the answer shows no code. */
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

/** Puts two further sentences in the order of the text if they are near each other in score or in the text. */
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
