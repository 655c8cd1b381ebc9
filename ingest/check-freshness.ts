import type { Stats } from "node:fs";
import { stat } from "node:fs/promises";
import path from "node:path";
import pLimit from "p-limit";
import { changeTime } from "../src/domain/change-time.ts";
import { type DocumentRecord, isComplete } from "../src/domain/document.ts";
import type { RootFreshness } from "../src/domain/ingest.ts";
import { systemErrorCode } from "../src/errors.ts";
import { hashFile } from "./identity.ts";
import { hashOfBytes } from "./secrets/secrets-hash.ts";

const FILES_AT_ONCE = 16;

/**
 * Compares documents with the files they came from. A file with the recorded size and time counts as unchanged; if only
 * the size is the same, the content decides. Files that were never ingested are not looked for.
 */
export async function checkFreshness({
  documents,
  signal,
}: {
  readonly documents: readonly DocumentRecord[];
  readonly signal?: AbortSignal;
}): Promise<readonly RootFreshness[]> {
  const limit = pLimit(FILES_AT_ONCE);
  const roots = Map.groupBy(documents, ({ root }) => root);
  const checked = await Promise.all(
    [...roots].map(async ([root, records]): Promise<RootFreshness> => {
      // Documents that were submitted as data, and those from the web, have no file.
      if (!path.isAbsolute(root)) {
        const unfinished = records.filter((record) => !isComplete(record)).length;
        return { root, isThere: null, changed: 0, unfinished, gone: 0 };
      }
      const state = await stat(root).catch(() => null);
      if (state === null) return { root, isThere: false, changed: 0, unfinished: 0, gone: records.length };
      const states = await limit.map(records, async (record) => {
        const file = state.isDirectory() ? path.join(root, record.source) : root;
        return await stateOf(record, file, signal);
      });
      const count = (wanted: FileState): number => states.filter((one) => one === wanted).length;
      return {
        root,
        isThere: true,
        changed: count("changed"),
        unfinished: count("unfinished"),
        gone: count("gone"),
      };
    }),
  );
  return checked.toSorted((left, right) => (left.root < right.root ? -1 : 1));
}

function isAbsent(error: unknown): boolean {
  return ["ENOENT", "ENOTDIR", "ELOOP"].includes(systemErrorCode(error) ?? "");
}

type FileState = "same" | "changed" | "unfinished" | "gone";

async function stateOf(record: DocumentRecord, file: string, signal: AbortSignal | undefined): Promise<FileState> {
  signal?.throwIfAborted();
  let state: Stats;
  try {
    state = await stat(file);
  } catch (error) {
    // A file that cannot be looked at is not known to be gone; the next ingestion keeps its document as well.
    return isAbsent(error) ? "gone" : "changed";
  }
  if (!state.isFile()) return "gone";
  if (!isComplete(record)) return "unfinished";
  if (state.size !== record.bytes) return "changed";
  if (changeTime(state) === record.modifiedAt) return "same";
  try {
    return (await hashFile(file, signal)) === hashOfBytes(record.contentHash) ? "same" : "changed";
  } catch {
    signal?.throwIfAborted();
    return "changed";
  }
}
