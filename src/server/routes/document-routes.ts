import { createRoute, z } from "@hono/zod-openapi";
import { CitewellError } from "../../errors.ts";
import { collectionNameSchema } from "../schemas/answer-schema.ts";
import {
  documentDetailSchema,
  documentItem,
  documentItemSchema,
  jobSchema,
  type DocumentDetail,
} from "../schemas/document-schema.ts";
import { jsonReply } from "../schemas/json-content.ts";
import { problemResponses } from "../schemas/problem-schema.ts";
import { strictFields } from "../schemas/strict-fields.ts";
import type { RouteContext, ServerApp } from "../route-context.ts";
import { workSignal } from "../server-env.ts";

const tags = ["Documents"];
const inCollection = strictFields({ collection: collectionNameSchema.optional() });
const byId = z.object({ id: z.string().min(1) });

const listRoute = createRoute({
  method: "get",
  path: "/v1/documents",
  tags,
  operationId: "listDocuments",
  summary: "List the documents of a collection",
  request: {
    query: strictFields({
      ...inCollection.shape,
      limit: z.coerce.number().int().min(1).max(1_000).optional().openapi({ description: "100 by default." }),
      cursor: z.string().min(1).optional().openapi({ description: "`nextCursor` of the page before." }),
      search: z.string().max(1_000).optional().openapi({
        description: "Words that title and source must hold; a page may then be shorter although others follow.",
      }),
    }),
  },
  responses: {
    200: jsonReply(
      "One page.",
      z
        .object({ documents: z.array(documentItemSchema).readonly(), nextCursor: z.string().nullable() })
        .openapi("DocumentPage"),
    ),
    ...problemResponses,
  },
});

const readRoute = createRoute({
  method: "get",
  path: "/v1/documents/{id}",
  tags,
  operationId: "readDocument",
  summary: "Read a document: text and chunks",
  request: { params: byId, query: inCollection },
  responses: {
    200: jsonReply("The document.", documentDetailSchema),
    ...problemResponses,
  },
});

const removeRoute = createRoute({
  method: "delete",
  path: "/v1/documents/{id}",
  tags,
  operationId: "removeDocument",
  summary: "Remove a document",
  request: { params: byId, query: inCollection },
  responses: { 204: { description: "Removed." }, ...problemResponses },
});

const jobRoute = createRoute({
  method: "get",
  path: "/v1/jobs/{id}",
  tags,
  operationId: "readJob",
  summary: "Progress and report of an ingestion",
  description: "Ended jobs are kept for an hour.",
  request: { params: byId },
  responses: {
    200: jsonReply("The job.", jobSchema),
    ...problemResponses,
  },
});

const cancelRoute = createRoute({
  method: "delete",
  path: "/v1/jobs/{id}",
  tags,
  operationId: "cancelJob",
  summary: "Cancel an ingestion",
  description:
    "Documents that are complete stay; one that is not is as it was before, or gone if it was not there. A job that has ended is left as it is.",
  request: { params: byId },
  responses: { 204: { description: "Cancelled." }, ...problemResponses },
});

/** Adds the routes that list, read and remove documents, and those that show and cancel a job. */
export function addDocumentRoutes(app: ServerApp, { useCases, uploads, collection }: RouteContext): void {
  app.openapi(listRoute, async (c) => {
    const page = await useCases.documents.list({ collection, ...c.req.valid("query"), signal: workSignal(c) });
    return c.json({ documents: page.documents.map(documentItem), nextCursor: page.nextCursor }, 200);
  });

  app.openapi(readRoute, async (c) => {
    const { id } = c.req.valid("param");
    const request = { collection, ...c.req.valid("query"), id };
    const content = await useCases.documents.get(request);
    if (content === null) throw documentMissing(id, request.collection);
    const { document, text, chunks } = content;
    const detail: DocumentDetail = { ...documentItem(document), text, pages: document.pages ?? [], chunks };
    return c.json(detail, 200);
  });

  app.openapi(removeRoute, async (c) => {
    const { id } = c.req.valid("param");
    const request = { collection, ...c.req.valid("query"), id, signal: workSignal(c) };
    if (!(await useCases.documents.remove(request))) throw documentMissing(id, request.collection);
    return c.body(null, 204);
  });

  app.openapi(jobRoute, async (c) => {
    const { id } = c.req.valid("param");
    const job = await uploads.find(id);
    if (job === undefined) throw jobMissing(id);
    return c.json(job, 200);
  });

  app.openapi(cancelRoute, async (c) => {
    const { id } = c.req.valid("param");
    if (!(await uploads.cancel(id))) throw jobMissing(id);
    return c.body(null, 204);
  });
}

function jobMissing(id: string): CitewellError {
  return new CitewellError(
    "job_missing",
    `There is no job ${id}; ended jobs are kept for an hour, and a restart of the server forgets those that have ended.`,
  );
}

function documentMissing(id: string, collection: string): CitewellError {
  return new CitewellError(
    "document_missing",
    `There is no document ${id} in the collection "${collection}"; GET /v1/documents lists what there is, and \`?collection=\` names another one.`,
  );
}
