import { asksForCode } from "./answer-type.ts";
import { chooseQuotes, WHOLE_DEFINITION } from "./choose-quotes.ts";
import type { ListItem } from "./list-block.ts";
import { isEntryOf } from "./named-entry.ts";
import type { PassageSentence } from "./passage-sentence.ts";
import type { Quoting } from "./quote-code.ts";
import { entryPattern } from "../../retrieval/question/asked-names.ts";
import { definingShare, NAMED, sidesOf } from "../../retrieval/question/definition.ts";
import { quoteSentence } from "./quote-sentence.ts";
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

/** The most items of a list that is asked for as a whole. */
const MOST_OF_ALL = 24;

/**
 * Quotes the best one to three sentences, each with the number of its passage; code and lists come whole. A question
 * for all there is of something gets the list of it, if the passages have one.
 */
export function writeExtractiveAnswer(options: ExtractiveAnswerOptions): string {
  const { question, sentences, list, isPartial, done = new Set() } = options;
  if (list !== null) return quoteList(list.items, { done, isNumbered: list.isNumbered });
  const quoting = { wantsCode: asksForCode(question), done, question };
  const ranked = options.ranked.filter(({ sentence }) => !done.has(sentence));
  const sides = bothSides(question, { ranked, sentences });
  if (sides !== null) return sides.map((side) => quoteSide(side, quoting)).join("\n\n");
  const chosen = chooseQuotes(ranked, { question, quoting, isPartial });
  const parts: string[] = [];
  let last: PassageSentence | undefined;
  for (const sentence of chosen) {
    if (done.has(sentence)) continue;
    // A sentence that directly follows the last one belongs to the same paragraph.
    const goesOn = last !== undefined && isContinued(last, sentence);
    const [first = "", ...others] = quoteSentence(sentence, { ...quoting, goesOn });
    parts.push(goesOn ? `${parts.pop() ?? ""} ${first}` : first);
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
  const { kind, passage, position, turn } = after;
  if (before.turn !== turn) return false;
  return before.kind === "prose" && kind === "prose" && passage === before.passage && position === before.position + 1;
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
    const definedBy = (least: number): ScoredSentence | undefined =>
      ranked.find(({ sentence }) => definingShare(sentence.text, name) >= least);
    const defined = definedBy(WHOLE_DEFINITION) ?? definedBy(NAMED);
    if (defined !== undefined) return [{ name, sentence: defined.sentence }];
    const pattern = [entryPattern(name)];
    const entry = sentences.find((sentence) => isEntryOf(pattern, sentence));
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
