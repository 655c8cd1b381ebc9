import type { Answer } from "../domain/answer.ts";
import type { CollectionInfo } from "../domain/collection.ts";
import type { DocumentRecord, PageSpan } from "../domain/document.ts";
import type { Hit, SearchMode, SearchResult } from "../domain/hit.ts";
import type { IngestReport } from "../domain/ingest.ts";
import { readEvents } from "./event-reader.ts";
import { keepTabItem, readTabItem } from "./tab-storage.ts";
import type { NamedFile } from "./upload-batches.ts";

/** A document as the listing shows it. */
export type ListedDocument = Omit<DocumentRecord, "contentHash" | "textLength" | "pages"> & {
  readonly state: "complete" | "incomplete";
};

/** A document with its text. */
export type ReadDocument = Omit<ListedDocument, "chunks"> & {
  readonly text: string;
  readonly pages: readonly PageSpan[];
};

/** An ingestion in the background. */
export interface UploadJob {
  readonly id: string;
  readonly state: "queued" | "running" | "done" | "failed";
  readonly progress: {
    readonly filesDone: number;
    readonly filesTotal: number;
    readonly bytesDone: number;
    readonly bytesTotal: number;
    readonly chunksDone: number;
  };
  readonly report: IngestReport | null;
  readonly error: { readonly detail: string } | null;
}

/** What arrives while a question is answered. */
export type AnswerProgress =
  | { readonly type: "retrieval"; readonly query: string; readonly hits: readonly Hit[] }
  | { readonly type: "context-update"; readonly round: number; readonly query: string }
  | { readonly type: "delta"; readonly text: string }
  | { readonly type: "answer"; readonly answer: Answer };

/** A failure in words for the reader. */
export interface Failure {
  readonly sentence: string;
  /** Whether the server asks for an API key. */
  readonly keyNeeded: boolean;
  /** The server's name for what went wrong, such as `collection_missing`; null where it did not answer. */
  readonly code: string | null;
}

const KEY_ITEM = "citewell.apiKey";

/** Whether a key was entered in this tab. */
export function isKeyKept(): boolean {
  return readTabItem(KEY_ITEM) !== null;
}

/** Keeps the API key until the tab is closed. */
export function rememberKey(key: string): void {
  keepTabItem(KEY_ITEM, key);
}

/** The failure behind whatever was thrown; null when the reader stopped it. */
export function failureOf(error: unknown): Failure | null {
  if (error instanceof DOMException && error.name === "AbortError") return null;
  if (isFailure(error)) return error;
  if (error instanceof TypeError) {
    return told("The server does not answer. Is it still running? Try again in a moment.");
  }
  return told(error instanceof Error ? error.message : String(error));
}

/** Whether nobody answered, so that anything else would fail as well. */
export function isUnreachable({ code }: Failure): boolean {
  return code === null;
}

/** A failure that nobody but the page tells of. */
export function told(sentence: string): Failure {
  return { sentence, keyNeeded: false, code: null };
}

/** The collections there are. */
export async function listCollections(signal: AbortSignal): Promise<readonly CollectionInfo[]> {
  const reply = await request("/v1/collections", { signal });
  const body: { readonly collections: readonly CollectionInfo[] } = await reply.json();
  return body.collections;
}

/** Makes an empty collection. */
export async function createCollection(name: string): Promise<void> {
  await send("/v1/collections", { name });
}

/** Deletes a collection with all its documents. */
export async function removeCollection(name: string): Promise<void> {
  await request(`/v1/collections/${encodeURIComponent(name)}`, { method: "DELETE" });
}

/** What a question is sent with. */
export interface AskRequest {
  readonly question: string;
  readonly collection: string;
  readonly conversationId: string | null;
}

/** Asks a question and yields what arrives, the answer last. */
export async function* ask(
  { question, collection, conversationId }: AskRequest,
  signal: AbortSignal,
): AsyncGenerator<AnswerProgress, void> {
  const continued = conversationId === null ? {} : { conversationId };
  const reply = await send("/v1/answers", { question, collection, stream: true, ...continued }, signal);
  if (reply.body === null) return;
  let whole = false;
  for await (const { event, data } of readEvents(reply.body)) {
    if (event === "error") throw failure(JSON.parse(data), reply.status);
    const progress = parseProgress(event, data);
    whole ||= progress?.type === "answer";
    if (progress !== null) yield progress;
  }
  if (!whole) {
    throw told("The connection ended before the answer was whole; ask again.");
  }
}

/** A stored conversation, as far as the page shows it. */
export interface ReadConversation {
  readonly collection: string;
  readonly answers: readonly Answer[];
}

/** A stored conversation. */
export async function readConversation(id: string, signal: AbortSignal): Promise<ReadConversation> {
  return (await request(`/v1/conversations/${encodeURIComponent(id)}`, { signal })).json();
}

/** Removes a stored conversation. */
export async function removeConversation(id: string): Promise<void> {
  await request(`/v1/conversations/${encodeURIComponent(id)}`, { method: "DELETE" });
}

/** Searches without a model. */
export async function search(
  query: { readonly query: string; readonly collection: string; readonly mode: SearchMode; readonly limit: number },
  signal: AbortSignal,
): Promise<SearchResult> {
  return (await send("/v1/search", query, signal)).json();
}

/** One page of a collection's documents. */
export interface DocumentPage {
  readonly documents: readonly ListedDocument[];
  readonly nextCursor: string | null;
}

