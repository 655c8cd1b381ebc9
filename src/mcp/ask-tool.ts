import type { CallToolResult } from "@modelcontextprotocol/server";
import { describeReading } from "../answering/describe-reading.ts";
import type { AnswerTask } from "../answering/use-cases.ts";
import { isIntroduction, nearestSearch, type Answer, type Citation } from "../domain/answer.ts";
import { runToEnd } from "../domain/run-to-end.ts";
import { checkPlaces } from "./check-places.ts";
import type { CallContext } from "./mcp-context.ts";
import type { AskOutput } from "./tool-outputs.ts";
import { echoOf, fitList, isFitting, type ResultRoom, toolResult, withNotes } from "./tool-result.ts";

/** A call of `ask`. */
export interface AskCall {
  readonly question: string;
  readonly collection?: string | undefined;
  readonly task?: AnswerTask | undefined;
  readonly model?: string | undefined;
  readonly conversation_id?: string | undefined;
  readonly interpret?: boolean | undefined;
  readonly max_tokens: number;
}

/** Answers a question with citations. */
export async function ask(context: CallContext, call: AskCall): Promise<CallToolResult> {
  const { signal } = context;
  const { question, task, model, conversation_id: conversationId, interpret } = call;
  const collection = await collectionOf(context, call);
  const notes = collection === undefined ? [] : await context.refresh(collection);
  const said = await runToEnd(
    context.useCases.answerQuestion({ question, signal, collection, task, model, conversationId, interpret }),
  );
  const room = { maxTokens: call.max_tokens, countTokens: (text: string) => context.useCases.countTokens(text) };
  const since = collection === undefined ? null : context.refresher.inStepSince(collection);
  const { answer, notes: old } = await checkCitations(said, since);
  return fitAnswer(answer, {
    ...room,
    notes: [...notes, ...old, ...(answer.warnings ?? []), ...readingNotes(answer, room)],
  });
}

/** The collection to bring in step; undefined if the conversation does not exist, which the answer then says. */
async function collectionOf(
  { useCases, collection: usual }: CallContext,
  { collection, conversation_id: id }: AskCall,
): Promise<string | undefined> {
  if (collection !== undefined) return collection;
  return id === undefined ? usual : (await useCases.conversations.get(id))?.collection;
}

/** An answer whose citations name the lines where their quotes stand now. */
async function checkCitations(
  answer: Answer,
  since: number | null,
): Promise<{ readonly answer: Answer; readonly notes: readonly string[] }> {
  const cited = answer.citations.map((citation) => {
    const { source: path, root, lines } = citation;
    return { citation, path, root, start_line: lines.start, end_line: lines.end };
  });
  const { places, notes } = await checkPlaces(cited, { since, textOf: ({ citation }) => citation.quote });
  const citations = places.map(({ citation, start_line: start, end_line: end }) => ({
    ...citation,
    lines: { start, end },
  }));
  return { answer: { ...answer, citations }, notes };
}

/** Notes on what was read from a question, such as a filter or misspelt words. */
function readingNotes({ searches }: Answer, room: ResultRoom): readonly string[] {
  const read = searches[0]?.interpretation;
  if (read === undefined) return [];
  const { standalone } = read;
  return [
    ...describeReading(read, "interpret: false"),
    ...(standalone === null ? [] : [`Understood from the conversation as: ${echoOf(standalone.text, room)}`]),
  ];
}

/** Makes an answer fit: citations are dropped first; if it does not fit without any, the answer is cut. */
function fitAnswer(
  answer: Answer,
  { notes, ...room }: ResultRoom & { readonly notes: readonly string[] },
): CallToolResult {
  const question = echoOf(answer.question, room);
  const buildWith =
    (said: Answer) =>
    (citations: readonly Citation[], leftOut: number): CallToolResult => {
      const all = [
        ...notes,
        ...(said === answer ? [] : [`The answer did not fit max_tokens ${room.maxTokens}; this is its beginning.`]),
        ...(leftOut === 0
          ? []
          : [`${leftOut} ${leftOut === 1 ? "citation" : "citations"} did not fit max_tokens ${room.maxTokens}.`]),
      ];
      return toolResult(withNotes(toText(said, citations), all), toOutput({ ...said, question }, citations, all));
    };
  let said = answer;
  while (said.answer.length > SHORTEST_ANSWER && !isFitting(buildWith(said)([], answer.citations.length), room)) {
    said = {
      ...said,
      answer: `${said.answer
        .slice(0, said.answer.length * 0.7)
        .trimEnd()
        .toWellFormed()}…`,
    };
  }
  return fitList(answer.citations, {
    ...room,
    build: buildWith(said),
    shorten: ({ quote, ...citation }) =>
      quote.length < 80 ? null : { ...citation, quote: quote.slice(0, quote.length / 2).toWellFormed() },
  });
}

/** An answer is not cut to fewer characters than this. */
const SHORTEST_ANSWER = 30;

function toOutput(answer: Answer, citations: readonly Citation[], notes: readonly string[]): AskOutput {
  return {
    question: answer.question,
    answer: answer.answer,
    status: answer.status,
    citations: citations.map(({ marker, source, root, lines, page, quote, verified }) => ({
      marker,
      path: source,
      root,
      start_line: lines.start,
      end_line: lines.end,
      page,
      quote,
      verified,
    })),
    model: answer.model,
    conversation_id: answer.conversationId,
    notes: [...notes],
  };
}

function toText(given: Answer, citations: readonly Citation[]): string {
  const { answer, status } = given;
  const places = citations.map(({ marker, source, lines, page }) => {
    return `[${marker}] ${source}:${lines.start}-${lines.end}${page === null ? "" : ` p. ${page}`}`;
  });
  const nearest = nearestSearch(given) === undefined ? "" : " search_docs shows the passages that come nearest.";
  const standing = status === "answered" || isIntroduction(given) ? [] : [`Status: ${status}.${nearest}`];
  return [answer, ...standing, ...(places.length === 0 ? [] : [[...new Set(places)].join("\n")])].join("\n\n");
}
