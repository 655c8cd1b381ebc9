import type { Evidence, Hit } from "../../src/domain/hit.ts";
import type { Retrieve, RetrieveOptions } from "../../src/retrieval/retrieve.ts";

/** A hit for tests; every field that is not given is plain. */
export function makeHit(text: string, part: Partial<Hit> = {}): Hit {
  const source = part.source ?? "guide.md";
  return {
    rank: 1,
    score: 0.8,
    root: "/docs",
    title: null,
    lines: { start: 1, end: 1 + (text.match(/\n/g)?.length ?? 0) },
    span: { start: 0, end: text.length },
    page: null,
    language: "markdown",
    symbol: null,
    text,
    scores: { dense: 0.7, lexical: 0.9, sentence: 0.8 },
    documentId: `document of ${source}`,
    chunkIds: [`chunk of ${text.slice(0, 40)}`],
    source,
    ...part,
  };
}

/** A retriever with what it was asked. */
export interface MadeUpRetrieval {
  readonly retrieve: Retrieve;
  readonly calls: { readonly query: string; readonly options: RetrieveOptions }[];
}

/** Walks a fixed ranking; another query may have a ranking of its own. */
export function makeRetrieval(
  ranking: readonly Hit[],
  { evidence = "good", byQuery = {} }: { evidence?: Evidence; byQuery?: Readonly<Record<string, readonly Hit[]>> } = {},
): MadeUpRetrieval {
  const calls: { query: string; options: RetrieveOptions }[] = [];
  return {
    calls,
    async retrieve(query, options = {}) {
      options.signal?.throwIfAborted();
      calls.push({ query, options });
      const hits = (byQuery[query] ?? ranking).filter(({ chunkIds }) =>
        chunkIds.every((id) => options.exclude?.has(id) !== true),
      );
      return {
        query,
        collection: "default",
        mode: "hybrid",
        hits: hits.slice(0, options.limit ?? 5).map((hit, index) => ({ ...hit, rank: index + 1 })),
        evidence: hits.length === 0 ? "none" : evidence,
        timing: { embedMs: 0, searchMs: 0 },
      };
    },
  };
}

/** Reads a generator to its end. */
export async function drain<Event, Result>(
  events: AsyncGenerator<Event, Result>,
): Promise<{ events: Event[]; result: Result }> {
  const seen: Event[] = [];
  for (;;) {
    const next = await events.next();
    if (next.done === true) return { events: seen, result: next.value };
    seen.push(next.value);
  }
}
