import { z } from "@hono/zod-openapi";
import type { Context } from "hono";
import type { SubmittedDocument } from "../../answering/use-cases.ts";
import { CitewellError } from "../../errors.ts";
import { collectionNameSchema } from "../answer-schema.ts";
import { createProblem, problemReply } from "../error-response.ts";
import { checkInput } from "../input-problems.ts";
import { problemResponses } from "../problem-schema.ts";
import type { RouteContext, ServerApp } from "../route-context.ts";
import { shutdownSignal, waitUntil, type ServerEnv } from "../server-env.ts";

/** What was handed over for ingestion. */
interface Upload {
  readonly collection: string | undefined;
  readonly documents: readonly SubmittedDocument[];
  /** A page to be fetched instead of documents. */
  readonly page?: { readonly url: string; readonly source?: string };
  /** What was understood but not used. */
  readonly warnings: readonly string[];
}

const textUploadSchema = z
  .strictObject({
    source: z.string().min(1).max(1_024).optional().openapi({
      description:
        "Name or relative path; its ending tells the format. May be left out beside `url`, which is the name then.",
    }),
    text: z.string().optional().openapi({ description: "The document's content." }),
    url: z.string().min(1).optional().openapi({
      description:
        "Address of a web page to fetch, instead of `text`. Only public addresses, unless a setting says otherwise.",
    }),
    metadata: z
      .record(z.string(), z.unknown())
      .optional()
      .openapi({ description: "Accepted but not stored yet; the reply warns of it." }),
    mediaType: z.string().min(1).optional().openapi({ description: "Overrides the format told by `source`." }),
    collection: collectionNameSchema.optional(),
  })
  .openapi("TextUpload", { example: { source: "notes/today.md", text: "# Today\n\nThe lift is repaired." } });

const filesSchema = z
  .object({
    files: z.array(z.string().openapi({ format: "binary" })).openapi({ description: "One or more files." }),
    collection: z.string().optional(),
  })
  .openapi("FileUpload");

const acceptedSchema = z
  .object({ jobId: z.string(), collection: z.string(), warnings: z.array(z.string()) })
  .openapi("Accepted", { example: { jobId: "7e0f…", collection: "default", warnings: [] } });

/** Adds `POST /v1/documents`. */
export function addUploadRoutes(app: ServerApp, { useCases, jobs, logger }: RouteContext): void {
  app.openAPIRegistry.registerPath({
    method: "post",
    path: "/v1/documents",
    tags: ["Documents"],
    operationId: "addDocuments",
    summary: "Add or replace documents",
    description:
      "Files as a form, or as JSON one text or the address of a web page. The work goes on in the background: follow `GET /v1/jobs/{id}`.",
    request: {
      query: z.object({ collection: collectionNameSchema.optional() }),
      body: {
        required: true,
        content: { "multipart/form-data": { schema: filesSchema }, "application/json": { schema: textUploadSchema } },
      },
    },
    responses: {
      202: { description: "Accepted.", content: { "application/json": { schema: acceptedSchema } } },
      ...problemResponses,
    },
  });

  app.post("/v1/documents", async (c) => {
    const upload = await readUpload(c);
    if (upload === null) return mediaTypeReply(c);
    if (upload.page !== undefined) await useCases.pages.check(upload.page.url);
    const collection = upload.collection ?? c.req.query("collection") ?? "default";
    const signal = shutdownSignal(c);
    const { documents, page, warnings } = upload;
    const rest = { collection, ...(signal === undefined ? {} : { signal }) };
    const { job, ended } = jobs.start({
      collection,
      files: page === undefined ? documents.length : 1,
      bytes: documents.reduce((sum, { content }) => sum + sizeOf(content), 0),
      run: () =>
        page === undefined
          ? useCases.submitDocuments({ ...rest, documents })
          : useCases.pages.submit({ ...rest, ...page }),
      onError: (error) => logger?.error({ err: error, requestId: c.get("requestId") }, "ingestion failed"),
    });
    waitUntil(c, ended);
    return c.json({ jobId: job.id, collection, warnings }, 202, { Location: `/v1/jobs/${job.id}` });
  });
}

