import { z } from "@hono/zod-openapi";
import type { Hit, SearchExplanation, SearchResult } from "../../domain/hit.ts";
import { linesSchema, spanSchema } from "./answer-schema.ts";
import { interpretationSchema } from "./interpretation-schema.ts";
import { metadataSchema } from "./metadata-schema.ts";

const scoresSchema = z
  .object({ dense: z.number().nullable(), lexical: z.number().nullable(), sentence: z.number().nullable() })
  .openapi("Scores", { description: "Parts of a score; null where the mode of the search did not need it." });

/** A span found for a query. */
export const hitSchema: z.ZodType<Hit> = z
  .object({
    rank: z.int(),
    score: z.number().describe("S of the best chunk; scores of different queries can be compared."),
    root: z.string().describe("What was given to `ingest`, or `uploads`."),
    source: z.string().describe("Path relative to its root, or an address."),
    title: z.string().nullable(),
    heading: z
      .string()
      .optional()
      .openapi({ description: "The headings that all of the text stands under; left out where there are none." }),
    lines: linesSchema,
    span: spanSchema,
    page: z.int().nullable().openapi({ description: "Page on which the text begins, in a paged document." }),
    pageStarts: z
      .array(z.object({ page: z.int(), start: z.int() }))
      .optional()
      .openapi({
        description:
          "Where further pages begin, as offsets like those of `span`; left out where the text lies on one page.",
      }),
    language: z.string(),
    symbol: z.string().nullable().describe("In code, the path of what the text defines, such as `VectorStore.search`."),
    text: z.string(),
    scores: scoresSchema,
    documentId: z.string().describe("For `GET /v1/documents/{id}`."),
    chunkIds: z.array(z.string()).describe("The chunks that were joined, in the document's order."),
    metadata: metadataSchema.optional(),
  })
  .openapi("Hit");

const similarityScaleSchema = z.object({ unrelated: z.number(), related: z.number() });

const explanationSchema: z.ZodType<SearchExplanation> = z
  .object({
    interpretation: interpretationSchema,
    terms: z.array(z.object({ term: z.string(), idf: z.number() })),
    stopScore: z
      .number()
      .nullable()
      .describe("Score below which the walk down the ranking stops; null without hits or with `stop: false`."),
    candidates: z.array(
      z.object({
        chunkId: z.string(),
        source: z.string(),
        lines: linesSchema,
        score: z.number(),
        scores: scoresSchema,
        fate: z.enum(["opened", "joined", "below-stop", "over-budget", "over-limit", "excluded"]),
      }),
    ),
    weights: z.object({ lexical: z.number(), sentence: z.number(), dense: z.number() }),
    cosines: z.object({ model: similarityScaleSchema, countAs: similarityScaleSchema }).optional(),
  })
  .openapi("SearchExplanation");

/** The outcome of a search, as it leaves the server. */
export const searchResultSchema: z.ZodType<SearchResult> = z
  .object({
    query: z.string(),
    collection: z.string(),
    mode: z.enum(["hybrid", "dense", "lexical"]),
    hits: z.array(hitSchema),
    timing: z.object({ embedMs: z.number(), searchMs: z.number() }),
    evidence: z
      .enum(["good", "weak", "none"])
      .describe("How well the best hit fits; `none`: nothing fitting was found."),
    interpretation: interpretationSchema.optional(),
    explain: explanationSchema.optional(),
  })
  .openapi("SearchResult");

/** The search result with its keys in the published order. */
export function searchBody(result: SearchResult): SearchResult {
  const { query, collection, mode, hits, timing, evidence, interpretation, explain } = result;
  return {
    query,
    collection,
    mode,
    hits: hits.map(hitBody),
    timing,
    evidence,
    interpretation,
    explain,
  };
}

/** A hit with its keys in the published order. */
export function hitBody(hit: Hit): Hit {
  const { rank, score, root, source, title, heading, lines, span, page, pageStarts, language, symbol } = hit;
  const { text, scores, documentId, chunkIds, metadata } = hit;
  const place = { rank, score, root, source, title, heading, lines, span, page, pageStarts, language, symbol };
  return { ...place, text, scores, documentId, chunkIds, metadata };
}
