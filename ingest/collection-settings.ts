import type { ChunkerName, CollectionSettings } from "../src/domain/collection.ts";
import { shellWord } from "../src/domain/shell-word.ts";
import type { Embedder } from "../src/embedding/embedder.ts";
import { CitewellError } from "../src/errors.ts";
import { ANALYSER_VERSION, OLDEST_READABLE_TERMS } from "../src/lexical/analyse.ts";
import { type ChunkingOptions, chunkerVersion, LAST_RULES_VERSION } from "./chunking/chunking-options.ts";

/** Chunk size unless a setting says otherwise, in tokens of the embedding model. */
const DEFAULT_CHUNK_TOKENS = 150;

/**
 * Weighted terms of an average chunk for each token of the chunk size; BM25 takes this number as the average length.
 */
const AVERAGE_LENGTH_FACTOR = 0.67;

/**
 * The settings that an ingestion asks for. What is left out stays as the collection has it, or is the default in a new
 * one.
 */
export interface WantedSettings {
  readonly chunker?: ChunkerName;
  readonly chunkTokens?: number;
  readonly chunkOverlap?: number;
}

/** What settings are read from. */
export interface SettingsParts {
  readonly embedder: Embedder;
  readonly chunking?: ChunkingOptions;
}

/** The settings of a collection that is yet to be created. */
export function createSettings(embedder: Embedder, wanted: WantedSettings = {}): CollectionSettings {
  return settingsFor({ embedder }, { wanted, stored: null });
}

/** The settings that an ingestion works with; what it leaves open is taken from the stored ones. */
export function settingsFor(
  { embedder, chunking }: SettingsParts,
  { wanted, stored }: { readonly wanted: WantedSettings; readonly stored: CollectionSettings | null },
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

/** The differences between two settings, each as `what was, now is`. */
export function findDifferences(stored: CollectionSettings, wanted: CollectionSettings): readonly string[] {
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
      // The average length follows from the chunk size, and says nothing to somebody who changed that.
      .filter(([what]) => what !== "average length" || !isOtherSize)
      .filter(([, left, right]) => !isSame(left, right))
      .map(([what, left, right]) => `${what} ${left}, now ${right}`)
  );
}

/** The average length is no whole number, and Qdrant loses the last digit of some. */
function isSame(left: string | number, right: string | number): boolean {
  if (typeof left === "string" || typeof right === "string") return left === right;
  return Math.abs(left - right) < 1e-6;
}

/**
 * Whether the stored settings differ from the wanted ones only because an older version of citewell made them, and in
 * nothing that somebody chose.
 */
export function isOutdated(stored: CollectionSettings, wanted: CollectionSettings): boolean {
  const versions = [
    [stored.chunker.version, wanted.chunker.version],
    [stored.analyser.version, wanted.analyser.version],
  ] as const;
  // A function of the caller's that cuts has a hash as its version: of two such versions neither is the older one.
  if (versions.flat().some((version) => version > LAST_RULES_VERSION)) return false;
  if (versions.some(([was, is]) => was > is) || versions.every(([was, is]) => was === is)) return false;
  const chunker = { ...stored.chunker, version: wanted.chunker.version };
  const isSameSize = stored.chunker.chunkTokens === wanted.chunker.chunkTokens;
  const raised = { ...stored, chunker, analyser: isSameSize ? wanted.analyser : stored.analyser };
  return findDifferences(raised, wanted).length === 0;
}

/** Whether this version answers from a collection with these settings, by vectors alone if need be. */
export function isAnswering({ analyser }: CollectionSettings): boolean {
  return analyser.version <= ANALYSER_VERSION;
}

function hasReadableTerms({ analyser }: CollectionSettings): boolean {
  return analyser.version >= OLDEST_READABLE_TERMS;
}

/** A collection, and settings that it was not made with. */
export interface SettingsMismatch {
  readonly name: string;
  readonly stored: CollectionSettings;
  readonly wanted: CollectionSettings;
  /** The roots that the command which re-indexes the collection would be given. */
  readonly roots: readonly string[];
}

/** The error that stops an ingestion with other settings than the collection's; it says which command re-indexes it. */
export function settingsMismatch({ name, stored, wanted, roots }: SettingsMismatch): CitewellError {
  const differences = findDifferences(stored, wanted).join("; ");
  const command = ["citewell ingest", ...roots.map(shellWord), `--collection ${shellWord(name)} --force`].join(" ");
  const way = isOutdated(wanted, stored)
    ? "A newer version of citewell made it: use that one. To take it back to this version's rules"
    : isOutdated(stored, wanted)
      ? `An older version of citewell made it, and ${hasReadableTerms(stored) ? "it answers as before" : "searches in it go by meaning alone until it is re-indexed"}. To re-index it`
      : "Use the settings it was made with. To re-index it with the new ones";
  return new CitewellError(
    "collection_mismatch",
    `Collection ${name} was made with other settings: ${differences}. ${way}, run: ${command} (with the same options as now; in the library, with force: true).`,
  );
}
