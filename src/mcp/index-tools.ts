import { existsSync } from "node:fs";
import path from "node:path";
import type { CallToolResult } from "@modelcontextprotocol/server";
import type { CollectionInfo } from "../domain/collection.ts";
import { type DocumentRecord, isPageAddress } from "../domain/document.ts";
import { CitewellError } from "../errors.ts";
import { listAllDocuments } from "../answering/list-all-documents.ts";
import { countOf } from "../domain/count-of.ts";
import { type CallContext, describeWork } from "./mcp-context.ts";
import type { StatusCollection, StatusOutput, SyncOutput } from "./tool-outputs.ts";
import { describeForeign, foreignRoots } from "./own-roots.ts";
import { toolResult, withNotes } from "./tool-result.ts";

/** A call of `index_status`. */
export interface IndexStatusCall {
  readonly collection?: string | undefined;
}

/** Reports what is indexed and whether it is up to date. */
export async function indexStatus(context: CallContext, call: IndexStatusCall): Promise<CallToolResult> {
  const { signal, refresher, syncs } = context;
  const infos = await context.useCases.collections.list();
  const asked = call.collection ?? context.collection;
  const running = describeWork(context, asked) ?? syncs.describeLast(asked);
  const chosen = infos.filter(({ name }) => call.collection === undefined || name === call.collection);
  if (chosen.length === 0 && call.collection !== undefined && running === null) {
    throw noCollection(call.collection, infos, context.cwd);
  }
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
    refresh_on_query: refresher.enabled,
    collections,
    notes: running === null ? unstarted(context, collections) : [running],
  };
  const lines = collections.flatMap(({ name, documents, chunks, roots }) => [
    `${name}: ${countOf(documents, "document")}, ${countOf(chunks, "chunk")}`,
    ...roots.map(
      (one) =>
        `  ${one.root}: ${countOf(one.documents, "document")}, newest ${one.newest}${one.present === false ? ", gone" : ""}`,
    ),
  ]);
  return toolResult(withNotes(lines.join("\n"), output.notes), output);
}

function unstarted({ project, cwd }: CallContext, collections: readonly StatusCollection[]): readonly string[] {
  if (collections.length > 0) return [];
  if (project !== null) return [`Nothing is indexed yet; the first search indexes ${project}.`];
  return [`Nothing is indexed yet; ${howToIndex(cwd)}.`];
}

function howToIndex(cwd: string | null): string {
  return cwd === null
    ? "index a folder with citewell ingest <folder>"
    : `call sync_index with paths; the server runs in ${cwd}`;
}

/** A call of `sync_index`. */
export interface SyncIndexCall {
  readonly collection?: string | undefined;
  readonly force: boolean;
  readonly paths?: readonly string[] | undefined;
}

/** Brings a collection in step with its roots, or with paths; what takes long goes on in the background of the calls. */
export async function syncIndex(
  context: CallContext,
  { force, paths, ...call }: SyncIndexCall,
): Promise<CallToolResult> {
  const { signal, onProgress, syncs } = context;
  const collection = call.collection ?? context.collection;
  const given = paths && resolvePaths(context, paths);
  if (given !== undefined) context.ownRoots.add(given);
  const { roots, notes } = given === undefined ? await storedRoots(context, collection) : { roots: given, notes: [] };
  const last = syncs.describeLast(collection);
  const result = await syncs.run({ collection, roots, force }, { signal, onProgress });
  if (result.type === "running") return stillRunning(context, { collection, roots, notes, ...result });
  const { documents, chunks, seconds, files } = result.report;
  const output: SyncOutput = {
    state: "done",
    collection,
    roots: [...roots],
    documents: { ...documents },
    chunks: chunks.total,
    seconds: Math.round(seconds * 100) / 100,
    problems: files.slice(0, MOST_PROBLEMS).map(({ source, status, reason }) => ({ path: source, status, reason })),
    notes: [
      ...notes,
      ...(last === null ? [] : [last]),
      ...(files.length > MOST_PROBLEMS ? [`${files.length - MOST_PROBLEMS} more problems.`] : []),
    ],
  };
  const counts = Object.entries(output.documents).filter(([, count]) => count > 0);
  const text = `${collection}: ${counts.map(([what, count]) => `${count} ${what}`).join(", ")}; ${countOf(output.chunks, "chunk")}.`;
  const problems = output.problems.map((problem) => `${problem.status}: ${problem.path} (${problem.reason})`);
  return toolResult(withNotes([text, ...problems].join("\n"), output.notes), output);
}

const MOST_PROBLEMS = 20;

interface RunningSync {
  readonly collection: string;
  readonly roots: readonly string[];
  readonly notes: readonly string[];
  readonly far: string;
  readonly seconds: number;
}

async function stillRunning(
  { useCases }: CallContext,
  { collection, roots, notes, far, seconds }: RunningSync,
): Promise<CallToolResult> {
  const infos = await useCases.collections.list();
  const output: SyncOutput = {
    state: "running",
    collection,
    roots: [...roots],
    documents: {},
    chunks: infos.find(({ name }) => name === collection)?.chunks ?? 0,
    seconds: Math.round(seconds * 100) / 100,
    problems: [],
    notes: [...notes],
  };
  const text = `${collection}: still running (${far}). It goes on in the background; searches find what is indexed so far. index_status says how far it is and how it ended; the same sync_index waits for it again.`;
  return toolResult(withNotes(text, output.notes), output);
}

async function storedRoots(
  { useCases, cwd, project, ownRoots, signal }: CallContext,
  collection: string,
): Promise<{ readonly roots: readonly string[]; readonly notes: readonly string[] }> {
  const infos = await useCases.collections.list();
  if (!infos.some(({ name }) => name === collection)) {
    if (project !== null) return { roots: [project], notes: [] };
    throw noCollection(collection, infos, cwd);
  }
  const all = rootsOf(await listAllDocuments(useCases.documents, { collection, signal }));
  const there = all.filter(({ present }) => present === true).map(({ root }) => root);
  const foreign = foreignRoots(there, ownRoots);
  const roots = there.filter((root) => !foreign.has(root));
  const notes = all.flatMap(({ root, present }) => {
    if (foreign.has(root)) return [describeForeign(root)];
    if (present === false) return [`${root} is gone; its documents stay.`];
    // The depth of a crawl is not stored, so that crawling again could lose pages.
    if (isPageAddress(root)) return [`The pages of ${root} stay as they are; citewell ingest fetches them again.`];
    return [];
  });
  if (roots.length > 0) return { roots, notes };
  const sentence =
    foreign.size > 0
      ? `Nothing of the collection "${collection}" is brought in step by itself.`
      : `No folder or file of the collection "${collection}" is on this machine${cwd === null ? "." : "; name some with paths."}`;
  throw new CitewellError("usage_invalid", [sentence, ...notes].join(" "));
}

function resolvePaths({ cwd }: CallContext, paths: readonly string[]): readonly string[] {
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
  const byLanguage = Map.groupBy(records, ({ language }) => language);
  return Object.fromEntries(Array.from(byLanguage, ([language, some]) => [language, some.length]));
}

function noCollection(name: string, infos: readonly CollectionInfo[], cwd: string | null): CitewellError {
  const names = infos.map((info) => info.name).join(", ");
  const sentence =
    names === ""
      ? `Nothing is indexed yet; ${howToIndex(cwd)}.`
      : `There is no collection "${name}". There are: ${names}.`;
  return new CitewellError("collection_missing", sentence);
}
