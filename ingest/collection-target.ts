import {
  type ChunkerName,
  COLLECTION_NAME_RULE,
  type CollectionInfo,
  type CollectionSettings,
  isCollectionName,
  successorName,
} from "../src/domain/collection.ts";
import type { Embedder } from "../src/embedding/embedder.ts";
import { CitewellError, isCitewellError } from "../src/errors.ts";
import { ANALYSER_VERSION } from "../src/lexical/analyse.ts";
import type { CallOptions, VectorStore } from "../src/store/vector-store.ts";
import { type ChunkingOptions, chunkerVersion } from "./chunking/chunking-options.ts";

/** Chunk size unless a setting says otherwise, in tokens of the embedding model. */
const DEFAULT_CHUNK_TOKENS = 150;

/** Weighted terms that an average chunk has for each token of the chunk size; BM25 takes it as the average length. */
const AVERAGE_LENGTH_FACTOR = 0.67;

/** What an ingestion asks for; what is left out is as the collection has it, or the default in a new one. */
export interface WantedSettings {
  readonly chunker?: ChunkerName;
  readonly chunkTokens?: number;
  readonly chunkOverlap?: number;
}

/** The collection that an ingestion writes to. */
export interface CollectionTarget {
  /** Name that readers use; ids are made from it. */
  readonly name: string;
  /** Name that is written to: another one while a collection is re-indexed. */
  readonly physical: string;
  readonly settings: CollectionSettings;
  /** What is stored under `physical` now; null where it has yet to be made. */
  readonly info: CollectionInfo | null;
  /** The collection that `physical` will replace; null without a re-indexing. */
  readonly replaces: CollectionInfo | null;
  /** Makes `physical` where it is missing. Called before the first write. */
  ensure(): Promise<void>;
}

/** Settings of a collection that does not exist yet. */
export function createSettings(embedder: Embedder, wanted: WantedSettings = {}): CollectionSettings {
  return settingsFor({ embedder }, wanted, null);
}

/** The parts that settings are made from. */
interface SettingsParts {
  readonly embedder: Embedder;
  readonly chunking?: ChunkingOptions;
}

/**
 * Finds the collection to write to. One made with other settings is refused, or with `force` re-indexed into a successor,
 * which an interrupted re-indexing may have begun.
 *
 * @throws CitewellError `collection_mismatch` naming both values of each difference; `usage_invalid` for a new
 *   collection whose name would not survive a path, an address or a shell.
 */
export async function openTarget(
  { store, ...parts }: SettingsParts & { readonly store: VectorStore },
  {
    name,
    wanted,
    force,
    signal,
  }: { readonly name: string; readonly wanted: WantedSettings; readonly force: boolean } & CallOptions,
): Promise<CollectionTarget> {
  const info = await store.describeCollection(name, { signal });
  if (info === null && !isCollectionName(name)) {
    const sentence = `"${name}" can't name a new collection: ${COLLECTION_NAME_RULE}. Choose another name.`;
    throw new CitewellError("usage_invalid", sentence);
  }
  const settings = settingsFor(parts, wanted, info?.settings ?? null);
  const differences = info === null ? [] : findDifferences(info.settings, settings);
  if (differences.length === 0) {
    const ensure = async (): Promise<void> => {
      if (info === null) await create(store, { name, settings, signal });
    };
    return { name, physical: name, settings, info, replaces: null, ensure };
  }
  if (!force) throw mismatch(name, differences);
  const physical = successorName(name);
  const begun = await store.describeCollection(physical, { signal });
  const isUsable = begun !== null && findDifferences(begun.settings, settings).length === 0;
  const ensure = async (): Promise<void> => {
    if (isUsable) return;
    if (begun !== null) await store.deleteCollection(physical, { signal });
    await create(store, { name: physical, settings, signal });
  };
  return { name, physical, settings, info: isUsable ? begun : null, replaces: info, ensure };
}

async function create(
  store: VectorStore,
  { name, settings, signal }: { readonly name: string; readonly settings: CollectionSettings } & CallOptions,
): Promise<void> {
  try {
    await store.createCollection(name, settings, { signal });
  } catch (error) {
    if (!isCitewellError(error, "collection_exists")) throw error;
    // Somebody else was faster; that is fine if they wanted the same.
    const info = await store.describeCollection(name, { signal });
    const differences = info === null ? [] : findDifferences(info.settings, settings);
    if (info === null || differences.length > 0) throw mismatch(name, differences);
  }
}

function settingsFor(
  { embedder, chunking }: SettingsParts,
  wanted: WantedSettings,
  stored: CollectionSettings | null,
): CollectionSettings {
  const chunkTokens = wanted.chunkTokens ?? stored?.chunker.chunkTokens ?? DEFAULT_CHUNK_TOKENS;
  const name = wanted.chunker ?? stored?.chunker.name ?? "sentences";
  const kept = name === stored?.chunker.name ? stored.chunker.overlapTokens : 0;
  return {
    embedding: {
      model: embedder.model,
      dimensions: embedder.dimensions,
      pooling: embedder.pooling,
      fingerprint: embedder.fingerprint,
    },
    chunker: { name, version: chunkerVersion(chunking), chunkTokens, overlapTokens: wanted.chunkOverlap ?? kept },
    analyser: { version: ANALYSER_VERSION, averageLength: AVERAGE_LENGTH_FACTOR * chunkTokens },
  };
}

function findDifferences(stored: CollectionSettings, wanted: CollectionSettings): readonly string[] {
  const pairs: readonly (readonly [string, string | number, string | number])[] = [
    ["embedding model", stored.embedding.model, wanted.embedding.model],
    ["vector length", stored.embedding.dimensions, wanted.embedding.dimensions],
    ["pooling", stored.embedding.pooling, wanted.embedding.pooling],
    ["embedding fingerprint", stored.embedding.fingerprint, wanted.embedding.fingerprint],
    ["chunker", stored.chunker.name, wanted.chunker.name],
    ["chunker version", stored.chunker.version, wanted.chunker.version],
    ["chunk tokens", stored.chunker.chunkTokens, wanted.chunker.chunkTokens],
    ["chunk overlap", stored.chunker.overlapTokens, wanted.chunker.overlapTokens],
    ["analyser version", stored.analyser.version, wanted.analyser.version],
    ["average length", stored.analyser.averageLength, wanted.analyser.averageLength],
  ];
  const isOtherSize = stored.chunker.chunkTokens !== wanted.chunker.chunkTokens;
  return (
    pairs
      // It follows from the chunk size, and says nothing to somebody who chose another one.
      .filter(([what]) => what !== "average length" || !isOtherSize)
      .filter(([, left, right]) => left !== right)
      .map(([what, left, right]) => `${what} ${left}, now ${right}`)
  );
}

function mismatch(name: string, differences: readonly string[]): CitewellError {
  return new CitewellError(
    "collection_mismatch",
    `Collection ${name} was made with other settings: ${differences.join("; ")}. ` +
      "Use the settings it was made with, or re-index it with `citewell ingest … --force` (an agent: `overwrite: true`).",
  );
}
