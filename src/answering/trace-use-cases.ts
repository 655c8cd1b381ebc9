import { context, SpanStatusCode, trace } from "@opentelemetry/api";
import type { Attributes, Context, Span, Tracer } from "@opentelemetry/api";
import type { AnswerEvent } from "../domain/answer.ts";
import type { IngestEvent } from "../domain/ingest.ts";
import { isCitewellError } from "../errors.ts";
import { DEFAULT_COLLECTION } from "./open-collection.ts";
import type { UseCases } from "./use-cases.ts";

/** Options of {@link traceUseCases}. */
export interface TraceUseCasesOptions {
  /**
   * Makes the spans.
   * @default the tracer `citewell` of the registered provider; without one nothing is recorded
   */
  readonly tracer?: Tracer;
}

/**
 * Makes one OpenTelemetry span of each answer, search, search for code and ingestion, with counts, scores and times.
 * Texts of questions, documents and answers stay out of the spans.
 */
export function traceUseCases(
  useCases: UseCases,
  { tracer = trace.getTracer("citewell") }: TraceUseCasesOptions = {},
): UseCases {
  return {
    ...useCases,
    answerQuestion(request) {
      const { collection = DEFAULT_COLLECTION, task = "qa", conversationId } = request;
      const attributes = {
        ...of(collection),
        "citewell.task": task,
        ...(conversationId === undefined ? {} : { "gen_ai.conversation.id": conversationId }),
      };
      return inGeneratorSpan(useCases.answerQuestion(request), {
        tracer,
        name: "answer",
        attributes,
        note: noteAnswer,
      });
    },
    searchCorpus({ collection = DEFAULT_COLLECTION, mode = "hybrid", ...request }) {
      return inSpan(() => useCases.searchCorpus({ collection, mode, ...request }), {
        tracer,
        name: "search",
        attributes: { ...of(collection), "citewell.mode": mode },
        describe: ({ hits, evidence, timing }) => ({
          "citewell.hits": hits.length,
          "citewell.evidence": evidence,
          "citewell.embed_ms": timing.embedMs,
          "citewell.search_ms": timing.searchMs,
        }),
      });
    },
    findCode({ collection = DEFAULT_COLLECTION, ...request }) {
      return inSpan(() => useCases.findCode({ collection, ...request }), {
        tracer,
        name: "find code",
        attributes: of(collection),
        describe: ({ files, evidence }) => ({ "citewell.files": files.length, "citewell.evidence": evidence }),
      });
    },
    ingestRoots(options) {
      const attributes = { ...of(options.collection ?? DEFAULT_COLLECTION), "citewell.roots": options.roots.length };
      return inGeneratorSpan(useCases.ingestRoots(options), { tracer, name: "ingest", attributes, note: noteIngest });
    },
    submitDocuments(request) {
      const attributes = {
        ...of(request.collection ?? DEFAULT_COLLECTION),
        "citewell.submitted": request.documents.length,
      };
      return inGeneratorSpan(useCases.submitDocuments(request), {
        tracer,
        name: "submit documents",
        attributes,
        note: noteIngest,
      });
    },
  };
}

function of(collection: string): Attributes {
  return { "citewell.collection": collection };
}

function noteAnswer(span: Span, event: AnswerEvent): void {
  if (event.type === "retrieval") span.addEvent("retrieval", { "citewell.hits": event.hits.length });
  if (event.type === "context-update") span.addEvent("context update", { "citewell.round": event.round });
  if (event.type !== "answer") return;
  const { status, rounds, citations, model, usage, cost, timing } = event.answer;
  span.setAttributes({
    "citewell.status": status,
    "citewell.rounds": rounds,
    "citewell.citations": citations.length,
    "citewell.retrieve_ms": timing.retrieveMs,
    "citewell.generate_ms": timing.generateMs,
    "gen_ai.response.model": model,
    "gen_ai.usage.input_tokens": usage.promptTokens,
    "gen_ai.usage.output_tokens": usage.completionTokens,
    ...(cost.usd === null ? {} : { "citewell.cost_usd": cost.usd }),
  });
}

function noteIngest(span: Span, event: IngestEvent): void {
  if (event.type !== "ingest-end") return;
  const { documents, chunks, tokens } = event.report;
  span.setAttributes({
    "citewell.documents.added": documents.added,
    "citewell.documents.changed": documents.changed,
    "citewell.documents.removed": documents.removed,
    "citewell.documents.failed": documents.failed,
    "citewell.chunks.embedded": chunks.embedded,
    "citewell.chunks.reused": chunks.reused,
    "citewell.tokens": tokens,
  });
}

/** Events after which nothing of interest comes. */
const LAST_EVENTS: ReadonlySet<string> = new Set(["answer", "ingest-end"]);

interface SpanOptions {
  readonly tracer: Tracer;
  readonly name: string;
  readonly attributes: Attributes;
}

async function inSpan<Result>(
  run: () => Promise<Result>,
  { tracer, name, attributes, describe }: SpanOptions & { readonly describe: (result: Result) => Attributes },
): Promise<Result> {
  const span = tracer.startSpan(name, { attributes });
  try {
    const result = await context.with(trace.setSpan(context.active(), span), run);
    span.setAttributes(describe(result));
    return result;
  } catch (error) {
    fail(span, error);
    throw error;
  } finally {
    span.end();
  }
}

/** A span that lasts from the first step of a generator to its end, whoever ends it. */
async function* inGeneratorSpan<Event extends { readonly type: string }, Result>(
  steps: AsyncGenerator<Event, Result>,
  { tracer, name, attributes, note }: SpanOptions & { readonly note: (span: Span, event: Event) => void },
): AsyncGenerator<Event, Result> {
  const span = tracer.startSpan(name, { attributes });
  // Between two steps the caller's own context is the active one, so each step enters the span's again.
  const inside: Context = trace.setSpan(context.active(), span);
  let finished = false;
  try {
    for (;;) {
      const next = await context.with(inside, () => steps.next());
      if (next.done === true) {
        finished = true;
        return next.value;
      }
      note(span, next.value);
      // Whoever has the last event need not ask for more.
      finished = LAST_EVENTS.has(next.value.type);
      yield next.value;
    }
  } catch (error) {
    finished = true;
    fail(span, error);
    throw error;
  } finally {
    if (!finished) span.addEvent("abandoned");
    // Nothing is left to close in steps that ended.
    await context.with(inside, () => closeEarly(steps));
    span.end();
  }
}

async function closeEarly(steps: AsyncGenerator<unknown, unknown>): Promise<void> {
  await steps.return(undefined);
}

function fail(span: Span, error: unknown): void {
  // The sentence may hold a file's name or a part of the question; the code says what kind of failure it is.
  const unnamed = error instanceof Error ? error.name : "error";
  const kind = isCitewellError(error) ? error.code : unnamed;
  span.setAttribute("error.type", kind);
  span.setStatus({ code: SpanStatusCode.ERROR, message: kind });
}
