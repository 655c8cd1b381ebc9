import type { Attributes, Span } from "@opentelemetry/api";
import type { AnswerEvent } from "../domain/answer.ts";
import { DEFAULT_COLLECTION } from "../domain/collection.ts";
import type { IngestCorpus, IngestEvent, IngestReport } from "../domain/ingest.ts";
import { inGeneratorSpan, inSpan } from "../tracing/in-span.ts";
import type { UseCases } from "./use-cases.ts";

/**
 * Wraps use cases so that each answer, search, search for code and submission makes one OpenTelemetry span, with
 * counts, scores and times but without texts of questions, documents and answers. Ingestions of roots get theirs from
 * {@link traceIngest}, since watching makes them too.
 */
export function traceUseCases(useCases: UseCases): UseCases {
  return {
    ...useCases,
    answerQuestion(request) {
      const { collection, task = "qa", conversationId } = request;
      const attributes = {
        ...of(collection),
        "citewell.task": task,
        ...(conversationId === undefined ? {} : { "gen_ai.conversation.id": conversationId }),
      };
      return inGeneratorSpan(useCases.answerQuestion(request), {
        name: "answer",
        attributes,
        note: noteAnswer,
        isLast: ({ type }) => type === "answer",
      });
    },
    searchCorpus(request) {
      const { collection, mode = "hybrid" } = request;
      return inSpan(() => useCases.searchCorpus(request), {
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
    findCode(request) {
      return inSpan(() => useCases.findCode(request), {
        name: "find code",
        attributes: of(request.collection),
        describe: ({ files, evidence }) => ({ "citewell.files": files.length, "citewell.evidence": evidence }),
      });
    },
    submitDocuments(request) {
      const attributes = { ...of(request.collection), "citewell.submitted": request.documents.length };
      return inIngestSpan(useCases.submitDocuments(request), { name: "submit documents", attributes });
    },
    pages: {
      ...useCases.pages,
      submit: (request) =>
        inIngestSpan(useCases.pages.submit(request), { name: "submit page", attributes: of(request.collection) }),
    },
  };
}

/** Wraps the ingestion of roots so that each one makes an OpenTelemetry span with counts. */
export function traceIngest(ingest: IngestCorpus): IngestCorpus {
  return (options) => {
    const attributes = { ...of(options.collection), "citewell.roots": options.roots.length };
    return inIngestSpan(ingest(options), { name: "ingest", attributes });
  };
}

function of(collection = DEFAULT_COLLECTION): Attributes {
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

function inIngestSpan(
  events: AsyncGenerator<IngestEvent, IngestReport>,
  start: { readonly name: string; readonly attributes: Attributes },
): AsyncGenerator<IngestEvent, IngestReport> {
  return inGeneratorSpan(events, { ...start, note: noteIngest, isLast: ({ type }) => type === "ingest-end" });
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
