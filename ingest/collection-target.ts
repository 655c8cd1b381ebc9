import { setTimeout as sleep } from "node:timers/promises";
import {
  COLLECTION_NAME_RULE,
  type CollectionInfo,
  type CollectionSettings,
  isCollectionName,
  successorName,
} from "../src/domain/collection.ts";
import { untilAborted } from "../src/domain/until-aborted.ts";
import { CitewellError, isCitewellError } from "../src/errors.ts";
import type { CallOptions, VectorStore } from "../src/store/vector-store.ts";
import {
  findDifferences,
  isOutdated,
  mismatch,
  type SettingsParts,
  settingsFor,
  type WantedSettings,
} from "./collection-settings.ts";

/** Pause before a look at a collection that is half made, in milliseconds. */
const HALF_MADE_RETRY_MS = 1_000;

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
  /** What makes a re-indexing necessary, each as `what was, now is`; empty without one. */
  readonly differences: readonly string[];
  /** Makes `physical` where it is missing. Called before the first write. */
  ensure(): Promise<void>;
}

/** How {@link openTarget} finds a collection. */
export interface TargetOptions extends CallOptions {
  readonly name: string;
  readonly wanted: WantedSettings;
  /** See `IngestOptions.force`. */
  readonly force: boolean;
  /** See `IngestOptions.upgrade`. @default false */
  readonly upgrade?: boolean | undefined;
  /** What the command that re-indexes the collection would be given. */
  readonly roots: () => readonly string[] | Promise<readonly string[]>;
}

/**
 * Finds the collection to write to. One made with other settings is refused, or with `force` re-indexed into a successor,
 * which an interrupted re-indexing may have begun; with `upgrade` so is one that an older version made.
 *
 * @throws CitewellError `collection_mismatch` naming both values of each difference; `usage_invalid` for a new
 *   collection whose name would not survive a path, an address or a shell.
 */
export async function openTarget(
  { store, ...parts }: SettingsParts & { readonly store: VectorStore },
  { name, wanted, force, upgrade = false, roots, signal }: TargetOptions,
): Promise<CollectionTarget> {
  const info = await store.describeCollection(name, { signal });
  if (info === null && !isCollectionName(name)) {
    const sentence = `"${name}" can't name a new collection: ${COLLECTION_NAME_RULE}. Choose another name.`;
    throw new CitewellError("usage_invalid", sentence);
  }
  const settings = settingsFor(parts, { wanted, stored: info?.settings ?? null });
  const differences = info === null ? [] : findDifferences(info.settings, settings);
  if (differences.length === 0) {
    const ensure = async (): Promise<void> => {
      if (info === null) await create(store, { name, settings, roots, signal });
    };
    return { name, physical: name, settings, info, replaces: null, differences, ensure };
  }
  if (info !== null && !force && !(upgrade && isOutdated(info.settings, settings))) {
    throw mismatch({ name, stored: info.settings, wanted: settings, roots: await roots() });
  }
  const physical = successorName(name);
  const begun = await store.describeCollection(physical, { signal });
  const isUsable = begun !== null && findDifferences(begun.settings, settings).length === 0;
  const ensure = async (): Promise<void> => {
    if (isUsable) return;
    if (begun !== null) await store.deleteCollection(physical, { signal });
    await create(store, { name: physical, settings, roots, signal });
  };
  return { name, physical, settings, info: isUsable ? begun : null, replaces: info, differences, ensure };
}

async function create(
  store: VectorStore,
  {
    name,
    settings,
    roots,
    signal,
  }: Pick<TargetOptions, "name" | "roots" | "signal"> & { readonly settings: CollectionSettings },
): Promise<void> {
  for (;;) {
    try {
      await store.createCollection(name, settings, { signal });
      return;
    } catch (error) {
      if (!isCitewellError(error, "collection_exists")) throw error;
      // Somebody else was faster; that is fine if they wanted the same.
      const info = await store.describeCollection(name, { signal });
      if (info !== null) {
        if (findDifferences(info.settings, settings).length === 0) return;
        throw mismatch({ name, stored: info.settings, wanted: settings, roots: await roots() });
      }
      // Somebody is making it, or was killed at that; the store knows when the latter is certain.
      if (!error.retryable) throw error;
      await untilAborted(sleep(HALF_MADE_RETRY_MS), signal);
    }
  }
}
