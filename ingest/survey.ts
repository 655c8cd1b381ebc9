import pLimit from "p-limit";
import { type DocumentRecord, isComplete } from "../src/domain/document.ts";
import type { FileReport, IngestOptions } from "../src/domain/ingest.ts";
import { createScope, type EmptyFolder, findFiles, type FoundFile } from "./find-files.ts";
import { hashFile } from "./identity.ts";
import { binarySkipReason, readFailure, skipReason } from "./loaders/load-document.ts";
import { keyOf, planSync, type PresentSource, type SourceName, type SyncPlan } from "./plan-sync.ts";
import type { ResolvedRoot } from "./resolve-root.ts";
import { createShardTest } from "./shard.ts";
import type { PresentPage, SiteVisit } from "./web/site-findings.ts";
import { asStored, fitsChoice } from "./secrets/secrets-hash.ts";

/** A file that exists, with its hash if that was needed. */
export interface PresentFile extends FoundFile, PresentSource {
  /**
   * {@link FoundFile.modifiedAt} if it can prove that the file is unchanged; null if the file changed too shortly
   * before this look.
   */
  readonly provenAt: number | null;
}

/** A file or a web page that exists. */
export type PresentDocument = PresentFile | PresentPage;

/** The result of a look at the roots. */
export interface Survey {
  readonly plan: SyncPlan<PresentDocument>;
  /** Sources that are skipped, or failed, without being loaded. */
  readonly passed: readonly FileReport[];
  /** Files and pages that may be ingested. */
  readonly present: readonly PresentDocument[];
  /** Sources and folders that could not be read. */
  readonly unknown: readonly SourceName[];
  /** Documents whose file had to be read and is unchanged, with the time that makes the next reading unnecessary. */
  readonly seen: readonly { readonly id: string; readonly modifiedAt: number }[];
  /** Whether the ingestion may change what is stored of a source: it is under one of the roots and within the globs. */
  readonly isInScope: (record: SourceName) => boolean;
}

/** Options of {@link surveyRoots}. */
export interface SurveyOptions extends Pick<
  IngestOptions,
  "include" | "exclude" | "removeMissing" | "allowSecrets" | "reread" | "shard" | "signal"
> {
  readonly maxFileBytes: number;
  readonly dataFolder?: string;
  /** Every record of the collection. */
  readonly stored: readonly DocumentRecord[];
  /** Every record of the collection that is re-indexed. Default: none is. */
  readonly replaced?: readonly DocumentRecord[];
  /** What the visits to web addresses among the roots found. */
  readonly visits?: readonly SiteVisit[];
}

/** How many files are hashed at a time. */
const HASHES_AT_ONCE = 4;

/**
 * A file that changed so shortly before a look may change again without getting another time, on some file systems. Times
 * that differ by less do not tell what came first.
 */
const RACY_MS = 2_000;

/**
 * Looks at the roots and compares them with what is stored. Reads only files of which something is stored and whose
 * time differs from the recorded one.
 */
