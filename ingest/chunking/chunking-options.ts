import { createHash } from "node:crypto";
import type { AutogenChunkMode } from "./autogen.ts";
import { CHUNKER_VERSION } from "./chunker.ts";
import type { CustomTextSplit } from "./custom.ts";

/** How texts are cut, beyond a collection's settings. The same collection needs the same options every time. */
export interface ChunkingOptions {
  /**
   * Cuts every text, code too, in place of the chunker. It returns parts of the text, unchanged and in order, or a promise
   * of them. Their sizes are not checked; a part that does not stand in the text fails its document. Default: the chunker
   * cuts.
   */
  readonly customTextSplitFunction?: CustomTextSplit | undefined;
  /**
   * Measures chunks in place of the embedding model's tokenizer.
   * @default the embedder's own count
   */
  readonly customTokenCountFunction?: ((text: string) => number) | undefined;
  /**
   * How the chunker `autogen` cuts: several lines a chunk, or one.
   * @default "multi_lines"
   */
  readonly chunkMode?: AutogenChunkMode | undefined;
  /**
   * Whether the chunker `autogen` ends a chunk before an empty line within reach.
   * @default true
   */
  readonly mustBreakAtEmptyLine?: boolean | undefined;
}

/** Larger versions are hashes of functions that cut. */
export const LAST_RULES_VERSION: number = 2 ** 32 - 1;

/**
 * The version of the cutting rules with these options. A function's version is the hash of its source, so that a
 * collection that was cut with another function says how to re-index it. A change of the variables that a function uses
 * goes unnoticed.
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
