import { oneLine } from "../../src/domain/one-line.ts";

/** A definition in source code, with its place in lines as the chunker counts them. */
export interface CodeDefinition {
  /** Its names from the outside in: `["VectorStore", "search"]`. */
  readonly path: readonly string[];
  /** Its first line, below comments and decorators. */
  readonly from: number;
  /** Its last line. */
  readonly to: number;
  /** Whether it contains other definitions: a class, a module, an interface. */
  readonly isContainer: boolean;
  /**
   * Whether it only groups what stands in it, mostly the whole file, as a namespace of C++ does.
   * @default false
   */
  readonly isGroup?: boolean;
  /** How it is declared, on one line; empty where that is unknown. */
  readonly signature: string;
}

/** Where source code may be cut, and what it defines. */
export interface CodeOutline {
  /** For each line, how bad a cut before it is: 0 between top-level definitions, more for deeper places. */
  readonly levels: readonly number[];
  /** In the order of their first lines; an outer one before those inside. */
  readonly definitions: readonly CodeDefinition[];
}

/** Levels of cuts that the syntax does not suggest; a smaller number is always better. */
export const LEVEL: {
  readonly afterBlank: number;
  readonly anyLine: number;
  readonly insideLine: number;
} = { afterBlank: 10_000, anyLine: 10_001, insideLine: 10_002 };

/** Longest signature that is kept, in characters. */
const LONGEST_SIGNATURE = 200;

/** Brings a signature on one line and shortens it. */
export function shortSignature(text: string): string {
  const line = oneLine(text);
  return line.length <= LONGEST_SIGNATURE ? line : line.slice(0, LONGEST_SIGNATURE).replace(/[\uD800-\uDBFF]$/, "");
}
