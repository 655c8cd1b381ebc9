import { checkValue, oneOf } from "../../domain/check-options.ts";
import { oneLine } from "../../domain/one-line.ts";

/** What an agent was taught: something that is so, how a person wants something, or how something is done. */
export type MemoKind = "fact" | "preference" | "skill";

/** A memo that is not stored yet. */
export interface MemoText {
  /** @default "fact" */
  readonly kind?: MemoKind | undefined;
  /** What later messages are compared with: a question that it answers, or the kind of task it helps with. */
  readonly input: string;
  /** What is recalled. */
  readonly output: string;
}

/** Something that an agent was taught. */
export interface Memo extends Required<MemoText> {
  readonly id: string;
  /** ISO 8601 time of the last change. */
  readonly updatedAt: string;
}

/** A memo found for a text. */
export interface RecalledMemo extends Memo {
  /** Squared distance of the text and the memo, as unit vectors: 0 the same, 2 unrelated, 4 opposite. */
  readonly distance: number;
}

const KIND = oneOf(...(["fact", "preference", "skill"] satisfies MemoKind[]));

/** A memo as it is kept: its input on one line; throws a `TypeError` for what is none. */
export function checkMemo({ kind = "fact", input, output }: MemoText): Required<MemoText> {
  if (typeof input !== "string" || typeof output !== "string") {
    throw new TypeError(
      "A memo needs input, what later messages are compared with, and output, what is recalled: both are texts.",
    );
  }
  // The first line of a memo's text is its input.
  const line = oneLine(input);
  const text = output.trim();
  if (line === "" || text === "") throw new TypeError("A memo needs an input and an output.");
  checkValue("kind", kind, KIND);
  return { kind, input: line, output: text };
}
