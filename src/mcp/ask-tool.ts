import type { CallToolResult } from "@modelcontextprotocol/server";
import type { AnswerTask } from "../answering/use-cases.ts";
import type { Answer, Citation } from "../domain/answer.ts";
import type { McpContext } from "./mcp-context.ts";
import type { AskOutput } from "./tool-outputs.ts";
import { fitList, toolResult, withNotes } from "./tool-result.ts";

/** A call of `ask`. */
export interface AskCall {
  readonly question: string;
  readonly collection?: string | undefined;
  readonly task?: AnswerTask | undefined;
  readonly model?: string | undefined;
  readonly conversation_id?: string | undefined;
  readonly max_tokens: number;
}

/** Answers a question with citations. */
export async function ask(context: McpContext, call: AskCall, signal: AbortSignal): Promise<CallToolResult> {
  const { question, task, model, conversation_id: conversationId } = call;
  // A conversation knows its collection.
  const collection = call.collection ?? (conversationId === undefined ? context.collection : undefined);
  const notes = collection === undefined ? [] : await context.refresher.refresh(collection, signal);
  const events = context.useCases.answerQuestion({
    question,
    signal,
    ...(collection === undefined ? {} : { collection }),
    ...(task === undefined ? {} : { task }),
    ...(model === undefined ? {} : { model }),
    ...(conversationId === undefined ? {} : { conversationId }),
  });
  let step = await events.next();
  while (step.done !== true) step = await events.next();
  const answer = step.value;
  return fitList(answer.citations, {
    maxTokens: call.max_tokens,
    countTokens: (text) => context.useCases.countTokens(text),
    build: (citations, leftOut) => {
      const said =
        leftOut === 0 ? notes : [...notes, `${leftOut} citations did not fit max_tokens ${call.max_tokens}.`];
      const output = toOutput(answer, citations, said);
      return toolResult(withNotes(toText(answer, citations), said), output);
    },
    shorten: ({ quote, ...citation }) =>
      quote.length < 80 ? null : { ...citation, quote: quote.slice(0, quote.length / 2) },
  });
}

function toOutput(answer: Answer, citations: readonly Citation[], notes: readonly string[]): AskOutput {
  return {
    question: answer.question,
    answer: answer.answer,
    status: answer.status,
    citations: citations.map(({ marker, source, root, lines, quote, verified }) => ({
      marker,
      path: source,
      root,
      start_line: lines.start,
      end_line: lines.end,
      quote,
      verified,
    })),
    model: answer.model,
    conversation_id: answer.conversationId,
    notes: [...notes],
  };
}

function toText({ answer, status }: Answer, citations: readonly Citation[]): string {
  const places = citations.map(({ marker, source, lines }) => `[${marker}] ${source}:${lines.start}-${lines.end}`);
  const standing = status === "answered" ? [] : [`Status: ${status}.`];
  return [answer, ...standing, ...(places.length === 0 ? [] : [[...new Set(places)].join("\n")])].join("\n\n");
}
