import type { CollectionSettings } from "../domain/collection.ts";
import { CitewellError } from "../errors.ts";
import type { VectorStore } from "../store/vector-store.ts";
import type { ManageCollections } from "./use-cases.ts";

const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/;

/** What {@link createManageCollections} needs. */
export interface ManageCollectionsOptions {
  readonly store: VectorStore;
  /** The settings that a new collection gets. */
  readonly currentSettings: () => Promise<CollectionSettings>;
}

/** Makes the listing, making and deleting of collections. */
export function createManageCollections({ store, currentSettings }: ManageCollectionsOptions): ManageCollections {
  return {
    list: () => store.listCollections(),
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
    remove: (name) => store.deleteCollection(name),
  };
}

/** Refuses names that would not survive a path, an address or a shell. */
export function checkCollectionName(name: string): void {
  if (NAME.test(name)) return;
  throw new CitewellError(
    "usage_invalid",
    `"${name}" can't name a collection: it begins with a letter or digit and has at most 100 letters, digits, dots, hyphens and underscores.`,
    { problems: [{ path: "name", message: "not a collection name" }] },
  );
}