export async function surveyRoots(roots: readonly ResolvedRoot[], options: SurveyOptions): Promise<Survey> {
  const { include, exclude, signal, dataFolder, maxFileBytes, allowSecrets = false, reread = false } = options;
  const isMine = createShardTest(options.shard);
  const provenBefore = Date.now() - RACY_MS;
  const passed: FileReport[] = [];
  const files: FoundFile[] = [];
  const empty: EmptyFolder[] = [];
  for (const root of roots) {
    if (root.kind === "web") continue;
    const skipFolders = dataFolder === undefined ? [] : [dataFolder];
    const result = await findFiles(root, { include, exclude, skipFolders, signal });
    passed.push(...result.unfound);
    empty.push(...result.empty);
    for (const file of result.files.filter(isMine)) {
      const reason = skipReason(file, { maxFileBytes, allowSecrets }) ?? (await binarySkipReason(file));
      if (reason === null) files.push(file);
      else passed.push({ root: file.root, source: file.source, status: "skipped", reason });
    }
  }
  const scopes = new Map(roots.map((root) => [root.root, createScope(root, include)]));
  const isInScope: Survey["isInScope"] = ({ root, source }) =>
    (scopes.get(root)?.(source) ?? false) && isMine({ root, source });
  const stored = options.stored.filter(isInScope);
  passed.push(...findUnmounted(empty, [...stored, ...(options.replaced ?? []).filter(isInScope)]));
  const hashed = await hashFiles(files, { stored: reread ? [] : stored, provenBefore, allowSecrets, signal });
  const visits = options.visits ?? [];
  passed.push(...hashed.failed, ...visits.flatMap((visit) => visit.passed));
  const present = [...hashed.present, ...visits.flatMap((visit) => visit.present.filter(isMine))];
  const unknown = [...passed.filter(({ status }) => status === "failed"), ...visits.flatMap((visit) => visit.unknown)];
  const plan = planSync({ present, stored, unknown, removeMissing: options.removeMissing ?? true });
  return { plan, passed: passed.filter(isMine), present, unknown, seen: findSeen(plan, hashed.present), isInScope };
}

/**
 * Empty folders that have not changed since documents of theirs were stored. Nobody can have emptied them, so they are
 * other folders: those that show where a drive is not mounted.
 */
function findUnmounted(empty: readonly EmptyFolder[], stored: readonly DocumentRecord[]): readonly FileReport[] {
  return empty.flatMap(({ root, source, modifiedAt }): FileReport[] => {
    const isBelow = (record: SourceName): boolean => source === "." || record.source.startsWith(`${source}/`);
    const own = stored.filter((record) => record.root === root && isBelow(record));
    if (!own.some(({ ingestedAt }) => Date.parse(ingestedAt) - RACY_MS > modifiedAt)) return [];
    const reason =
      "the folder has been empty since before its documents were stored: mount its drive again, or delete them with " +
      "citewell remove";
    return [{ root, source, status: "failed", reason }];
  });
}

function findSeen(plan: SyncPlan<PresentDocument>, present: readonly PresentFile[]): Survey["seen"] {
  const times = new Map(present.map((file) => [keyOf(file), file.provenAt]));
  return plan.keeps.flatMap((record) => {
    const modifiedAt = times.get(keyOf(record)) ?? null;
    return modifiedAt === null || modifiedAt === record.modifiedAt ? [] : [{ id: record.id, modifiedAt }];
  });
}

async function hashFiles(
  files: readonly FoundFile[],
  {
    stored,
    provenBefore,
    allowSecrets,
    signal,
  }: {
    readonly stored: readonly DocumentRecord[];
    readonly provenBefore: number;
    readonly allowSecrets: boolean;
    readonly signal: AbortSignal | undefined;
  },
): Promise<{ readonly present: readonly PresentFile[]; readonly failed: readonly FileReport[] }> {
  const records = new Map(stored.map((record) => [keyOf(record), record]));
  const failed: FileReport[] = [];
  const limit = pLimit(HASHES_AT_ONCE);
  const look = async (found: FoundFile): Promise<PresentFile | null> => {
    const file = { ...found, provenAt: found.modifiedAt < provenBefore ? found.modifiedAt : null };
    const record = records.get(keyOf(file));
    // Another size means another content.
    if (record?.bytes !== file.bytes) return { ...file, contentHash: null };
    const isKnown = isComplete(record) && fitsChoice(record.contentHash, allowSecrets);
    if (isKnown && record.modifiedAt === file.modifiedAt) return { ...file, contentHash: record.contentHash };
    try {
      const hash = await limit(hashFile, file.absolutePath, signal);
      return { ...file, contentHash: asStored(hash, record.contentHash, allowSecrets) };
    } catch (error) {
      signal?.throwIfAborted();
      failed.push({ root: file.root, source: file.source, status: "failed", reason: readFailure(error) });
      return null;
    }
  };
  const present = await Promise.all(files.map(look));
  return { present: present.filter((file) => file !== null), failed };
}
