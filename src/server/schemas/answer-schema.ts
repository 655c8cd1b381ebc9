import { z } from "@hono/zod-openapi";
import type { Answer, Citation } from "../../domain/answer.ts";
import { MAX_QUESTION_LENGTH } from "../../answering/use-cases.ts";
import { COLLECTION_NAME_PATTERN, COLLECTION_NAME_RULE, isCollectionName } from "../../domain/collection.ts";
import type { LineRange, Span } from "../../domain/document.ts";
import { interpretationSchema } from "./interpretation-schema.ts";
import { metadataSchema } from "./metadata-schema.ts";

/** A question or query. The routes check its length themselves, since that has an error code of its own. */
export const questionSchema: z.ZodType<string, string> = z.string().openapi({
  description: `1 to ${MAX_QUESTION_LENGTH.toLocaleString("en")} characters, at least one of them visible.`,
  minLength: 1,
  maxLength: MAX_QUESTION_LENGTH,
  pattern: String.raw`\S`,
});

/**
 * A stream of events, as its text. Whether a schema of it describes that or single events, tools do not agree on; but any
 * value at all would make the other reply, the answer, any value in the types that they generate.
 */
export const eventsSchema: z.ZodType<string> = z.string().openapi({ description: "Server-sent events." });

/** Name of a collection in a request. */
export const collectionNameSchema: z.ZodType<string, string> = z
  .string()
  .min(1)
  .max(200)
  .openapi({ description: "Name of a collection; by default that of the setting `collection`.", example: "default" });

/** Name of a collection that may have to be made. */
export const newCollectionNameSchema: z.ZodType<string, string> = z
  .string()
  .refine(isCollectionName, { error: `No name for a collection: ${COLLECTION_NAME_RULE}` })
  .openapi({
    description: `Name of a collection: ${COLLECTION_NAME_RULE}.`,
    example: "default",
    pattern: COLLECTION_NAME_PATTERN.source,
  });

/** Lines of a span. */
export const linesSchema: z.ZodType<LineRange> = z
  .object({ start: z.int(), end: z.int() })
  .openapi("Lines", { description: "First and last line, counted from 1, inclusive." });

/** A span of a document's text. */
export const spanSchema: z.ZodType<Span> = z
  .object({ start: z.int(), end: z.int() })
  .openapi("Span", { description: "UTF-16 code units of the extracted text; the end is exclusive." });

const citationSchema: z.ZodType<Citation> = z
  .object({
    marker: z.int().openapi({ description: "The number in `[n]`." }),
    source: z.string().describe("Path relative to its root, or an address."),
    title: z.string().nullable(),
    heading: z
      .string()
      .optional()
      .describe("The headings that the passage stands under; left out where there are none."),
    lines: linesSchema,
    span: spanSchema,
    page: z.int().nullable().openapi({ description: "Page on which the quote begins, in a paged document." }),
    quote: z.string().openapi({ description: "The stored text of `span`." }),
    score: z.number().describe("Score of the passage that holds the quote."),
    verified: z.boolean().describe("Always true: what fails the check against the stored text is dropped."),
    root: z.string().describe("What was given to `ingest`, or `uploads`."),
    documentId: z.string().describe("For `GET /v1/documents/{id}`."),
    metadata: metadataSchema.optional(),
  })
  .openapi("Citation");

/** An answer, as it leaves the server. */
export const answerSchema: z.ZodType<Answer> = z
  .object({
    id: z.string(),
    question: z.string(),
    answer: z.string().describe("Text with markers `[n]`, in Markdown."),
    status: z
      .enum(["answered", "partial", "insufficient"])
      .describe(
        "`partial`: answered in part, or on weak evidence; `insufficient`: the documents do not hold the answer.",
      ),
    citations: z.array(citationSchema).describe("One for each marker and quote that stood the check."),
    rounds: z.int().describe("Contexts that the assistant was given."),
    searches: z
      .array(z.object({ query: z.string(), hits: z.int(), interpretation: interpretationSchema.optional() }))
      .describe("What was searched for, with the number of hits, in order."),
    model: z.string().describe("The model that answered; `extractive` for the built-in assistant."),
    usage: z
      .object({ promptTokens: z.int(), completionTokens: z.int() })
      .describe("Tokens of all calls of a language model."),
    cost: z.object({ usd: z.number().nullable() }).describe("Null where the price of the model is not known."),
    timing: z.object({ retrieveMs: z.number(), generateMs: z.number(), totalMs: z.number() }),
    conversationId: z.string().describe("Sent with the next question, it goes on with this conversation."),
    context: z
      .array(
        z.object({
          marker: z.int(),
          source: z.string(),
          lines: linesSchema,
          root: z.string(),
          documentId: z.string(),
          score: z.number(),
        }),
      )
      .describe("The numbered passages that the prompts held."),
    droppedCitations: z
      .array(z.object({ marker: z.int(), reason: z.string() }))
      .describe("Markers that were taken out because their check failed."),
    cutBy: z.enum(["length", "content_filter"]).optional().openapi({
      description: "What broke the answer off: the model's token limit, or its endpoint's content filter.",
    }),
    warnings: z.array(z.string()).optional().openapi({
      description:
        "What went wrong beside the answer, such as a reply that was cut off, and what would help where there is none.",
    }),
  })
  .openapi("Answer", {
    example: {
      id: "0197a3c2-6f0e-7d53-9a53-0c6f3a6f2b11",
      question: "How do I install it?",
      answer: "Run the installer once. [1]",
      status: "answered",
      citations: [
        {
          marker: 1,
          source: "guide/install.md",
          title: "Installation",
          lines: { start: 3, end: 3 },
          span: { start: 40, end: 63 },
          page: null,
          quote: "Run the installer once.",
          score: 0.71,
          verified: true,
          root: "/srv/handbook",
          documentId: "5f0c3a7e-6d5b-5a55-8a0e-0f6d3c1b2a90",
        },
      ],
      rounds: 1,
      searches: [{ query: "How do I install it?", hits: 3 }],
      model: "extractive",
      usage: { promptTokens: 0, completionTokens: 0 },
      cost: { usd: 0 },
      timing: { retrieveMs: 12, generateMs: 3, totalMs: 15 },
      conversationId: "0197a3c2-6f0e-7d53-9a53-1f2e3d4c5b6a",
      context: [
        {
          marker: 1,
          source: "guide/install.md",
          lines: { start: 1, end: 9 },
          root: "/srv/handbook",
          documentId: "5f0c3a7e-6d5b-5a55-8a0e-0f6d3c1b2a90",
          score: 0.71,
        },
      ],
      droppedCitations: [],
    },
  });

/** The answer with its keys in the published order, whatever order they were made in. */
export function answerBody(answer: Answer): Answer {
  return {
    id: answer.id,
    question: answer.question,
    answer: answer.answer,
    status: answer.status,
    citations: answer.citations.map(citationBody),
    rounds: answer.rounds,
    searches: answer.searches,
    model: answer.model,
    usage: answer.usage,
    cost: answer.cost,
    timing: answer.timing,
    conversationId: answer.conversationId,
    context: answer.context.map(({ marker, source, lines, root, documentId, score }) => ({
      marker,
      source,
      lines,
      root,
      documentId,
      score,
    })),
    droppedCitations: answer.droppedCitations,
    cutBy: answer.cutBy,
    warnings: answer.warnings,
  };
}

/** A citation with its keys in the published order. */
export function citationBody(citation: Citation): Citation {
  const { marker, source, title, lines, span, page, quote, score, verified, root, documentId, metadata } = citation;
  return { marker, source, title, lines, span, page, quote, score, verified, root, documentId, metadata };
}
