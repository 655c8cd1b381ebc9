import { existsSync } from "node:fs";
import path from "node:path";
import type { CallToolResult } from "@modelcontextprotocol/server";
import type { DocumentRecord } from "../domain/document.ts";
import type { IngestEvent } from "../domain/ingest.ts";
import { CitewellError } from "../errors.ts";
import { listAllDocuments } from "../answering/list-all-documents.ts";
import type { McpContext } from "./mcp-context.ts";
import type { StatusCollection, StatusOutput, SyncOutput } from "./tool-outputs.ts";
import { toolResult, withNotes } from "./tool-result.ts";

/** A call of `index_status`. */
export interface IndexStatusCall {
  readonly collection?: string | undefined;
}

/** Says what is indexed and how fresh it is. */
export async function indexStatus(
  context: McpContext,
  call: IndexStatusCall,
  signal: AbortSignal,
): Promise<CallToolResult> {
  const infos = await context.useCases.collections.list();
  const chosen = infos.filter(({ name }) => call.collection === undefined || name === call.collection);
  if (chosen.length === 0)
    throw noCollection(
      call.collection,
      infos.map(({ name }) => name),
    );
  const collections: StatusCollection[] = [];
  for (const { name, documents, chunks, settings } of chosen) {
    const records = await listAllDocuments(context.useCases.documents, { collection: name, signal });
    collections.push({
      name,
      documents,
      chunks,
      embedding_model: settings.embedding.model,
      languages: countLanguages(records),
      roots: rootsOf(records),
    });
  }
  const output: StatusOutput = {
    default_collection: context.collection,
    refresh_on_query: context.refresher.enabled,
    collections,
    notes: [],
  };
  const lines = collections.flatMap(({ name, documents, chunks, roots }) => [
    `${name}: ${documents} documents, ${chunks} chunks`,
    ...roots.map(
      (one) =>
        `  ${one.root}: ${one.documents} documents, newest ${one.newest}${one.present === false ? ", gone" : ""}`,
    ),
  ]);
  return toolResult(lines.join("\n"), output);
}

/** A call of `sync_index`. */
export interface SyncIndexCall {
  readonly collection?: string | undefined;
  readonly force: boolean;
  readonly paths?: readonly string[] | undefined;
}

/** Options of {@link syncIndex}. */
export interface SyncIndexOptions {
  readonly signal: AbortSignal;
  /** Hears how far it is. */
  readonly onProgress: (event: Extract<IngestEvent, { type: "progress" }>) => Promise<void>;
}

/** Brings a collection in step with its roots, or with paths. */
export async function syncIndex(
  context: McpContext,
  { force, paths, ...call }: SyncIndexCall,
  { signal, onProgress }: SyncIndexOptions,
): Promise<CallToolResult> {
  const collection = call.collection ?? context.collection;
  const { roots, notes } =
    paths === undefined
      ? await storedRoots(context, collection, signal)
      : { roots: resolvePaths(context, paths), notes: [] };
  let output: SyncOutput | undefined;
  for await (const event of context.useCases.ingestRoots({ collection, roots, force, signal })) {
    if (event.type === "progress") await onProgress(event);
    if (event.type !== "ingest-end") continue;
    const { documents, chunks, seconds, files } = event.report;
    output = {
      collection,
      roots: [...roots],
      documents: { ...documents },
      chunks: chunks.total,
      seconds: Math.round(seconds * 100) / 100,
      problems: files.slice(0, MOST_PROBLEMS).map(({ source, status, reason }) => ({ path: source, status, reason })),
      notes: [...notes, ...(files.length > MOST_PROBLEMS ? [`${files.length - MOST_PROBLEMS} more problems.`] : [])],
    };
  }
  context.refresher.forget(collection);
  if (output === undefined) throw new TypeError("The ingestion ended without a report.");
  const counts = Object.entries(output.documents).filter(([, count]) => count > 0);
  const text = `${collection}: ${counts.map(([what, count]) => `${count} ${what}`).join(", ")}; ${output.chunks} chunks.`;
  const problems = output.problems.map((problem) => `${problem.status}: ${problem.path} (${problem.reason})`);
  return toolResult(withNotes([text, ...problems].join("\n"), output.notes), output);
}

const MOST_PROBLEMS = 20;

async function storedRoots(
  { useCases, cwd }: McpContext,
  collection: string,
  signal: AbortSignal,
): Promise<{ readonly roots: readonly string[]; readonly notes: readonly string[] }> {
  const infos = await useCases.collections.list();
  if (!infos.some(({ name }) => name === collection))
    throw noCollection(
      collection,
      infos.map(({ name }) => name),
      cwd,
    );
  const all = rootsOf(await listAllDocuments(useCases.documents, { collection, signal }));
  const roots = all.filter(({ present }) => present === true).map(({ root }) => root);
  const gone = all.filter(({ present }) => present === false).map(({ root }) => `${root} is gone; its documents stay.`);
  if (roots.length > 0) return { roots, notes: gone };
  throw new CitewellError(
    "usage_invalid",
    `No folder or file of the collection "${collection}" is on this machine${cwd === null ? "." : "; name some with paths."}`,
  );
}

function resolvePaths({ cwd }: McpContext, paths: readonly string[]): readonly string[] {
  if (cwd === null) throw new CitewellError("usage_invalid", "Paths are only taken from clients on this machine.");
  return paths.map((one) => (/^[a-z]+:\/\//i.test(one) ? one : path.resolve(cwd, one)));
}

function rootsOf(records: readonly DocumentRecord[]): StatusOutput["collections"][number]["roots"] {
  return Array.from(
    Map.groupBy(records, ({ root }) => root),
    ([root, documents]) => ({
      root,
      documents: documents.length,
      newest: documents.reduce((newest, { ingestedAt }) => (ingestedAt > newest ? ingestedAt : newest), ""),
      present: path.isAbsolute(root) ? existsSync(root) : null,
    }),
  ).toSorted((left, right) => (left.root < right.root ? -1 : 1));
}

function countLanguages(records: readonly DocumentRecord[]): Record<string, number> {
  return Object.fromEntries(
    Array.from(
      Map.groupBy(records, ({ language }) => language),
      ([language, some]) => [language, some.length] as const,
    ),
  );
}

function noCollection(name: string | undefined, names: readonly string[], cwd: string | null = null): CitewellError {
  const others = names.length === 0 ? "Nothing is indexed yet" : `There are: ${names.join(", ")}`;
  const how = cwd === null ? "index a folder with citewell ingest <folder>" : "call sync_index with paths";
  return new CitewellError(
    "collection_missing",
    name === undefined || names.length === 0 ? `${others}; ${how}.` : `There is no collection "${name}". ${others}.`,
  );
}
