import { checkOptions, type OptionKind, showValue } from "../src/domain/check-options.ts";
import type { ChunkerName } from "../src/domain/collection.ts";
import type { IngestOptions } from "../src/domain/ingest.ts";
import { SIGNAL_RULE } from "../src/domain/part-rules.ts";

const KNOWN: Readonly<Record<keyof IngestOptions, OptionKind>> = {
  collection: "text",
  roots: "list",
  crawl: true,
  chunker: true,
  chunkTokens: "number",
  chunkOverlap: "number",
  include: "list",
  exclude: "list",
  removeMissing: "flag",
  force: "flag",
  reread: "flag",
  upgrade: "flag",
  overwrite: "flag",
  dryRun: "flag",
  maxFileBytes: "count",
  allowSecrets: "flag",
  wordsFirst: "flag",
  wordsOnly: "flag",
  givesWay: "flag",
  shard: "object",
  signal: SIGNAL_RULE,
};

const CHUNKERS: Readonly<Record<ChunkerName, true>> = {
  sentences: true,
  recursive: true,
  token: true,
  markdown: true,
  autogen: true,
};

/**
 * Throws a `TypeError` for options that an ingestion cannot work with, and for unknown ones: a misspelt `dryRun` would
 * otherwise be ignored, and documents stored.
 */
export function checkIngestOptions(options: IngestOptions): void {
  checkOptions(options, { owner: "ingest", known: KNOWN, instead: { delete: "write removeMissing" } });
  const { roots, collection, chunker, crawl = 0, force, upgrade, overwrite, wordsOnly } = options;
  if (!Array.isArray(roots) || !roots.every((root) => typeof root === "string")) {
    throw new TypeError("ingest.roots must be a list of paths, globs or web addresses.");
  }
  if (collection === undefined) throw new TypeError("ingest.collection must be the name of a collection.");
  if (chunker !== undefined && !Object.hasOwn(CHUNKERS, chunker)) {
    throw new TypeError(
      `ingest.chunker must be one of ${Object.keys(CHUNKERS).join(", ")}, not ${showValue(chunker)}.`,
    );
  }
  if (wordsOnly === true && (force === true || upgrade === true || overwrite === true)) {
    throw new TypeError(
      "ingest.wordsOnly stores no vectors, so it cannot re-index: leave out force, upgrade and overwrite.",
    );
  }
  if (!Number.isInteger(crawl) || crawl < 0) {
    throw new TypeError(`ingest.crawl must be a whole number from 0, not ${showValue(crawl)}.`);
  }
}
