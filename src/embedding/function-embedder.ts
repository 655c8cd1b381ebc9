import { inspect } from "node:util";
import { slices } from "../domain/slices.ts";
import { CitewellError, errorMessage } from "../errors.ts";
import type { Embedder } from "./embedder.ts";
import { toUnitLength } from "./vector-length.ts";

/** A function of your own that turns texts into vectors: lists of numbers, one a text, in order; or a promise of them. */
export type EmbeddingFunction = (texts: string[]) => Vectors | Promise<Vectors>;

type Vectors = readonly (readonly number[] | Float32Array)[];

/** Options of {@link createFunctionEmbedder}. */
export interface FunctionEmbedderOptions {
  /** Counts the tokens of a text, for the size of chunks. Default: an estimate of four characters a token. */
  readonly countTokens?: ((text: string) => number) | undefined;
}

/** Texts for one call of the function. */
const BATCH = 64;
/** Tokens a text may have: what the function reads of it is its own affair, this keeps single texts bounded. */
const MAX_TOKENS = 8_192;

/**
 * Wraps a function as an embedder. Its vectors are brought to unit length; their length is read off a first call. Their
 * cosines count as the bundled model's would, since the function is called with nobody else's texts. Rejects
 * with `embedding_failed` when the function fails or gives something else than vectors of one length.
 */
export async function createFunctionEmbedder(
  embeddingFunction: EmbeddingFunction,
  { countTokens = estimateTokens }: FunctionEmbedderOptions = {},
): Promise<Embedder> {
  const call = async (texts: readonly string[]): Promise<Float32Array[]> => {
    let result: unknown;
    try {
      result = await embeddingFunction([...texts]);
    } catch (error) {
      throw new CitewellError("embedding_failed", `The embedding function failed: ${errorMessage(error)}`, {
        cause: error,
      });
    }
    if (!Array.isArray(result)) throw unfit("a list of vectors", `something else (${typeof result})`);
    if (result.length !== texts.length) {
      throw unfit("one vector for each text", `${String(result.length)} for ${String(texts.length)}`);
    }
    return result.map((vector: unknown) => toUnitLength(toVector(vector)));
  };
  const [probe] = await call(["probe"]);
  const dimensions = probe?.length ?? 0;
  if (dimensions === 0) throw unfit("vectors with at least one number", "an empty one");
  const name = embeddingFunction.name === "" ? "anonymous" : embeddingFunction.name;
  return {
    model: `function ${name}`,
    fingerprint: `function:${name}:${String(dimensions)}`,
    dimensions,
    pooling: "endpoint",
    maxTokens: MAX_TOKENS,
    batchSize: BATCH,
    countTokens,
    async embed(texts, { signal } = {}) {
      const vectors: Float32Array[] = [];
      for (const some of slices(texts, BATCH)) {
        signal?.throwIfAborted();
        vectors.push(...(await call(some)));
      }
      const other = vectors.find(({ length }) => length !== dimensions);
      if (other !== undefined) {
        throw unfit(`vectors of ${String(dimensions)} numbers, as for its first text`, String(other.length));
      }
      return vectors;
    },
    async close() {
      // Nothing is held open.
    },
  };
}

function estimateTokens(text: string): number {
  return Math.ceil(text.length / 4);
}

function toVector(value: unknown): Float32Array {
  if (value instanceof Float32Array) return Float32Array.from(value);
  if (Array.isArray(value) && value.every((number) => typeof number === "number" && Number.isFinite(number))) {
    return Float32Array.from(value);
  }
  throw unfit("lists of finite numbers", `${inspect(value, { breakLength: Infinity }).slice(0, 60)} for a text`);
}

function unfit(expected: string, given: string): CitewellError {
  return new CitewellError("embedding_failed", `The embedding function must give ${expected}; it gave ${given}.`);
}
