import { queryTerms } from "../../retrieval/query-terms.ts";
import { scoreCandidates } from "../../retrieval/score-candidates.ts";
import type { RecalledMemo } from "./memo.ts";
import { toMemo, type MemoPlace } from "./memo-records.ts";

/** Options of {@link MemoStore.recall}. */
export interface RecallOptions {
  /** Memos at most. */
  readonly limit: number;
  /** Memos at this distance or further are left out. */
  readonly threshold: number;
  /** Cancels the recall. */
  readonly signal?: AbortSignal | undefined;
}

/** The memos of a user that fit a text best, best first. */
export async function recallMemos(
  text: string,
  { store, embedder, collection, root, limit, threshold, signal }: MemoPlace & RecallOptions,
): Promise<readonly RecalledMemo[]> {
  const call = { signal };
  if (limit < 1 || text.trim() === "" || (await store.describeCollection(collection, call)) === null) return [];
  const [vector] = await embedder.embed([text], { purpose: "query", ...call });
  if (vector === undefined) throw new TypeError("The embedder gave no vector for the text.");
  const query = queryTerms(text);
  const found = await store.search(
    collection,
    { vector, terms: query.indices, denseLimit: limit * 3, lexicalLimit: limit * 3, filter: { roots: [root] } },
    call,
  );
  const ranked = scoreCandidates(found, { mode: "hybrid", query, stopRatio: 0 });
  const near = ranked
    .map(({ chunk, scores }) => ({ chunk, distance: 2 - 2 * (scores.dense ?? 0) }))
    .filter(({ distance }) => distance < threshold)
    .slice(0, limit);
  const records = await Promise.all(near.map(({ chunk }) => store.getDocument(collection, chunk.documentId, call)));
  return near.flatMap(({ chunk, distance }, index) => {
    const record = records[index];
    // Without its record it is being written or deleted.
    return record === null || record === undefined ? [] : [{ ...toMemo(chunk.text, record), distance }];
  });
}
