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
  settingsMismatch,
  type SettingsParts,
  settingsFor,
  type WantedSettings,
} from "./collection-settings.ts";

/** Pause before another look at a collection that somebody else is creating, in milliseconds. */
const HALF_MADE_RETRY_MS = 1_000;

/** The collection that an ingestion writes to. */
export interface CollectionTarget {
  /** Name that readers use; ids are made from it. */
  readonly name: string;
  /** Name that is written to: that of the successor while a collection is re-indexed. */
  readonly physical: string;
  readonly settings: CollectionSettings;
  /** The collection `physical` as it is now; null if it is yet to be created. */
  readonly info: CollectionInfo | null;
  /** The collection that `physical` will replace; null if nothing is re-indexed. */
  readonly replaces: CollectionInfo | null;
  /**
   * The differences that make a re-indexing necessary, each as `what was, now is`; empty if nothing is re-indexed, and where
   * the collection is overwritten by one with the same settings.
   */
  readonly differences: readonly string[];
  /** Creates `physical` if it does not exist. Called before the first write. */
  ensure(): Promise<void>;
}

/** Options of {@link openTarget}. */
export interface TargetOptions extends CallOptions {
  readonly name: string;
  readonly wanted: WantedSettings;
  /** See `IngestOptions.force`. */
  readonly force: boolean;
  /** See `IngestOptions.upgrade`. @default false */
  readonly upgrade?: boolean | undefined;
  /** See `IngestOptions.overwrite`. @default false */
  readonly overwrite?: boolean | undefined;
  /** The roots that the command which re-indexes the collection would be given. */
  readonly roots: () => readonly string[] | Promise<readonly string[]>;
}

/**
 * Finds the collection to write to. If it was made with other settings, it is refused; with `force`, or with `upgrade`
 * if only an older version of citewell made it, it is re-indexed into a successor instead, which an interrupted
 * re-indexing may have begun. With `overwrite` it is made anew in a successor in any case.
 *
 * @throws CitewellError `collection_mismatch` naming both values of each difference; `usage_invalid` for a new
 *   collection whose name would not survive a path, an address or a shell.
 */
export async function openTarget(
  { store, ...parts }: SettingsParts & { readonly store: VectorStore },
  { name, wanted, force, upgrade = false, overwrite = false, roots, signal }: TargetOptions,
): Promise<CollectionTarget> {
  const info = await store.describeCollection(name, { signal });
  if (info === null && !isCollectionName(name)) {
    const sentence = `"${name}" can't name a new collection: ${COLLECTION_NAME_RULE}. Choose another name.`;
    throw new CitewellError("usage_invalid", sentence);
  }
  const settings = settingsFor(parts, { wanted, stored: info?.settings ?? null });
  const differences = info === null ? [] : findDifferences(info.settings, settings);
  const isAnew = overwrite && info !== null;
  if (differences.length === 0 && !isAnew) {
    const ensure = async (): Promise<void> => {
      if (info === null) await create(store, { name, settings, roots, signal });
    };
    return { name, physical: name, settings, info, replaces: null, differences, ensure };
  }
  if (info !== null && !force && !isAnew && !(upgrade && isOutdated(info.settings, settings))) {
    throw settingsMismatch({ name, stored: info.settings, wanted: settings, roots: await roots() });
  }
  const physical = successorName(name);
  const begun = await store.describeCollection(physical, { signal });
  // Who makes a collection anew wants nothing that an earlier attempt took from other roots.
  const isUsable = begun !== null && !isAnew && findDifferences(begun.settings, settings).length === 0;
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
      // Somebody else created it first. That is fine if they wanted the same settings.
      const info = await store.describeCollection(name, { signal });
      if (info !== null) {
        if (findDifferences(info.settings, settings).length === 0) return;
        throw settingsMismatch({ name, stored: info.settings, wanted: settings, roots: await roots() });
      }
      // Somebody is creating it, or was killed while creating it; the store knows when the latter is certain.
      if (!error.retryable) throw error;
      await untilAborted(sleep(HALF_MADE_RETRY_MS), signal);
    }
  }
}
