import { warnOnce } from "../agents/warn-once.ts";
import {
  COLLECTION_NAME_RULE,
  type CollectionInfo,
  DEFAULT_COLLECTION,
  isCollectionName,
  isSuccessorName,
  successorName,
} from "../domain/collection.ts";
import type { Embedder } from "../embedding/embedder.ts";
import { CitewellError } from "../errors.ts";
import { ANALYSER_VERSION, OLDEST_READABLE_TERMS } from "../lexical/analyse.ts";
import { createCodeRetriever } from "../retrieval/code/create-code-retriever.ts";
import { createDocumentCatalogue } from "../retrieval/document-catalogue.ts";
import { createRetriever } from "../retrieval/create-retriever.ts";
import { createCodeFinder, type FindCodeIn } from "../retrieval/code/find-code.ts";
import type { Retrieve } from "../retrieval/retrieve.ts";
import type { VectorStore } from "../store/vector-store.ts";

/** For how long an opened collection is used without looking whether others have changed it, in milliseconds. */
const TRUST_MS = 15_000;

/** A collection that this process can search. */
export interface OpenedCollection {
  readonly info: CollectionInfo;
  readonly retrieve: Retrieve;
  /** The search of code tasks. */
  readonly retrieveCode: Retrieve;
  readonly findCode: FindCodeIn;
}

/** Opens collections by name; see {@link createCollectionOpener}. */
export type OpenCollection = (name: string) => Promise<OpenedCollection>;

/**
 * Opens collections for searching and remembers them for some seconds. Rejects with `collection_missing`, and with
 * `collection_mismatch` if the collection was made with another embedding model or with newer rules for terms. One that
 * was made with older rules is searched, by vectors alone where they differ in most words; a warning of the process says
 * so, and searches that want words reject with `collection_mismatch`.
 */
export function createCollectionOpener(options: {
  readonly store: VectorStore;
  readonly embedder: Embedder;
}): OpenCollection {
  const { store, embedder } = options;
  const opened = new Map<string, { readonly until: number; readonly collection: OpenedCollection }>();
  return async (name) => {
    const known = opened.get(name);
    if (known !== undefined && known.until > performance.now()) return known.collection;
    const info = await store.describeCollection(name);
    if (info === null) {
      opened.delete(name);
      throw await missing(name, store);
    }
    const mismatch = findMismatch(info, embedder);
    if (mismatch !== null) {
      opened.delete(name);
      throw new CitewellError("collection_mismatch", mismatch + (await describeReindexing(name, { store, embedder })));
    }
    const isKept = known !== undefined && isSame(known.collection.info, info);
    const collection = isKept ? { ...known.collection, info } : openAs(info, { store, embedder });
    opened.set(name, { until: performance.now() + TRUST_MS, collection });
    return collection;
  };
}

function openAs(
  info: CollectionInfo,
  { store, embedder }: { readonly store: VectorStore; readonly embedder: Embedder },
): OpenedCollection {
  const { name } = info;
  const parts = { store, embedder, collection: name, catalogue: createDocumentCatalogue(store, name) };
  const retrieve = createRetriever({ ...parts, chunkTokens: info.settings.chunker.chunkTokens });
  const findCode = createCodeFinder(parts);
  const countTokens = (text: string): number => embedder.countTokens(text);
  const retrieveCode = createCodeRetriever({ store, collection: name, retrieve, findCode, countTokens });
  const { version } = info.settings.analyser;
  if (version !== ANALYSER_VERSION) warnOnce(olderTerms(info));
  if (version >= OLDEST_READABLE_TERMS) return { info, retrieve, retrieveCode, findCode };
  return byVectorsAlone({ info, retrieve }, async () => {
    const more = await describeReindexing(name, { store, embedder });
    return new CitewellError("collection_mismatch", olderTerms(info) + more);
  });
}

