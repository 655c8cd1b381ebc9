import { checkNeeded, checkOptions, type OptionKind } from "../src/domain/check-options.ts";
import { EMBEDDER_RULE, STORE_RULE } from "../src/domain/part-rules.ts";
import type { IngestParts } from "./run-ingestion.ts";

const PARTS: Readonly<Record<keyof IngestParts, OptionKind>> = {
  store: true,
  embedder: true,
  takeNotes: "function",
  dataFolder: "text",
  maxFileBytes: "count",
  allowSecrets: "flag",
  chunking: "object",
  web: "object",
  holdTimes: "object",
};

/** Throws a `TypeError` for parts that no ingestion can work with, before anything is read. */
export function checkIngestParts(parts: IngestParts, owner: string): void {
  checkOptions(parts, { owner, known: PARTS });
  checkNeeded(`${owner}.store`, parts.store, STORE_RULE);
  checkNeeded(`${owner}.embedder`, parts.embedder, EMBEDDER_RULE);
}