/** Which documents are listed. */
export interface ListRequest {
  readonly collection: string;
  readonly cursor: string | null;
  /** @default 100 */
  readonly limit?: number;
  /** Words that title and source must hold. @default none */
  readonly search?: string;
}

/** One page of a collection's documents; an empty one for a collection that nothing was added to yet. */
export async function listDocuments(
  { collection, cursor, limit = 100, search: words = "" }: ListRequest,
  signal?: AbortSignal,
): Promise<DocumentPage> {
  const query = new URLSearchParams({ collection, limit: String(limit) });
  if (cursor !== null) query.set("cursor", cursor);
  if (words !== "") query.set("search", words);
  try {
    return await (await request(`/v1/documents?${query.toString()}`, { signal })).json();
  } catch (error) {
    if (isFailure(error) && error.code === "collection_missing") return { documents: [], nextCursor: null };
    throw error;
  }
}

/** A document with its text. */
export async function readDocument(document: DocumentPlace, signal: AbortSignal): Promise<ReadDocument> {
  return (await request(documentPath(document), { signal })).json();
}

/** Removes a document. */
export async function removeDocument(document: DocumentPlace): Promise<void> {
  await request(documentPath(document), { method: "DELETE" });
}

/** Which document is meant. */
export interface DocumentPlace {
  readonly id: string;
  readonly collection: string;
}

function documentPath({ id, collection }: DocumentPlace): string {
  return `/v1/documents/${encodeURIComponent(id)}?${new URLSearchParams({ collection }).toString()}`;
}

/** Hands files over and resolves to the job's id. */
export async function upload(
  files: readonly NamedFile[],
  { collection, signal }: { readonly collection: string; readonly signal: AbortSignal },
): Promise<string> {
  const form = new FormData();
  for (const { name, file } of files) form.append("files", file, name);
  form.append("collection", collection);
  const reply = await request("/v1/documents", { method: "POST", body: form, signal });
  const body: { readonly jobId: string } = await reply.json();
  return body.jobId;
}

/** How far a job is. */
export async function readJob(id: string, signal: AbortSignal): Promise<UploadJob> {
  return (await request(`/v1/jobs/${encodeURIComponent(id)}`, { signal })).json();
}

/** Ends a job; what it has taken in stays. */
export async function cancelJob(id: string): Promise<void> {
  await request(`/v1/jobs/${encodeURIComponent(id)}`, { method: "DELETE" });
}

function parseProgress(event: string, data: string): AnswerProgress | null {
  switch (event) {
    case "retrieval":
    case "context-update":
    case "delta":
      return { type: event, ...JSON.parse(data) };
    case "answer":
      return { type: event, answer: JSON.parse(data) };
    default:
      return null;
  }
}

function send(path: string, body: unknown, signal?: AbortSignal): Promise<Response> {
  const headers = { "Content-Type": "application/json" };
  return request(path, { method: "POST", headers, body: JSON.stringify(body), signal });
}

async function request(path: string, init: RequestInit): Promise<Response> {
  const headers = new Headers(init.headers);
  const key = readTabItem(KEY_ITEM);
  if (key !== null) headers.set("Authorization", `Bearer ${key}`);
  // Below the page's own address: a proxy may have put it under another path.
  const reply = await fetch(`.${path}`, { ...init, headers });
  if (reply.ok && (reply.status === 204 || isFromServer(reply))) return reply;
  if (reply.ok) throw told(strangerSentence(reply.status));
  const problem: unknown = await reply.json().catch(() => null);
  throw failure(problem, reply.status);
}

/** Whether a reply is of a kind that citewell sends; a proxy's sign-in page is not. */
function isFromServer({ headers }: Response): boolean {
  return /\bjson\b|^text\/event-stream\b/i.test(headers.get("content-type") ?? "");
}

function failure(problem: unknown, status: number): Failure {
  const { detail, code } = { detail: null, code: null, ...(typeof problem === "object" ? problem : null) };
  // Every error of citewell has a code.
  if (typeof code !== "string") return { ...told(strangerSentence(status)), code: `status_${status}` };
  const sentence = typeof detail === "string" ? detail : `The server answered with status ${status}; try again.`;
  return { sentence: wordsForReaders(code) ?? sentence, keyNeeded: code === "unauthorized", code };
}

/** What is said to a reader instead of what is said to a program, which can send headers and call routes; else null. */
function wordsForReaders(code: string): string | null {
  switch (code) {
    case "unauthorized":
      return isKeyKept()
        ? "This is not one of this server's keys, or not any more."
        : "This server asks for an API key.";
    case "document_missing":
      return "This document is not in the collection, or not any more.";
    case "conversation_missing":
      return "This conversation is not kept any more.";
    case "collection_busy":
      return "Documents are being added to this collection just now; try again when that is done.";
    default:
      return null;
  }
}

/** What is said where somebody else answered: a proxy between this browser and citewell. */
function strangerSentence(status: number): string {
  switch (status) {
    case 413:
      return "This is more than the server, or a proxy in front of it, takes at once. Send less, or have the proxy's limit raised.";
    case 502:
    case 503:
      return "The proxy in front of citewell does not reach it; it may be starting again. Try again in a moment.";
    case 504:
      return "The proxy in front of citewell did not wait long enough for a reply; try again.";
    default:
      return `Something between this browser and citewell answered instead (status ${status}), such as a sign-in page: reload this page.`;
  }
}

function isFailure(value: unknown): value is Failure {
  return typeof value === "object" && value !== null && "sentence" in value && "keyNeeded" in value;
}