/** A collection whose terms this version cannot look for. */
function byVectorsAlone(
  { info, retrieve }: Pick<OpenedCollection, "info" | "retrieve">,
  refusal: () => Promise<CitewellError>,
): OpenedCollection {
  const byVectors: Retrieve = async (query, request = {}) => {
    if (request.mode === "lexical") throw await refusal();
    return retrieve(query, { ...request, mode: "dense" });
  };
  const findCode: FindCodeIn = async () => {
    throw await refusal();
  };
  return { info, retrieve: byVectors, retrieveCode: byVectors, findCode };
}

/** What a search in a collection with older terms misses, and what to do. */
function olderTerms({ name, settings: { analyser } }: CollectionInfo): string {
  const missed =
    analyser.version >= OLDEST_READABLE_TERMS
      ? "a few words are not found in it"
      : "it is searched by meaning alone, not by words";
  return (
    `The collection "${name}" was made by an older version of citewell (terms of version ${String(analyser.version)}, ` +
    `this one has ${String(ANALYSER_VERSION)}). Until it is re-indexed, ${missed}. Re-index it with: ` +
    `citewell ingest --force --collection ${name}; a server does so by itself for what \`citewell serve --ingest\` names.`
  );
}

/** Whether a collection is still the one that was opened: what was read of its documents can then be kept. */
function isSame(opened: CollectionInfo, { createdAt, settings }: CollectionInfo): boolean {
  return opened.createdAt === createdAt && JSON.stringify(opened.settings) === JSON.stringify(settings);
}

async function missing(name: string, store: VectorStore): Promise<CitewellError> {
  const infos = await store.listCollections();
  const names = infos.map((collection) => collection.name).filter((one) => !isSuccessorName(one));
  const isPossible = isCollectionName(name);
  const command = `citewell ingest <folder>${name === DEFAULT_COLLECTION ? "" : ` --collection ${name}`}`;
  if (names.length === 0 && isPossible) {
    return new CitewellError("collection_missing", `Nothing is stored yet. Add documents first: ${command}`);
  }
  const others = names.length === 0 ? "" : ` There are: ${names.join(", ")}.`;
  const how = isPossible ? `Make it with: ${command}` : `A collection cannot have this name: ${COLLECTION_NAME_RULE}.`;
  return new CitewellError("collection_missing", `There is no collection "${name}".${others} ${how}`);
}

/** A sentence about a re-indexing with this very model, if one is under way; otherwise empty. */
async function describeReindexing(
  name: string,
  { store, embedder }: { readonly store: VectorStore; readonly embedder: Embedder },
): Promise<string> {
  const next = await store.describeCollection(successorName(name));
  if (next?.settings.embedding.fingerprint !== embedder.fingerprint) return "";
  return (
    ` It is being re-indexed with ${embedder.model}, ${String(next.documents)} documents so far, and answers when that ` +
    "is done; if it was interrupted, the same command goes on with it."
  );
}

/** What a collection was made with that this process does not have; null if it has everything. */
function findMismatch({ name, settings }: CollectionInfo, embedder: Embedder): string | null {
  const { embedding, analyser } = settings;
  if (embedding.fingerprint !== embedder.fingerprint || embedding.dimensions !== embedder.dimensions) {
    return (
      `The collection "${name}" was made with the embedding model ${embedding.model} (${String(embedding.dimensions)} numbers a vector), ` +
      `and ${embedder.model} (${String(embedder.dimensions)}) is set now. Set CITEWELL_EMBEDDING_MODEL back, ` +
      `or re-index with: citewell ingest --force <folder>${name === DEFAULT_COLLECTION ? "" : ` --collection ${name}`}.`
    );
  }
  if (analyser.version > ANALYSER_VERSION) {
    const versions = `terms of version ${String(analyser.version)}, this one has ${String(ANALYSER_VERSION)}`;
    return `The collection "${name}" was made by a newer version of citewell (${versions}): update this program.`;
  }
  return null;
}
