import type { AnswerRequest, AnswerTask } from "../../answering/use-cases.ts";
import type { Answer, AnswerEvent } from "../../domain/answer.ts";
import { countOf } from "../../domain/count-of.ts";
import { CitewellError } from "../../errors.ts";
import type { CommandContext } from "../command-context.ts";
import { EXIT_DONE } from "../exit-codes.ts";
import { formatAnswerDetails, formatReading, formatSources, formatStanding } from "../output/format-answer.ts";
import { createStatusLine } from "../output/status-line.ts";
import { printable, shorten } from "../output/text-layout.ts";
import { createWordWrap, type WordWrap } from "../output/word-wrap.ts";
import { filterOf, type FilterFlags } from "./filter-flags.ts";
import { wordsOrInput } from "./words-or-input.ts";

/** Flags of `ask`; `chat` takes all but `meta`, `stream` and `explain`. */
export interface AskFlags extends FilterFlags {
  readonly task?: AnswerTask;
  readonly limit?: number;
  readonly maxRounds?: number;
  readonly model?: string;
  /** Whether the words are searched for as they are, without reading anything from them. */
  readonly asIs?: boolean;
  readonly stream?: boolean;
  readonly explain?: boolean;
}

/** Answers one question; the exit code is 0 too when the collection does not hold an answer. */
export async function runAsk(
  context: CommandContext,
  { question, flags }: { readonly question: string; readonly flags: AskFlags },
): Promise<number> {
  const missing = 'A question is missing: citewell ask "<question>", or write it to standard input.';
  const asked = await wordsOrInput(question, { io: context.io, missing });
  const request = createRequest(context, { question: asked, flags });
  if (!context.flags.json) {
    const answer = await printAnswer(context, { request, stream: flags.stream ?? false });
    if (flags.explain === true) context.print(`\n${formatAnswerDetails(answer, context)}`);
    return EXIT_DONE;
  }
  const { answerQuestion } = await context.useCases();
  for await (const event of answerQuestion(request)) {
    if (flags.stream === true) context.printJson(event);
    else if (event.type === "answer") context.printJson(event.answer);
  }
  return EXIT_DONE;
}

/** The request that a question with flags makes. */
export function createRequest(
  { config, signal }: CommandContext,
  { question, flags }: { readonly question: string; readonly flags: AskFlags },
): AnswerRequest {
  const { task, limit, maxRounds, model, asIs = false } = flags;
  const { collection } = config;
  return {
    question,
    collection,
    signal,
    task,
    limit,
    maxRounds,
    model,
    interpret: asIs ? false : undefined,
    filter: filterOf(flags),
  };
}

/** Prints an answer with its sources, with `stream` while it is being written. */
export async function printAnswer(
  context: CommandContext,
  { request, stream }: { readonly request: AnswerRequest; readonly stream: boolean },
): Promise<Answer> {
  const { answerQuestion } = await context.useCases();
  const status = createStatusLine(context, { needsTerminal: true });
  // The text that was streamed since the last context update.
  let streamed = "";
  let wrap = answerWrap(context);
  let answer: Answer | undefined;
  try {
    for await (const event of answerQuestion(request)) {
      if (event.type === "delta") {
        if (!stream) continue;
        status.clear();
        context.io.stdout.write(wrap.push(printable(event.text)));
        streamed += event.text;
      } else if (event.type === "answer") {
        answer = event.answer;
      } else {
        if (streamed !== "") context.print(`${wrap.end()}\n`);
        streamed = "";
        wrap = answerWrap(context);
        status.update(() => stateWords(event));
      }
    }
  } finally {
    status.clear();
    if (streamed !== "") context.io.stdout.write(wrap.end());
  }
  if (answer === undefined)
    throw new CitewellError("internal", "The answer never came; this is a mistake in citewell.");
  printOutcome(context, { answer, streamed });
  return answer;
}

/** Answers are wrapped on a terminal; what goes into a file or a pipe stays as it is. */
function answerWrap({ io, width }: CommandContext): WordWrap {
  return createWordWrap(io.isTerminal.stdout ? width : Number.POSITIVE_INFINITY);
}

function wrapWhole(answer: string, context: CommandContext): string {
  const wrap = answerWrap(context);
  return wrap.push(printable(answer)) + wrap.end();
}

function stateWords(event: Exclude<AnswerEvent, { type: "delta" | "answer" }>): string {
  return event.type === "retrieval"
    ? `Reading ${countOf(event.hits.length, "passage")} …`
    : `Round ${event.round}: looking for ${shorten(event.query, 60)} …`;
}

function printOutcome(context: CommandContext, { answer, streamed }: { answer: Answer; streamed: string }): void {
  if (streamed === "") {
    context.print(wrapWhole(answer.answer, context));
  } else if (streamed.trim() === answer.answer.trim()) {
    if (!streamed.endsWith("\n")) context.print("");
  } else {
    // Markers without a quote in the stored text are removed after the model has written them.
    context.print(`\n\n${context.colors.dim("After checking the citations:")}\n${wrapWhole(answer.answer, context)}`);
  }
  const sources = formatSources(answer, context);
  if (sources !== "") context.print(`\n${sources}`);
  const reading = formatReading(answer);
  if (reading !== "") context.note(`\n${reading}`);
  const standing = formatStanding(answer, context);
  if (standing !== "") context.print(`\n${standing}`);
  for (const warning of answer.warnings ?? []) context.note(`\n${warning}`);
}
