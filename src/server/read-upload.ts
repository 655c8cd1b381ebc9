import { z } from "@hono/zod-openapi";
import type { SubmittedDocument } from "../domain/ingest.ts";
import { composedName } from "../domain/composed-name.ts";
import type { DocumentMetadata } from "../domain/document-metadata.ts";
import { MAX_UPLOAD_NAME, isUploadName } from "../domain/document.ts";
import { CitewellError, isCitewellError } from "../errors.ts";
import { newCollectionNameSchema } from "./schemas/answer-schema.ts";
import { limitParts } from "./form-parts.ts";
import { checkInput, invalidField } from "./input-problems.ts";
import { hasMoreValues } from "./json-size.ts";
import { strictFields } from "./schemas/strict-fields.ts";
import { metadataSchema } from "./schemas/metadata-schema.ts";

/** What was handed over for ingestion. */
export interface Upload {
  readonly collection: string;
  /** Empty where a page is to be fetched. */
  readonly documents: readonly SubmittedDocument[];
  /** A page to be fetched instead of documents. */
  readonly page?: {
    readonly url: string;
    readonly source?: string;
    readonly metadata?: DocumentMetadata | undefined;
  };
}

/** One document as JSON. */
export interface TextUpload {
  readonly source?: string | undefined;
  readonly text?: string | undefined;
  readonly url?: string | undefined;
  readonly metadata?: DocumentMetadata | undefined;
  readonly mediaType?: string | undefined;
  readonly collection?: string | undefined;
}

/** One document as JSON. */
export const textUploadSchema: z.ZodType<TextUpload, TextUpload> = strictFields({
  source: z.string().min(1).max(MAX_UPLOAD_NAME).optional().openapi({
    description:
      "Name or relative path; its ending tells the format. May be left out beside `url`, which is the name then.",
  }),
  text: z.string().optional().openapi({ description: "The document's content." }),
  url: z
    .string()
    .min(1)
    .optional()
    .openapi({
      pattern: String.raw`^[Hh][Tt][Tt][Pp][Ss]?://[^\s/?#]`,
      description:
        "Address of a web page to fetch, instead of `text`. Only public addresses, unless a setting says otherwise.",
    }),
  metadata: metadataSchema.optional(),
  mediaType: z.string().min(1).optional().openapi({ description: "Overrides the format told by `source`." }),
  collection: newCollectionNameSchema.optional(),
}).openapi("TextUpload", {
  oneOf: [
    { required: ["source", "text"], not: { required: ["url"] } },
    { required: ["url"], not: { anyOf: [{ required: ["text"] }, { required: ["mediaType"] }] } },
  ],
  example: { source: "notes/today.md", text: "# Today\n\nThe lift is repaired.", metadata: { team: "docs" } },
});

const formFieldsSchema = z.object({ collection: newCollectionNameSchema });
const formMetadataSchema = z.object({ metadata: metadataSchema });

/** What a body holds, whichever collection its address names. */
type BodyUpload = Omit<Upload, "collection"> & { readonly collection: string | undefined };

/**
 * Reads what a request hands over. `asked` is the collection that its address names, `collection` the one of those who
 * name none. Null for a media type that is not read. Throws `usage_invalid` for everything else that cannot be taken.
 */
export async function readUpload(
  request: Request,
  { asked, collection }: { readonly asked: string | undefined; readonly collection: string },
): Promise<Upload | null> {
  const mediaType = (request.headers.get("content-type") ?? "").split(";")[0]?.trim().toLowerCase() ?? "";
  const isJson = /^application\/(?:[\w.-]+\+)?json$/.test(mediaType);
  if (!isJson && mediaType !== "multipart/form-data") return null;
  const upload = isJson ? readText(await readJson(request)) : await readForm(await readFormData(request));
  const given = upload.collection;
  if (asked === undefined || given === undefined || asked === given) {
    return { ...upload, collection: given ?? asked ?? collection };
  }
  const sentence = `The address names the collection "${asked}" and the body "${given}"; name it in one place.`;
  throw invalidField("collection", sentence);
}

async function readFormData(request: Request): Promise<FormData> {
  const contentType = request.headers.get("content-type") ?? "";
  const body = request.body?.pipeThrough(limitParts(contentType)) ?? null;
  try {
    return await new Response(body, { headers: { "content-type": contentType } }).formData();
  } catch (cause) {
    if (isCitewellError(cause)) throw cause;
    const sentence = "The form could not be read; send multipart/form-data with its boundary.";
    throw new CitewellError("usage_invalid", sentence, { cause });
  }
}

/** Values in an upload beside its text at most; metadata has room for fewer. */
const MOST_VALUES = 20_000;

