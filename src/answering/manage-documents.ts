import { DEFAULT_COLLECTION } from "../domain/collection.ts";
import type { DocumentRecord } from "../domain/document.ts";
import { CitewellError } from "../errors.ts";
import { plainLetters } from "../lexical/plain-letters.ts";
import { sourcesMatching } from "../retrieval/source-matcher.ts";
import { allDocuments } from "../store/all-documents.ts";
import type { VectorStore } from "../store/vector-store.ts";
import { checkNumbers } from "./check-request.ts";
import type { ManageDocuments, WhileNobodyIngests } from "./use-cases.ts";

const PAGE = 1_000;
const REMOVAL_BATCH = 100;

/** What {@link createManageDocuments} needs. */
export interface ManageDocumentsOptions {
  readonly store: VectorStore;
  /** Runs removals while nobody ingests. Default: nobody does. */
  readonly whileNobodyIngests?: WhileNobodyIngests;
}

/**
 * Tells whether a document's title and source hold every word, in any case and form of accents; null where there are no
 * words.
 */
function documentMatcher(words: string): ((document: DocumentRecord) => boolean) | null {
  const wanted = plainLetters(words).split(/\s+/).filter(Boolean);
  if (wanted.length === 0) return null;
  return ({ title, source }) => {
    const text = plainLetters(`${title ?? ""} ${source}`);
    return wanted.every((word) => text.includes(word));
  };
}

/** Makes the functions that list, read and remove documents. */
export function createManageDocuments({
  store,
  whileNobodyIngests = async (_, work) => work(),
}: ManageDocumentsOptions): ManageDocuments {
  const findSources = async (collection: string, sources: readonly string[]): Promise<readonly DocumentRecord[]> => {
    const documents: DocumentRecord[] = [];
    for await (const document of allDocuments(store, collection)) documents.push(document);
    const known = new Set(documents.map(({ source }) => source));
    // A text that is a source means that document only: "pages/[id].md" must not match "pages/i.md" as a glob.
    const patterns = sources.filter((source) => !known.has(source));
    const matched = new Set(sourcesMatching(documents, patterns));
    const named = new Set(sources);
    return documents.filter((document) => named.has(document.source) || matched.has(document));
  };
  return {
    async list({ collection = DEFAULT_COLLECTION, limit = 100, cursor, search = "", signal }) {
      checkNumbers([{ path: "limit", value: limit, from: 1, to: PAGE }]);
      const isWanted = documentMatcher(search);
      if (isWanted === null) return store.listDocuments(collection, { limit, cursor, signal });
      const documents: DocumentRecord[] = [];
      let next: string | null | undefined = cursor;
      do {
        // A page of the store that could hold more than is left would have to be cut, and its cursor leads behind it.
        const page = await store.listDocuments(collection, { limit: limit - documents.length, cursor: next, signal });
        documents.push(...page.documents.filter(isWanted));
        next = page.nextCursor;
      } while (next !== null && documents.length <= limit / 2);
      return { documents, nextCursor: next };
    },
    async get({ collection = DEFAULT_COLLECTION, id }) {
      const document = await store.getDocument(collection, id);
      if (document === null) return null;
      const whole = { documentId: id, span: { start: 0, end: document.textLength } };
      const [chunks, [text]] = await Promise.all([
        store.listChunks(collection, id),
        store.readSpans(collection, [whole]),
      ]);
      return { document, text: text ?? "", chunks };
    },
    async remove({ collection = DEFAULT_COLLECTION, id, ...wait }) {
      // Nobody has to wait for the lease if there is no such document.
      if ((await store.getDocument(collection, id)) === null) return false;
      return whileNobodyIngests({ collection, ...wait }, async () => {
        if ((await store.getDocument(collection, id)) === null) return false;
        await store.deleteDocuments(collection, [id]);
        return true;
      });
    },
    async removeSources({ collection = DEFAULT_COLLECTION, sources, ...wait }) {
      if (sources.length === 0) throw new CitewellError("usage_invalid", "Name at least one source to remove.");
      if ((await findSources(collection, sources)).length === 0) return [];
      return whileNobodyIngests({ collection, ...wait }, async () => {
        const found = await findSources(collection, sources);
        for (let start = 0; start < found.length; start += REMOVAL_BATCH) {
          wait.signal?.throwIfAborted();
          await store.deleteDocuments(
            collection,
            found.slice(start, start + REMOVAL_BATCH).map(({ id }) => id),
          );
        }
        return found.map(({ source }) => source);
      });
    },
  };
}
