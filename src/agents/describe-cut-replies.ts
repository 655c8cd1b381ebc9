import type { ReplyCut } from "../domain/answer.ts";
import type { ModelCallRecord } from "./conversation.ts";

/** Tells of each model whose replies were broken off, and what to do about it; one sentence for each model and cause. */
export function describeCutReplies(calls: readonly ModelCallRecord[]): readonly string[] {
  return [...new Set(calls.flatMap(({ model, cutBy }) => (cutBy === undefined ? [] : [SENTENCES[cutBy](model)])))];
}

const SENTENCES: Readonly<Record<ReplyCut, (model: string) => string>> = {
  length: (model) =>
    `The reply of ${model} was cut off at its token limit and may lack what matters most; raise the limit (llmConfig.maxTokens of an agent, else that of the model's endpoint) or ask for less at a time.`,
  content_filter: (model) =>
    `The reply of ${model} was cut off by its endpoint's content filter and may lack what matters most; ask in other words.`,
};
