import { z } from "@hono/zod-openapi";
import type { Interpretation, SearchFilter } from "../../domain/hit.ts";
import { strictFields } from "./strict-fields.ts";
import { metadataFilterSchema } from "./metadata-schema.ts";

const filterValue = z.union([z.string().min(1), z.array(z.string().min(1)).min(1).max(1_000)]);

/** Narrows a search. */
export const filterSchema: z.ZodType<SearchFilter, SearchFilter> = strictFields({
  source: filterValue.optional().openapi({ description: "Globs over the source, or exact sources." }),
  language: filterValue.optional().openapi({ description: "Language names, such as `typescript`." }),
  root: filterValue.optional().openapi({ description: "Roots, exact." }),
  metadata: metadataFilterSchema.optional(),
}).openapi("Filter", {
  description: "Values of one key are alternatives; several keys must all hold.",
  example: { source: "guide/**", language: "markdown" },
});

/** How a question was read before it was searched for. */
export const interpretationSchema: z.ZodType<Interpretation> = z
  .object({
    queries: z
      .array(
        z.object({
          query: z.string(),
          reason: z.enum(["asked", "given", "standalone", "part", "statement", "date"]),
          weight: z.number(),
          evidence: z.enum(["good", "weak", "none"]),
        }),
      )
      .openapi({ description: "What was searched for, what each query counted, and how well its best chunk fits it." }),
    fusion: z.enum(["mean", "best"]).openapi({ description: "How the scores of several queries become one." }),
    filter: z
      .object({
        words: z.string().openapi({ description: "The words of the question that it was read from." }),
        filter: filterSchema,
        applied: z.boolean().openapi({ description: "False where the whole collection fits better and was searched." }),
      })
      .nullable(),
    standalone: z
      .object({
        text: z.string(),
        by: z.string().openapi({ description: "`rules`, or the language model that wrote it." }),
        why: z.string(),
      })
      .nullable()
      .openapi({ description: "A follow-up question as it is understood without the conversation." }),
    corrections: z
      .array(z.object({ written: z.string(), read: z.string() }))
      .optional()
      .openapi({
        description:
          "Words that the collection lacks, misspelt or in another form, with what was searched for in their place.",
      }),
  })
  .openapi("Interpretation", { description: "Present where something else was searched than the query alone." });

/** Whether the words of a question are read. */
export const interpretSchema: z.ZodType<boolean, boolean> = z.boolean().openapi({
  description:
    'Whether the words are read: filters such as "in the API docs", several questions in one, follow-up questions, misspelt words. On by default.',
});
