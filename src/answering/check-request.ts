import { checkNeeded, checkOptions, oneOf, type OptionKind } from "../domain/check-options.ts";
import { SIGNAL_RULE } from "../domain/part-rules.ts";
import { checkSearchFilter } from "../domain/search-filter.ts";
import { CitewellError, type InputProblem } from "../errors.ts";
import { MAX_FURTHER_QUERIES, MAX_QUESTION_LENGTH, type AnswerRequest } from "./use-cases.ts";

const ANSWER_REQUEST: Readonly<Record<keyof AnswerRequest, OptionKind>> = {
  question: true,
  collection: "name",
  task: oneOf("qa", "code", "default"),
  limit: true,
  maxRounds: true,
  model: "text",
  conversationId: "text",
  history: "list",
  filter: true,
  interpret: "flag",
  admit: "function",
  signal: SIGNAL_RULE,
};

/** Throws a `TypeError` for a request to answer that holds what nothing reads, or something of the wrong kind. */
export function checkAnswerRequest(request: AnswerRequest): void {
  const instead = { query: "write question", topK: "write limit", nResults: "write limit", problem: "write question" };
  checkOptions(request, { owner: "answerQuestion", known: ANSWER_REQUEST, instead });
  if (request.filter !== undefined) checkSearchFilter(request.filter, "answerQuestion.filter");
}

/** A number of a request that must be whole and within bounds. */
export interface NumberRule {
  readonly path: string;
  readonly value: number | undefined;
  readonly from: number;
  readonly to: number;
}

/** Options of {@link checkQuestion}. */
export interface CheckQuestionOptions {
  /** What an error calls it. @default its path */
  readonly name?: string;
  /** The most characters. @default MAX_QUESTION_LENGTH */
  readonly most?: number;
}

/** Refuses an empty or over-long question or query. `path` is its name in the request. */
export function checkQuestion(
  path: string,
  text: string,
  { name = path, most = MAX_QUESTION_LENGTH }: CheckQuestionOptions = {},
): void {
  checkNeeded(path, text, "text");
  if (text.trim() === "") {
    const message = `The ${name} is empty. Write what you want to know.`;
    throw new CitewellError("usage_invalid", message, { problems: [{ path, message }] });
  }
  if (text.length > most) {
    const message = `The ${name} has ${String(text.length)} characters, and ${String(most)} are allowed. Shorten it, or ingest the long text and ask about it.`;
    throw new CitewellError("question_too_long", message, { problems: [{ path, message }] });
  }
}

/** Refuses further queries of a search: too many, or one that is empty or too long. */
export function checkFurtherQueries(queries: readonly string[]): void {
  for (const [index, query] of queries.entries()) {
    checkQuestion(`queries.${String(index)}`, query, { name: `further query ${String(index + 1)}` });
  }
  if (queries.length <= MAX_FURTHER_QUERIES) return;
  const message = `There are ${String(queries.length)} further queries, and ${String(MAX_FURTHER_QUERIES)} are allowed. Leave some out, or search twice.`;
  throw new CitewellError("usage_invalid", message, { problems: [{ path: "queries", message }] });
}

/**
 * Refuses a history in the request together with a stored conversation: only one of them can be what was said before.
 */
export function checkHistory({ history, conversationId }: Pick<AnswerRequest, "history" | "conversationId">): void {
  if (history === undefined || history.length === 0 || conversationId === undefined) return;
  const message = "history and conversationId exclude each other: the stored conversation has a history of its own.";
  throw new CitewellError("usage_invalid", message, { problems: [{ path: "history", message }] });
}

/** Refuses numbers outside their bounds, all of them in one error. */
export function checkNumbers(rules: readonly NumberRule[]): void {
  const problems: InputProblem[] = rules
    .filter(({ value, from, to }) => value !== undefined && !(Number.isInteger(value) && value >= from && value <= to))
    .map(({ path, value, from, to }) => ({
      path,
      message: `${path} is a whole number from ${String(from)} to ${String(to)}, not ${String(value)}.`,
    }));
  if (problems.length > 0) {
    throw new CitewellError("usage_invalid", problems.map(({ message }) => message).join(" "), { problems });
  }
}
