import { CitewellError, type InputProblem } from "../errors.ts";
import { MAX_QUESTION_LENGTH, type AnswerRequest } from "./use-cases.ts";

/** A whole number within bounds. */
export interface NumberRule {
  readonly path: string;
  readonly value: number | undefined;
  readonly from: number;
  readonly to: number;
}

/** Refuses an empty or over-long question or query. `path` is its name in the request. */
export function checkQuestion(path: string, text: string): void {
  if (text.trim() === "") {
    const message = `The ${path} is empty. Write what you want to know.`;
    throw new CitewellError("usage_invalid", message, { problems: [{ path, message }] });
  }
  if (text.length > MAX_QUESTION_LENGTH) {
    const message = `The ${path} has ${String(text.length)} characters, and ${String(MAX_QUESTION_LENGTH)} are allowed. Shorten it, or ingest the long text and ask about it.`;
    throw new CitewellError("question_too_long", message, { problems: [{ path, message }] });
  }
}

/** Refuses a handed-over history beside a stored conversation: only one of them can be what went before. */
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
