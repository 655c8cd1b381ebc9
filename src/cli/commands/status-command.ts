import { listAllDocuments } from "../../answering/list-all-documents.ts";
import type { UseCases } from "../../answering/use-cases.ts";
import type { CollectionInfo } from "../../domain/collection.ts";
import { countOf, formatNumber } from "../../domain/count-of.ts";
import type { DocumentRecord } from "../../domain/document.ts";
import { CitewellError } from "../../errors.ts";
import type { Colors, CommandContext } from "../command-context.ts";
import { EXIT_DONE } from "../exit-codes.ts";
import { formatTable, formatTime, printableName } from "../output/text-layout.ts";

interface RootStatus {
  readonly root: string;
  readonly documents: number;
  readonly chunks: number;
  readonly bytes: number;
  /** Time of the newest change of one of its documents. */
  readonly ingestedAt: string;
  /** Whether the root exists; null if it is no place on this machine. */
  readonly isThere: boolean | null;
  /** How many sources have a file that has changed since. */
  readonly changed: number;
  /** How many sources no ingestion has finished. */
  readonly unfinished: number;
  /** How many sources have a file that is gone. */
  readonly gone: number;
}

interface CollectionStatus {
  readonly name: string;
  readonly documents: number;
  readonly chunks: number;
  readonly embeddingModel: string;
  readonly dimensions: number;
  readonly chunker: CollectionInfo["settings"]["chunker"];
  readonly createdAt: string;
  readonly ingestedAt: string | null;
  /** The progress of a re-indexing that is under way or was interrupted. */
  readonly reindexing?: CollectionInfo["reindexing"];
  readonly roots: readonly RootStatus[];
}

/** Prints what is stored: all collections, or the one that `--collection` names. */
export async function runStatus(context: CommandContext): Promise<number> {
  const { config, flags, signal } = context;
  const useCases = await context.useCases();
  const isChosen = config.origins.collection.kind === "flag";
  const infos = (await useCases.collections.list()).filter(({ name }) => !isChosen || name === config.collection);
  if (isChosen && infos.length === 0) {
    throw new CitewellError(
      "collection_missing",
      `There is no collection "${config.collection}"; citewell ingest <path> --collection ${config.collection} makes it.`,
    );
  }
  const collections: CollectionStatus[] = [];
  for (const info of infos) collections.push(await readStatus(info, { useCases, signal }));
  if (flags.json) context.printJson({ store: config.store, dataFolder: config.dataFolder, collections });
  else context.print(formatStatus(collections, context));
  return EXIT_DONE;
}

async function readStatus(
  { name, documents, chunks, settings, createdAt, reindexing }: CollectionInfo,
  { useCases, signal }: { readonly useCases: UseCases; readonly signal: AbortSignal },
): Promise<CollectionStatus> {
  const records = await listAllDocuments(useCases.documents, { collection: name, signal });
  const freshness = await useCases.checkFreshness({ documents: records, signal });
  const roots = freshness.map((fresh) => ({ ...fresh, ...sumUp(records.filter(({ root }) => root === fresh.root)) }));
  return {
    name,
    documents,
    chunks,
    embeddingModel: settings.embedding.model,
    dimensions: settings.embedding.dimensions,
    chunker: settings.chunker,
    createdAt,
    ingestedAt: roots.length === 0 ? null : newestOf(roots),
    ...(reindexing === undefined ? {} : { reindexing }),
    roots,
  };
}

function sumUp(records: readonly DocumentRecord[]): Pick<RootStatus, "documents" | "chunks" | "bytes" | "ingestedAt"> {
  return {
    documents: records.length,
    chunks: records.reduce((sum, { chunks }) => sum + chunks, 0),
    bytes: records.reduce((sum, { bytes }) => sum + bytes, 0),
    ingestedAt: newestOf(records),
  };
}

function newestOf(all: readonly Pick<DocumentRecord, "ingestedAt">[]): string {
  return all.reduce((newest, { ingestedAt }) => (ingestedAt > newest ? ingestedAt : newest), "");
}

/** `fresh`, `stale: 2 changed, 1 gone`, `1 not finished`, `gone` where the root itself is. */
function formatFreshness({ isThere, changed, unfinished, gone }: RootStatus, { yellow, red, dim }: Colors): string {
  if (isThere === false) return red("gone");
  const stale = [...(changed > 0 ? [`${changed} changed`] : []), ...(gone > 0 ? [`${gone} gone`] : [])].join(", ");
  const parts = [
    ...(stale === "" ? [] : [`stale: ${stale}`]),
    ...(unfinished > 0 ? [`${unfinished} not finished`] : []),
  ];
  if (parts.length > 0) return yellow(parts.join(", "));
  return isThere === null ? dim("-") : "fresh";
}

function formatStatus(collections: readonly CollectionStatus[], { config, colors }: CommandContext): string {
  const place = config.store === "embedded" ? `embedded, in ${config.dataFolder}` : config.store;
  if (collections.length === 0) return `Store: ${place}\nNothing is stored yet; citewell ingest <path> adds documents.`;
  const blocks = collections.map(({ name, documents, chunks, embeddingModel, chunker, roots, reindexing }) => {
    const head = `${colors.bold(name)}  ${countOf(documents, "document")}, ${countOf(chunks, "chunk")}`;
    const made = colors.dim(`  ${embeddingModel}, ${chunker.name} chunks of ${chunker.chunkTokens} tokens`);
    const next =
      reindexing === undefined
        ? []
        : [
            colors.yellow(
              `  being re-indexed, or interrupted at it: ${countOf(reindexing.documents, "document")} so far`,
            ),
          ];
    const rows = roots.map((root) => [
      printableName(root.root),
      formatNumber(root.documents),
      formatNumber(root.chunks),
      formatTime(root.ingestedAt),
      formatFreshness(root, colors),
    ]);
    const header = ["root", "documents", "chunks", "newest (UTC)", "state"].map((title) => colors.dim(title));
    const table = rows.length === 0 ? [] : [formatTable([header, ...rows], { indent: "  ", right: [1, 2] })];
    return [head, made, ...next, ...table].join("\n");
  });
  return [`Store: ${place}`, ...blocks].join("\n\n");
}
