import type { Answer } from "../domain/answer.ts";
import { oneLine } from "../domain/one-line.ts";
import { answerText } from "./answer-text.ts";
import { collectionNameFor } from "./collection-name.ts";

/** A conversation as Markdown: each question a heading, its answer, and the cited places. */
export function conversationText(answers: readonly Answer[]): string {
  return answers.map((answer) => `## ${answerText({ ...answer, question: oneLine(answer.question) })}\n`).join("\n");
}

/** A name for the file that a conversation is saved as. */
export function conversationFileName(answers: readonly Answer[]): string {
  const name = collectionNameFor((answers[0]?.question ?? "").slice(0, 60)).replace(/[.-]+$/, "");
  return `${name === "" ? "conversation" : name}.md`;
}