async function readJson(request: Request): Promise<unknown> {
  const bytes = new Uint8Array(await request.arrayBuffer());
  if (hasMoreValues(bytes, MOST_VALUES)) {
    const sentence = `The body has more than ${MOST_VALUES} values in lists and objects; send the document as one \`text\`.`;
    throw new CitewellError("usage_invalid", sentence);
  }
  try {
    // A wrong character would become a replacement character, and be stored so.
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (cause) {
    const sentence = "The body is not well-formed JSON in UTF-8; check quotes, commas, braces and the encoding.";
    throw new CitewellError("usage_invalid", sentence, { cause });
  }
}

async function readForm(form: FormData): Promise<BodyUpload> {
  const documents: SubmittedDocument[] = [];
  let collection: string | undefined;
  let metadata: DocumentMetadata | undefined;
  for (const [name, value] of form.entries()) {
    if (typeof value !== "string") {
      if (name !== "files" && name !== "file") throw unknownField(name);
      documents.push(await readFile(value));
    } else if (name === "collection") {
      if (collection !== undefined) throw invalidField(name, "`collection` is in the form twice; name one.");
      ({ collection } = checkInput(formFieldsSchema, { collection: value }));
    } else if (name === "metadata") {
      if (metadata !== undefined) throw invalidField(name, "`metadata` is in the form twice; it counts for all files.");
      metadata = readFormMetadata(value);
    } else if (name === "files" || name === "file") {
      throw invalidField(
        name,
        `\`${name}\` came as text without a file name; send it as a file (curl: -F ${name}=@notes.md).`,
      );
    } else {
      throw unknownField(name);
    }
  }
  if (documents.length === 0) throw invalidField("files", "The form holds no file; add at least one as `files`.");
  const twice = firstTwice(documents.map(({ source }) => source));
  if (twice !== undefined) throw invalidField("files", `The file ${twice} is in the form twice; send it once.`);
  return { collection, documents: documents.map((document) => ({ ...document, metadata })) };
}

function firstTwice(sources: readonly string[]): string | undefined {
  const seen = new Set<string>();
  for (const source of sources) {
    if (seen.has(source)) return source;
    seen.add(source);
  }
  return undefined;
}

function readFormMetadata(text: string): DocumentMetadata {
  let metadata: unknown;
  try {
    metadata = JSON.parse(text);
  } catch (cause) {
    const sentence = '`metadata` is not well-formed JSON; send an object, such as {"team": "docs"}.';
    throw invalidField("metadata", sentence, cause);
  }
  return checkInput(formMetadataSchema, { metadata }).metadata;
}

async function readFile(file: File): Promise<SubmittedDocument> {
  const content = new Uint8Array(await file.arrayBuffer());
  const source = checkSource(file.name, "files");
  // Browsers and curl say octet-stream when they do not know; the ending of the name tells more then.
  const mediaType = file.type.split(";")[0]?.trim() ?? "";
  const isTold = mediaType !== "" && mediaType !== "application/octet-stream";
  return { source, content, mediaType: isTold ? mediaType : undefined };
}

function readText(body: unknown): BodyUpload {
  const { source, text, url, metadata, mediaType, collection } = checkInput(textUploadSchema, body);
  if (url !== undefined) {
    if (text !== undefined) throw invalidField("url", "`text` and `url` contradict each other; send one of them.");
    if (mediaType !== undefined)
      throw invalidField("mediaType", "The type of a page is what its server says; leave it out.");
    const name = source === undefined ? undefined : checkSource(source, "source");
    return { collection, documents: [], page: { url, source: name, metadata } };
  }
  if (text === undefined)
    throw invalidField("text", "`text` is missing; send the document's content in it, or a `url`.");
  if (source === undefined) throw invalidField("source", "`source` is missing; send the document's name in it.");
  return { collection, documents: [{ source: checkSource(source, "source"), content: text, mediaType, metadata }] };
}

function checkSource(name: string, path: string): string {
  // The same file is the same document from every system.
  const source = composedName(name.replaceAll("\\", "/").replace(/^\.\//, ""));
  if (isUploadName(source)) return source;
  throw invalidField(
    path,
    `${JSON.stringify(name.slice(0, 100))} is not a name, a relative path or an address; leave out leading slashes, "." and "..", and control characters, and keep to ${MAX_UPLOAD_NAME} characters.`,
  );
}

function unknownField(name: string): CitewellError {
  return invalidField(
    name,
    `The form has an unknown field "${name}"; send files as \`files\` and, if needed, \`collection\` and \`metadata\`.`,
  );
}
