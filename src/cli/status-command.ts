import type { UseCases } from "../answering/use-cases.ts";
import type { CollectionInfo } from "../domain/collection.ts";
import { CitewellError } from "../errors.ts";
import type { CommandContext } from "./command-context.ts";
import { EXIT_DONE } from "./exit-codes.ts";
import { countOf, formatNumber, formatTable, formatTime } from "./text-layout.ts";

interface RootStatus {
  readonly root: string;
  readonly documents: number;
  readonly chunks: number;
  readonly bytes: number;
  /** Newest change of one of its documents. */
  readonly ingestedAt: string;
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
  { name, documents, chunks, settings, createdAt }: CollectionInfo,
  { useCases, signal }: { readonly useCases: UseCases; readonly signal: AbortSignal },
): Promise<CollectionStatus> {
  const roots = new Map<string, RootStatus>();
  let cursor: string | undefined;
  do {
    const page = await useCases.documents.list({
      collection: name,
      limit: 1_000,
      signal,
      ...(cursor === undefined ? {} : { cursor }),
    });
    for (const record of page.documents) roots.set(record.root, addToRoot(roots.get(record.root), record));
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
  const sorted = [...roots.values()].toSorted((left, right) => (left.root < right.root ? -1 : 1));
  return {
    name,
    documents,
    chunks,
    embeddingModel: settings.embedding.model,
    dimensions: settings.embedding.dimensions,
    chunker: settings.chunker,
    createdAt,
    ingestedAt:
      sorted
        .map(({ ingestedAt }) => ingestedAt)
        .toSorted()
        .at(-1) ?? null,
    roots: sorted,
  };
}

function addToRoot(
  sum: RootStatus | undefined,
  record: { readonly root: string; readonly chunks: number; readonly bytes: number; readonly ingestedAt: string },
): RootStatus {
  if (sum === undefined)
    return {
      root: record.root,
      documents: 1,
      chunks: record.chunks,
      bytes: record.bytes,
      ingestedAt: record.ingestedAt,
    };
  return {
    root: sum.root,
    documents: sum.documents + 1,
    chunks: sum.chunks + record.chunks,
    bytes: sum.bytes + record.bytes,
    ingestedAt: sum.ingestedAt > record.ingestedAt ? sum.ingestedAt : record.ingestedAt,
  };
}

function formatStatus(collections: readonly CollectionStatus[], { config, colors }: CommandContext): string {
  const place = config.store === "embedded" ? `embedded, in ${config.dataFolder}` : config.store;
  if (collections.length === 0) return `Store: ${place}\nNothing is stored yet; citewell ingest <path> adds documents.`;
  const blocks = collections.map(({ name, documents, chunks, embeddingModel, chunker, roots }) => {
    const head = `${colors.bold(name)}  ${countOf(documents, "document")}, ${countOf(chunks, "chunk")}`;
    const made = colors.dim(`  ${embeddingModel}, ${chunker.name} chunks of ${chunker.chunkTokens} tokens`);
    const rows = roots.map((root) => [
      root.root,
      formatNumber(root.documents),
      formatNumber(root.chunks),
      formatTime(root.ingestedAt),
    ]);
    const header = ["root", "documents", "chunks", "newest (UTC)"].map((title) => colors.dim(title));
    const table = rows.length === 0 ? [] : [formatTable([header, ...rows], { indent: "  ", right: [1, 2] })];
    return [head, made, ...table].join("\n");
  });
  return [`Store: ${place}`, ...blocks].join("\n\n");
}
