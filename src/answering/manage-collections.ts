import {
  COLLECTION_NAME_RULE,
  type CollectionInfo,
  type CollectionSettings,
  isCollectionName,
  isSuccessorName,
  successorName,
} from "../domain/collection.ts";
import { CitewellError } from "../errors.ts";
import type { VectorStore } from "../store/vector-store.ts";
import type { ManageCollections, WhileNobodyIngests } from "./use-cases.ts";

/** What {@link createManageCollections} needs. */
export interface ManageCollectionsOptions {
  readonly store: VectorStore;
  /** Gives the settings of a new collection. */
  readonly currentSettings: () => Promise<CollectionSettings>;
  /** Runs removals while nobody ingests. Default: nobody does. */
  readonly whileNobodyIngests?: WhileNobodyIngests;
}

/** Makes the functions that list, create and delete collections. */
export function createManageCollections({
  store,
  currentSettings,
  whileNobodyIngests = async (_, work) => work(),
}: ManageCollectionsOptions): ManageCollections {
  return {
    list: async () => withReindexing(await store.listCollections()),
    async create(name) {
      checkCollectionName(name);
      await store.createCollection(name, await currentSettings());
      const info = await store.describeCollection(name);
      if (info === null) {
        throw new CitewellError("store_failed", `The collection "${name}" was made and is gone again; try once more.`, {
          retryable: true,
        });
      }
      return info;
    },
    async remove(name, wait = {}) {
      const infos = await store.listCollections();
      if (!infos.some((info) => info.name === name || info.name === successorName(name))) return false;
      return whileNobodyIngests({ collection: name, ...wait }, async () => {
        const removed = await store.deleteCollection(name);
        // Otherwise what an interrupted re-indexing left would stay for ever.
        await store.deleteCollection(successorName(name));
        return removed;
      });
    },
  };
}

/** Hides successors, and marks the collections that they will replace as being re-indexed. */
function withReindexing(infos: readonly CollectionInfo[]): readonly CollectionInfo[] {
  const successors = new Map(infos.filter(({ name }) => isSuccessorName(name)).map((info) => [info.name, info]));
  return infos
    .filter(({ name }) => !isSuccessorName(name))
    .map((info) => {
      const successor = successors.get(successorName(info.name));
      if (successor === undefined) return info;
      return { ...info, reindexing: { documents: successor.documents, chunks: successor.chunks } };
    });
}

function checkCollectionName(name: string): void {
  if (isCollectionName(name)) return;
  throw new CitewellError("usage_invalid", `"${name}" can't name a collection: ${COLLECTION_NAME_RULE}.`, {
    problems: [{ path: "name", message: "not a collection name" }],
  });
}
