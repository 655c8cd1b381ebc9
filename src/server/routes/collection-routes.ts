import { createRoute, z } from "@hono/zod-openapi";
import { CitewellError } from "../../errors.ts";
import { collectionNameSchema, newCollectionNameSchema } from "../schemas/answer-schema.ts";
import { collectionSchema } from "../schemas/document-schema.ts";
import { jsonBody, jsonReply } from "../schemas/json-content.ts";
import { problemResponses } from "../schemas/problem-schema.ts";
import { strictFields } from "../schemas/strict-fields.ts";
import type { RouteContext, ServerApp } from "../route-context.ts";
import { workSignal } from "../server-env.ts";

const tags = ["Collections"];

const listRoute = createRoute({
  method: "get",
  path: "/v1/collections",
  tags,
  operationId: "listCollections",
  summary: "List the collections",
  responses: {
    200: jsonReply(
      "Every collection.",
      z.object({ collections: z.array(collectionSchema).readonly() }).openapi("CollectionList"),
    ),
    ...problemResponses,
  },
});

const createCollectionRoute = createRoute({
  method: "post",
  path: "/v1/collections",
  tags,
  operationId: "createCollection",
  summary: "Make an empty collection",
  request: {
    body: jsonBody(
      strictFields({ name: newCollectionNameSchema }).openapi("CollectionRequest", { example: { name: "handbook" } }),
    ),
  },
  responses: {
    201: jsonReply("Made.", collectionSchema),
    ...problemResponses,
  },
});

const removeRoute = createRoute({
  method: "delete",
  path: "/v1/collections/{name}",
  tags,
  operationId: "removeCollection",
  summary: "Delete a collection with all its documents",
  request: { params: z.object({ name: collectionNameSchema.openapi({ description: "Name of the collection." }) }) },
  responses: { 204: { description: "Deleted." }, ...problemResponses },
});

/** Adds the routes of collections. */
export function addCollectionRoutes(app: ServerApp, { useCases }: RouteContext): void {
  app.openapi(listRoute, async (c) => c.json({ collections: await useCases.collections.list() }, 200));

  app.openapi(createCollectionRoute, async (c) =>
    c.json(await useCases.collections.create(c.req.valid("json").name), 201),
  );

  app.openapi(removeRoute, async (c) => {
    const { name } = c.req.valid("param");
    if (await useCases.collections.remove(name, { signal: workSignal(c) })) return c.body(null, 204);
    throw new CitewellError(
      "collection_missing",
      `There is no collection "${name}"; GET /v1/collections lists what there is.`,
    );
  });
}
