import type { ConversationTurn } from "../../domain/conversation.ts";
import type { QueryReason, QuestionFilter, SearchedQuery, StandaloneQuestion } from "../../domain/hit.ts";
import { sentenceTexts } from "../../lexical/sentences.ts";
import { withoutInstructions } from "./answer-instructions.ts";
import type { NamedDocument } from "./named-document.ts";
import { plainQuestion } from "./plain-question.ts";
import { otherDateWording } from "../../lexical/date-wording.ts";
import { findFilter, maySpeakOfPlace } from "./question-filter.ts";
import { questionInMessage } from "./question-in-message.ts";
import { mayRefer, questionParts, statementsOf } from "./question-parts.ts";
import type { RetrieveOptions, Rewriting } from "../retrieve.ts";
import { bareText, makeStandalone, type StandaloneReading } from "./standalone-question.ts";

/**
 * What a follow-up question counts in its own words, the rest being its standalone form; of 0.25 to 0.6, this was best
 * on 338 follow-up questions.
 */
const ASKED_WEIGHT = 0.4;

/** What the best hit of a text counts beside that of the question in it; where it is one sentence, both count the same. */
const TOLD_WEIGHT = 0.7;
/** What the best hit of a question in a longer text counts beside that of the whole where it may refer to what is told. */
const REFERRING_WEIGHT = 0.4;

/** Options of {@link interpretQuestion}. */
export interface InterpretOptions
  extends
    Pick<RetrieveOptions, "filter" | "rewriting">,
    Required<Pick<RetrieveOptions, "interpret" | "queries" | "conversation">> {
  readonly readNames: () => Promise<readonly NamedDocument[]>;
}

/** A query that is to be searched for. */
export type PlannedQuery = Omit<SearchedQuery, "evidence">;

/** How a question is searched for. */
export interface Reading {
  readonly queries: readonly PlannedQuery[];
  readonly fusion: "mean" | "best";
  readonly filter: Pick<QuestionFilter, "words" | "filter"> | null;
  readonly standalone: StandaloneQuestion | null;
  /** Whether the standalone form is only a guess, see {@link StandaloneReading}. */
  readonly mayStandAlone: boolean;
}

/**
 * Reads from a question's words a filter, what a follow-up takes from the conversation, and several questions in one,
 * and drops courtesies. A question without any of these is searched for as it is.
 */
export async function interpretQuestion(question: string, options: InterpretOptions): Promise<Reading> {
  const { interpret, filter, readNames } = options;
  if (!interpret || !maySpeakOfPlace(question)) return readQuestion(question, options);
  const found = findFilter(question, { names: await readNames(), own: filter });
  if (found === null) return readQuestion(question, options);
  const { words } = found;
  return { ...readQuestion(found.rest, options, words), filter: { words, filter: found.filter } };
}

/**
 * The same without looking for a filter. `words` are the words of one that was found, and are no longer in `question`.
 */
export function readQuestion(asked: string, options: InterpretOptions, words?: string): Reading {
  const { interpret, queries, conversation, rewriting } = options;
  const alone: Reading = {
    queries: [planned(asked, "asked")],
    fusion: "best",
    filter: null,
    standalone: null,
    mayStandAlone: false,
  };
  if (queries.length > 0) return { ...alone, queries: [...alone.queries, ...distinct(asked, queries)] };
  if (!interpret) return alone;
  const standalone = findStandalone(asked, { conversation, rewriting, words });
  if (standalone !== null) {
    const { search, mayStandAlone, ...known } = standalone;
    const weighted = [planned(asked, "asked", ASKED_WEIGHT), planned(search, "standalone", 1 - ASKED_WEIGHT)];
    return { ...alone, queries: weighted, fusion: "mean", standalone: known, mayStandAlone };
  }
  const question = withoutInstructions(asked);
  const told = questionInMessage(question);
  const bare = plainQuestion(told ?? question);
  const dated = otherDateWording(bare);
  const isReferring = told !== null && mayRefer(told);
  const isStory = told !== null && !isReferring && sentenceTexts(question).length > 1;
  const whole = planned(told === null ? bare : question, "asked", isStory ? TOLD_WEIGHT : 1);
  const ownWeight = isReferring ? REFERRING_WEIGHT : 1;
  const parts = questionParts(bare) ?? (told === null ? [] : [{ text: bare, weight: ownWeight }]);
  const statements = told === null && parts.length === 0 ? (statementsOf(bare) ?? []) : [];
  return {
    ...alone,
    queries: [
      whole,
      ...(dated === null ? [] : [planned(dated, "date")]),
      ...parts.map(({ text, weight }) => planned(text, "part", weight)),
      ...statements.map(({ text, weight }) => planned(text, "statement", weight)),
    ],
  };
}

function findStandalone(
  asked: string,
  {
    conversation,
    rewriting,
    words,
  }: {
    readonly conversation: readonly ConversationTurn[];
    readonly rewriting: Rewriting | undefined;
    /** The words of a filter; they are taken out of a rewritten question too. */
    readonly words: string | undefined;
  },
): StandaloneReading | null {
  if (rewriting !== undefined && "text" in rewriting) {
    const { text, model } = rewriting;
    if (bareText(text) === bareText(asked)) return null;
    const search = words === undefined ? text : text.replace(words, " ").replaceAll(/\s+/g, " ").trim();
    const why = "a language model rewrote it from the conversation";
    return { text, search, by: model, why, mayStandAlone: false };
  }
  const standalone = makeStandalone(asked, conversation);
  if (standalone === null || rewriting === undefined) return standalone;
  return { ...standalone, why: `${standalone.why}; no model rewrote it: ${rewriting.problem}` };
}

function distinct(asked: string, queries: readonly string[]): PlannedQuery[] {
  const others = new Set(queries.map((query) => query.trim()).filter((query) => query !== asked.trim()));
  return [...others].map((query) => planned(query, "given"));
}

function planned(query: string, reason: QueryReason, weight = 1): PlannedQuery {
  return { query, reason, weight };
}
