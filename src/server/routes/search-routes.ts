import { createRoute, z } from "@hono/zod-openapi";
import { collectionNameSchema, questionSchema } from "../schemas/answer-schema.ts";
import { filterSchema, interpretSchema } from "../schemas/interpretation-schema.ts";
import { checkFurtherQueries, checkQuestion } from "../../answering/check-request.ts";
import { MAX_FURTHER_QUERIES } from "../../answering/use-cases.ts";
import { jsonBody, jsonReply } from "../schemas/json-content.ts";
import { problemResponses } from "../schemas/problem-schema.ts";
import type { RouteContext, ServerApp } from "../route-context.ts";
import { searchBody, searchResultSchema } from "../schemas/search-schema.ts";
import { strictFields } from "../schemas/strict-fields.ts";
import { workSignal } from "../server-env.ts";

const searchRequestSchema = strictFields({
  query: questionSchema,
  queries: z.array(questionSchema).max(MAX_FURTHER_QUERIES).optional().openapi({
    description: "Further queries, searched for together with `query`; the best hit of each counts alike.",
  }),
  collection: collectionNameSchema.optional(),
  limit: z.int().min(1).max(100).optional().openapi({ description: "Spans at most; 5 by default." }),
  mode: z.enum(["hybrid", "dense", "lexical"]).optional().openapi({ description: "`hybrid` by default." }),
  filter: filterSchema.optional(),
  interpret: interpretSchema.optional(),
  explain: z.boolean().optional().openapi({ description: "Adds every score and what was cut." }),
  stop: z
    .boolean()
    .optional()
    .openapi({ description: "Fewer than `limit` when the rest is much weaker; on by default." }),
}).openapi("SearchRequest", { example: { query: "install", limit: 5 } });

const route = createRoute({
  method: "post",
  path: "/v1/search",
  tags: ["Answers"],
  operationId: "search",
  summary: "Find spans, without a model",
  request: { body: jsonBody(searchRequestSchema) },
  responses: {
    200: jsonReply("Ranked hits.", searchResultSchema),
    ...problemResponses,
  },
});

/** Adds `POST /v1/search`. */
export function addSearchRoutes(app: ServerApp, { useCases, collection }: RouteContext): void {
  app.openapi(route, async (c) => {
    const request = c.req.valid("json");
    checkQuestion("query", request.query);
    checkFurtherQueries(request.queries ?? []);
    return c.json(searchBody(await useCases.searchCorpus({ collection, ...request, signal: workSignal(c) })), 200);
  });
}
