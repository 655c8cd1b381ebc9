import { createHash } from "node:crypto";
import type { AutogenChunkMode } from "./autogen.ts";
import { CHUNKER_VERSION } from "./chunker.ts";
import type { CustomTextSplit } from "./custom.ts";

/** How texts are cut beside what a collection's settings say; the same collection needs the same options every time. */
export interface ChunkingOptions {
  /**
   * Cuts every text, code too, in place of the chunker: gives parts of the text unchanged and in its order. Sizes are not
   * checked; a piece that does not stand in the text fails its document. Without it the chunker cuts.
   */
  readonly customTextSplitFunction?: CustomTextSplit;
  /**
   * Measures chunks in place of the embedding model's tokenizer.
   * @default the embedder's own count
   */
  readonly customTokenCountFunction?: (text: string) => number;
  /**
   * How the chunker `autogen` cuts: several lines a chunk, or one.
   * @default "multi_lines"
   */
  readonly chunkMode?: AutogenChunkMode;
  /**
   * Whether the chunker `autogen` ends a chunk before an empty line within reach.
   * @default true
   */
  readonly mustBreakAtEmptyLine?: boolean;
}

/** Versions above it are those of functions that cut. */
export const LAST_RULES_VERSION: number = 2 ** 32 - 1;

/**
 * Version of the cutting rules with these options. Functions are told apart by their source, so that a collection cut with
 * another one says how to re-index it; what a function takes from around it cannot be seen.
 */
export function chunkerVersion(options: ChunkingOptions = {}): number {
  const { customTextSplitFunction, customTokenCountFunction, chunkMode, mustBreakAtEmptyLine } = options;
  const marks = [
    customTextSplitFunction === undefined ? "" : String(customTextSplitFunction),
    customTokenCountFunction === undefined ? "" : String(customTokenCountFunction),
    chunkMode === "one_line" ? chunkMode : "",
    mustBreakAtEmptyLine === false ? "anywhere" : "",
  ];
  if (marks.every((mark) => mark === "")) return CHUNKER_VERSION;
  const hash = createHash("sha256").update(JSON.stringify(marks)).digest().readUInt32BE();
  return CHUNKER_VERSION * (LAST_RULES_VERSION + 1) + hash;
}
