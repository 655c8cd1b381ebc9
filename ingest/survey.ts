import { createReadStream } from "node:fs";
import { createHash } from "node:crypto";
import { pipeline } from "node:stream/promises";
import pLimit from "p-limit";
import type { DocumentRecord } from "../src/domain/document.ts";
import type { FileReport, IngestOptions } from "../src/domain/ingest.ts";
import { createScope, findFiles, type FoundFile } from "./find-files.ts";
import { readFailure, skipReason } from "./loaders/load-document.ts";
import { keyOf, planSync, type PresentSource, type SyncPlan } from "./plan-sync.ts";
import type { ResolvedRoot } from "./resolve-root.ts";

/** A file that is there, with its hash where it was needed. */
export interface PresentFile extends FoundFile, PresentSource {}

/** What a look at the roots gives. */
export interface Survey {
  readonly plan: SyncPlan<PresentFile>;
  /** Sources that are passed over already. */
  readonly passed: readonly FileReport[];
  /** Files that may be ingested. */
  readonly present: readonly PresentFile[];
  /** What could not be looked at. */
  readonly unknown: readonly FileReport[];
  /** Whether the ingestion may touch what is stored of a source: it is under one of the roots and within its globs. */
  readonly isInScope: (record: { readonly root: string; readonly source: string }) => boolean;
}

/** Options of {@link surveyRoots}. */
export interface SurveyOptions extends Pick<IngestOptions, "include" | "exclude" | "removeMissing" | "signal"> {
  readonly maxFileBytes: number;
  readonly dataFolder?: string;
  /** Every record of the collection. */
  readonly stored: readonly DocumentRecord[];
}

/** Files whose hash is made at a time. */
const HASHES_AT_ONCE = 4;

/** Looks at the roots and compares them with what is stored. Reads only files of which something is stored. */
export async function surveyRoots(roots: readonly ResolvedRoot[], options: SurveyOptions): Promise<Survey> {
  const { include, exclude, signal, dataFolder, maxFileBytes } = options;
  const passed: FileReport[] = [];
  const files: FoundFile[] = [];
  for (const root of roots) {
    const skipFolders = dataFolder === undefined ? [] : [dataFolder];
    const result = await findFiles(root, { include, exclude, skipFolders, signal });
    passed.push(...result.unfound);
    for (const file of result.files) {
      const reason = skipReason(file, maxFileBytes);
      if (reason === null) files.push(file);
      else passed.push({ root: file.root, source: file.source, status: "skipped", reason });
    }
  }
  const scopes = new Map(roots.map((root) => [root.root, createScope(root, include)]));
  const isInScope: Survey["isInScope"] = ({ root, source }) => scopes.get(root)?.(source) ?? false;
  const stored = options.stored.filter(isInScope);
  const { present, failed } = await hashFiles(files, stored, signal);
  passed.push(...failed);
  const unknown = passed.filter(({ status }) => status === "failed");
  const plan = planSync({ present, stored, unknown, removeMissing: options.removeMissing ?? true });
  return { plan, passed, present, unknown, isInScope };
}

async function hashFiles(
  files: readonly FoundFile[],
  stored: readonly DocumentRecord[],
  signal: AbortSignal | undefined,
): Promise<{ readonly present: readonly PresentFile[]; readonly failed: readonly FileReport[] }> {
  const records = new Map(stored.map((record) => [keyOf(record), record]));
  const failed: FileReport[] = [];
  const limit = pLimit(HASHES_AT_ONCE);
  const present = await limit.map(files, async (file): Promise<PresentFile | null> => {
    // Another size is another content.
    if (records.get(keyOf(file))?.bytes !== file.bytes) return { ...file, contentHash: null };
    try {
      return { ...file, contentHash: await hashFile(file.absolutePath, signal) };
    } catch (error) {
      signal?.throwIfAborted();
      failed.push({ root: file.root, source: file.source, status: "failed", reason: readFailure(error) });
      return null;
    }
  });
  return { present: present.filter((file) => file !== null), failed };
}

async function hashFile(file: string, signal: AbortSignal | undefined): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(file), hash, { signal });
  return hash.digest("hex");
}