async function readUpload(c: Context<ServerEnv>): Promise<Upload | null> {
  const mediaType = (c.req.header("content-type") ?? "").split(";")[0]?.trim().toLowerCase();
  if (mediaType === "multipart/form-data") return readForm(await readFormData(c.req.raw));
  if (mediaType === "application/json") return readText(await readJson(c.req.raw));
  return null;
}

async function readFormData(request: Request): Promise<FormData> {
  try {
    return await request.formData();
  } catch (cause) {
    throw new CitewellError(
      "usage_invalid",
      "The form could not be read; send multipart/form-data with its boundary.",
      {
        cause,
      },
    );
  }
}

async function readJson(request: Request): Promise<unknown> {
  try {
    return await request.json();
  } catch (cause) {
    throw new CitewellError("usage_invalid", "The body is not well-formed JSON; check quotes, commas and braces.", {
      cause,
    });
  }
}

async function readForm(form: FormData): Promise<Upload> {
  const documents: SubmittedDocument[] = [];
  let collection: string | undefined;
  for (const [name, value] of form.entries()) {
    if (typeof value !== "string") {
      if (name !== "files" && name !== "file") throw unknownField(name);
      documents.push(await readFile(value));
    } else if (name === "collection") {
      collection = checkInput(collectionNameSchema, value);
    } else {
      throw unknownField(name);
    }
  }
  if (documents.length === 0) throw invalid("files", "The form holds no file; add at least one as `files`.");
  const sources = documents.map(({ source }) => source);
  const twice = sources.find((source, index) => sources.indexOf(source) !== index);
  if (twice !== undefined) throw invalid("files", `The file ${twice} is in the form twice; send it once.`);
  return { collection, documents, warnings: [] };
}

async function readFile(file: File): Promise<SubmittedDocument> {
  const content = new Uint8Array(await file.arrayBuffer());
  const source = checkSource(file.name, "files");
  // Browsers and curl say octet-stream when they do not know; the ending of the name tells more then.
  const mediaType = file.type.split(";")[0]?.trim() ?? "";
  return mediaType === "" || mediaType === "application/octet-stream"
    ? { source, content }
    : { source, content, mediaType };
}

function readText(body: unknown): Upload {
  const { source, text, url, metadata, mediaType, collection } = checkInput(textUploadSchema, body);
  const warnings = metadata === undefined ? [] : ["`metadata` is not stored yet; only the text was taken."];
  if (url !== undefined) {
    if (text !== undefined) throw invalid("url", "`text` and `url` contradict each other; send one of them.");
    if (mediaType !== undefined)
      throw invalid("mediaType", "The type of a page is what its server says; leave it out.");
    const page = source === undefined ? { url } : { url, source: checkSource(source, "source") };
    return { collection, documents: [], page, warnings };
  }
  if (text === undefined) throw invalid("text", "`text` is missing; send the document's content in it, or a `url`.");
  if (source === undefined) throw invalid("source", "`source` is missing; send the document's name in it.");
  const document = { source: checkSource(source, "source"), content: text };
  return { collection, documents: [mediaType === undefined ? document : { ...document, mediaType }], warnings };
}

function checkSource(name: string, path: string): string {
  const source = name.replaceAll("\\", "/").replace(/^\.\//, "");
  const parts = source.split("/");
  if (source !== "" && !source.includes("\0") && !parts.includes("..") && !parts.includes("")) return source;
  throw invalid(path, `"${name}" is not a name or a relative path; leave out leading slashes and "..".`);
}

function invalid(path: string, message: string): CitewellError {
  return new CitewellError("usage_invalid", message, { problems: [{ path, message }] });
}

function unknownField(name: string): CitewellError {
  return invalid(
    name,
    `The form has an unknown field "${name}"; send files as \`files\` and, if needed, \`collection\`.`,
  );
}

function mediaTypeReply(c: Context<ServerEnv>): Response {
  const detail =
    "Send files as multipart/form-data, or one document as application/json with `source` and `text`, or with `url`; " +
    `this body says ${c.req.header("content-type") ?? "nothing about its type"}.`;
  return problemReply(c, createProblem("media_type_unsupported", { detail, requestId: c.get("requestId") }));
}

function sizeOf(content: Uint8Array | string): number {
  return typeof content === "string" ? Buffer.byteLength(content) : content.byteLength;
}
