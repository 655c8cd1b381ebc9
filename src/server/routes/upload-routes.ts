import { z } from "@hono/zod-openapi";
import type { Context } from "hono";
import { newCollectionNameSchema } from "../schemas/answer-schema.ts";
import { refuse } from "../error-response.ts";
import { checkInput } from "../input-problems.ts";
import { jsonReply } from "../schemas/json-content.ts";
import { problemResponses } from "../schemas/problem-schema.ts";
import { strictFields } from "../schemas/strict-fields.ts";
import { JOB_LINKS } from "../schemas/response-links.ts";
import { readUpload, textUploadSchema } from "../read-upload.ts";
import type { RouteContext, ServerApp } from "../route-context.ts";
import { shutdownSignal, waitUntil, type ServerEnv } from "../server-env.ts";

const filesSchema = z
  .object({
    files: z
      .array(z.string().openapi({ format: "binary" }))
      .min(1)
      .openapi({ description: "One or more files." }),
    collection: newCollectionNameSchema.optional(),
    metadata: z.string().optional().openapi({ description: "What is said of all files, as the JSON of `Metadata`." }),
  })
  .openapi("FileUpload");

const acceptedSchema = z
  .object({ jobId: z.string(), collection: z.string() })
  .openapi("Accepted", { example: { jobId: "7e0f…", collection: "default" } });

const JOB_ADDRESS = { Location: { description: "Where the job is told of.", schema: { type: "string" } } } as const;

const querySchema = strictFields({ collection: newCollectionNameSchema.optional() });

/** Adds `POST /v1/documents`. */
export function addUploadRoutes(app: ServerApp, { useCases, uploads, collection, publicUrl }: RouteContext): void {
  const basePath = publicUrl === undefined ? "" : new URL(publicUrl).pathname.replace(/\/$/, "");
  app.openAPIRegistry.registerPath({
    method: "post",
    path: "/v1/documents",
    tags: ["Documents"],
    operationId: "addDocuments",
    summary: "Add or replace documents",
    description:
      "Files as a form, or as JSON one text or the address of a web page. The work goes on in the background, also after a restart of the server: follow `GET /v1/jobs/{id}`. " +
      "A document that is sent again without `metadata` keeps what it had; an empty object takes it away. " +
      "Of two versions of a document the one that was sent later counts, whichever is ingested last.",
    request: {
      query: querySchema,
      body: {
        required: true,
        content: { "multipart/form-data": { schema: filesSchema }, "application/json": { schema: textUploadSchema } },
      },
    },
    responses: {
      202: { ...jsonReply("Accepted.", acceptedSchema), headers: JOB_ADDRESS, links: JOB_LINKS },
      ...problemResponses,
    },
  });

  app.post("/v1/documents", async (c) => {
    const asked = checkInput(querySchema, c.req.query());
    const upload = await readUpload(c.req.raw, { asked: asked.collection, collection });
    if (upload === null) return mediaTypeReply(c);
    if (upload.page !== undefined) await useCases.pages.check(upload.page.url);
    const options = { signal: shutdownSignal(c), requestId: c.get("requestId") };
    const { job, ended } = await uploads.accept(upload, options);
    waitUntil(c, ended);
    return c.json({ jobId: job.id, collection: upload.collection }, 202, { Location: `${basePath}/v1/jobs/${job.id}` });
  });
}

function mediaTypeReply(c: Context<ServerEnv>): Response {
  const detail =
    "Send files as multipart/form-data, or one document as application/json with `source` and `text`, or with `url`; " +
    `this body says ${c.req.header("content-type") ?? "nothing about its type"}.`;
  return refuse(c, "media_type_unsupported", detail);
}
