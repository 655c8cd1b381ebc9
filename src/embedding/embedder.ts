import type { SimilarityScale } from "../domain/similarity-scale.ts";

/** Options of {@link Embedder.embed}. */
export interface EmbedOptions {
  /**
   * Whether the texts are questions or passages; models that were trained with a prefix for either get it.
   * @default "passage"
   */
  readonly purpose?: "query" | "passage" | undefined;
  /**
   * Whether somebody waits for the vectors: a model that runs in this process embeds these texts before all others.
   * @default true for queries, false for passages
   */
  readonly urgent?: boolean | undefined;
  /** Cancels the call between runs of the model. */
  readonly signal?: AbortSignal | undefined;
  /** Receives the indices of the texts whose vectors were cached, so that the model did not have to embed them. Default: nobody. */
  readonly onRemembered?: ((places: readonly number[]) => void) | undefined;
}

/** Turns texts into unit-length vectors. */
export interface Embedder {
  /** Model name, such as `all-MiniLM-L6-v2`. */
  readonly model: string;
  /** Hash of what decides the vectors: model files, precision, pooling, prefixes. */
  readonly fingerprint: string;
  /** Length of a vector. */
  readonly dimensions: number;
  /** How token vectors become one: `mean`, `cls`, `last_token`, or `endpoint` where the other side decides. */
  readonly pooling: string;
  /** Tokens the model reads of one text, special tokens included. What lies beyond does not reach the vector. */
  readonly maxTokens: number;
  /**
   * How many of {@link maxTokens} are not for the text: special tokens and the prefix the model was trained with.
   * @default 2
   */
  readonly reservedTokens?: number;
  /** How many texts one `embed` call should carry to keep every worker busy. */
  readonly batchSize: number;
  /** Tokens of a text without special tokens, by the model's own tokenizer. Never cut off. */
  countTokens(text: string): number;
  /** One vector for each text, in the order given. */
  embed(texts: readonly string[], options?: EmbedOptions): Promise<readonly Float32Array[]>;
  /**
   * The scale of the model's cosines, so that they can be converted to the scale for which the search's weights and
   * limits were measured. May have to embed something first.
   * @default that of the bundled model
   */
  readonly similarityScale?: (options?: { readonly signal?: AbortSignal | undefined }) => Promise<SimilarityScale>;
  close(): Promise<void>;
}
