import type { Embedder } from "../embedding/embedder.ts";
import type { VectorStore } from "../store/vector-store.ts";
import type { DocumentCatalogue } from "./document-catalogue.ts";
import type { UsualWords } from "./question/usual-words.ts";
import type { RankingParts } from "./ranking-parts.ts";
import type { RetrieveOptions } from "./retrieve.ts";
import type { TitleLinks } from "./title-links.ts";

/** What the steps of one search share. */
export interface SearchContext {
  readonly store: VectorStore;
  readonly embedder: Embedder;
  readonly collection: string;
  /** Largest chunk of the collection, in tokens of the embedding model. */
  readonly chunkTokens: number;
  readonly request: RetrieveOptions;
  /** How many spans the search returns at most. */
  readonly limit: number;
  /** The walk down the ranking stops where the score falls under this share of the best. */
  readonly stopRatio: number;
  /** Parts of the ranking that are replaced or switched off. */
  readonly parts?: RankingParts;
  readonly readLinks: () => Promise<TitleLinks>;
  readonly catalogue: DocumentCatalogue;
  readonly usualWords: UsualWords;
}
