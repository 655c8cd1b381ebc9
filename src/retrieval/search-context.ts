import type { Embedder } from "../embedding/embedder.ts";
import type { VectorStore } from "../store/vector-store.ts";
import type { DocumentCatalogue } from "./document-catalogue.ts";
import type { UsualWords } from "./question/usual-words.ts";
import type { RankingParts } from "./ranking-parts.ts";
import type { RetrieveOptions } from "./retrieve.ts";
import type { TitleLinks } from "./title-links.ts";

/** What the search for a question works with. */
export interface SearchContext {
  readonly store: VectorStore;
  readonly embedder: Embedder;
  readonly collection: string;
  /** Largest chunk of the collection, in tokens of the embedding model. */
  readonly chunkTokens: number;
  readonly request: RetrieveOptions;
  /** Spans that are wanted in the end. */
  readonly limit: number;
  /** Share of the best score under which nothing is taken. */
  readonly stopRatio: number;
  /** Parts of the ranking that are not as they should be. */
  readonly parts?: RankingParts;
  readonly readLinks: () => Promise<TitleLinks>;
  readonly catalogue: DocumentCatalogue;
  readonly usualWords: UsualWords;
}
