import type { LineRange, Span } from "./document.ts";
import type { Correction, Evidence } from "./hit.ts";

/** A piece of a file that is relevant to a task: one result for each symbol. */
export interface CodePlace {
  /** Symbol path as the chunker named it, else null. */
  readonly symbol: string | null;
  readonly lines: LineRange;
  readonly span: Span;
  /** Score of the piece, as a share of the best one: 0 to 1. */
  readonly score: number;
  /** The stored text of `span`. */
  readonly text: string;
}

/** The parts that a file's score is the sum of. */
export interface CodeParts {
  /** For the task's words in its text: 1 for the best file. */
  readonly text: number;
  /** For the task's words in its path. */
  readonly path: number;
  /** For the task's words in the names that it defines. */
  readonly defined: number;
  /** For what the task writes as code: names that the file defines, and the file's own name. */
  readonly named: number;
  /** For the cosines of its best pieces; below 0 if other files are nearer. */
  readonly vector: number;
  /** From the best other file of its folder. */
  readonly siblings: number;
  /** For names that it defines and that the best pieces of the best files mention. */
  readonly mentioned: number;
  /** From files that it imports or that import it. */
  readonly imports: number;
  /** Below 0 for examples, documentation, benchmarks and tools, unless the task asks for such files. */
  readonly folder: number;
}

/** A function, class or other definition that is relevant to a task: one result for each. */
export interface CodeSymbol extends Omit<CodeFile, "places" | "seen" | "parts"> {
  /** Score of its file times that of its best piece; only comparable within one result. */
  readonly score: number;
  /** Symbol path as the chunker named it. */
  readonly symbol: string;
  /** Lines of its best piece. */
  readonly lines: LineRange;
  readonly span: Span;
}

/** A file to read or change for a task. */
export interface CodeFile {
  /** From 1. */
  readonly rank: number;
  /** Higher is better; only comparable within one result. */
  readonly score: number;
  readonly root: string;
  readonly source: string;
  readonly documentId: string;
  readonly language: string;
  /** Whether its path says that it is a test. */
  readonly isTest: boolean;
  /** Its best places, best first; never empty. */
  readonly places: readonly CodePlace[];
  /** How many pieces of it were left out because the caller has seen them; absent if none was. */
  readonly seen?: number;
  /** The parts of its score; only if they were asked for. */
  readonly parts?: CodeParts;
}

/** Files and symbols for a task in words. */
export interface CodeResult {
  readonly task: string;
  readonly collection: string;
  /** Best first; tests come after the others unless they were asked for. */
  readonly files: readonly CodeFile[];
  /** The symbols among the places of all files, best first; those of tests behind the others as with files. */
  readonly symbols: readonly CodeSymbol[];
  /** How well the best piece fits. */
  readonly evidence: Evidence;
  /** Words of the task that were taken for misspelt, with what was searched for instead; absent for none. */
  readonly corrections?: readonly Correction[];
  readonly timing: { readonly embedMs: number; readonly searchMs: number };
}

/**
 * Languages of programs, build files and settings, as documents name them: what a task in words may want to read or
 * change. Data (JSON, CSV, XML) and prose are not among them.
 */
export const CODE_LANGUAGES: ReadonlySet<string> = new Set(
  `typescript tsx javascript jsx python java kotlin scala groovy c cpp csharp fsharp vb go rust swift objective-c ruby php
  perl lua r julia dart zig nim elixir erlang haskell ocaml clojure lisp scheme shell powershell batch sql graphql protobuf
  thrift solidity css scss sass less vue svelte astro yaml toml ini terraform cmake makefile dockerfile assembly`.split(
    /\s+/,
  ),
);

/** The language of notebooks, which are prose beside a program, and code where there is hardly any other. */
export const NOTEBOOK = "notebook";
