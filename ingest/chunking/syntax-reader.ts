import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Language, Node, Parser, Tree } from "web-tree-sitter";
import type { LoadedDocument } from "../../src/domain/document.ts";
import { errorMessage } from "../../src/errors.ts";
import type { CodeLine } from "./code-lines.ts";
import type { CodeOutline } from "./outline.ts";
import { outlineOf } from "./syntax-outline.ts";

/** An outline, or why there is none. */
export type SyntaxOutcome = { readonly outline: CodeOutline } | { readonly outline: null; readonly reason: string };

/**
 * Reads the syntax of source code; null for a language without a grammar. `fits` tells whether lines, both ends inclusive,
 * make a piece: what fits is not looked into for places to cut.
 */
export type ReadSyntax = (
  document: Pick<LoadedDocument, "text" | "language">,
  lines: readonly CodeLine[],
  fits: (from: number, to: number) => boolean,
) => SyntaxOutcome | null;

/** Longest text that is parsed, in characters: such a text takes seconds, and its tree hundreds of megabytes. */
export const MAX_PARSED_LENGTH = 2_000_000;
/** Share of a text in errors from which its tree is not believed. */
const MAX_ERROR_SHARE = 0.2;
/** Parsing calls back about once every 200 characters; a text that needs ten times as many makes the grammar lose its way. */
const CHARACTERS_PER_STEP = 20;
const FREE_STEPS = 5_000;
/** Some texts make single steps slow. Nothing that is really code comes near this: it takes a microsecond a character. */
const MOST_MILLISECONDS = 3_000;
const MILLISECONDS_PER_CHARACTER = 0.01;

/** Grammars by the names that languages have in a document; C is read as C++, whose grammar holds nearly all of it. */
const GRAMMARS: Readonly<Record<string, string>> = {
  c: "cpp",
  cpp: "cpp",
  csharp: "c-sharp",
  css: "css",
  go: "go",
  ini: "ini",
  java: "java",
  javascript: "javascript",
  jsx: "javascript",
  php: "php",
  powershell: "powershell",
  python: "python",
  ruby: "ruby",
  rust: "rust",
  shell: "bash",
  tsx: "tsx",
  typescript: "typescript",
};

// The types of the language leave out what a browser and Node have beside it.
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => Parameters<(typeof Language)["loadSync"]>[0];
};

const packages = createRequire(import.meta.url);
type TreeSitter = { readonly Language: typeof Language; readonly Parser: typeof Parser };
let loaded: Promise<TreeSitter> | undefined;

// Loaded late: whoever only searches need not wait for it.
async function loadTreeSitter(): Promise<TreeSitter> {
  const treeSitter = await import("web-tree-sitter");
  await treeSitter.Parser.init();
  return treeSitter;
}

/** Starts the parser. A grammar is loaded when the first text of its language comes, and kept by the reader. */
export async function openSyntaxReader(): Promise<ReadSyntax> {
  loaded ??= loadTreeSitter();
  const treeSitter = await loaded;
  const parsers = new Map<string, Parser | string>();
  const parserOf = (grammar: string): Parser | string => {
    const known = parsers.get(grammar);
    if (known !== undefined) return known;
    const parser = loadParser(treeSitter, grammar);
    parsers.set(grammar, parser);
    return parser;
  };
  return (document, lines, fits) => {
    const grammar = Object.hasOwn(GRAMMARS, document.language) ? GRAMMARS[document.language] : undefined;
    if (grammar === undefined || lines.length === 0) return null;
    if (document.text.length > MAX_PARSED_LENGTH) {
      return refusal(`its ${document.text.length.toLocaleString("en")} characters are too many to parse`);
    }
    const parser = parserOf(grammar);
    if (typeof parser === "string") return refusal(parser);
    const tree = parse(parser, document.text);
    if (tree === null) return refusal(`its syntax is too odd for the grammar of ${document.language}`);
    try {
      if (errorShare(tree.rootNode, document.text.length) > MAX_ERROR_SHARE) {
        return refusal(`its syntax is not that of ${document.language}`);
      }
      return { outline: outlineOf(tree, { ...document, lines, fits }) };
    } finally {
      tree.delete();
    }
  };
}

function refusal(why: string): SyntaxOutcome {
  return { outline: null, reason: `cut by lines: ${why}` };
}

function loadParser({ Language, Parser }: TreeSitter, grammar: string): Parser | string {
  try {
    const file = packages.resolve(`@vscode/tree-sitter-wasm/wasm/tree-sitter-${grammar}.wasm`);
    const parser = new Parser();
    return parser.setLanguage(Language.loadSync(new WebAssembly.Module(readFileSync(file))));
  } catch (error) {
    return `the grammar ${grammar} cannot be loaded (${errorMessage(error)}); is @vscode/tree-sitter-wasm installed?`;
  }
}

function parse(parser: Parser, text: string): Tree | null {
  let stepsLeft = FREE_STEPS + text.length / CHARACTERS_PER_STEP;
  const deadline = performance.now() + MOST_MILLISECONDS + text.length * MILLISECONDS_PER_CHARACTER;
  const isOver = (): boolean => (stepsLeft -= 1) < 0 || performance.now() > deadline;
  const tree = parser.parse(text, null, { progressCallback: isOver });
  // A parser that was stopped would go on with this text at its next call.
  if (tree === null) parser.reset();
  return tree;
}

/** Share of a text that the grammar could not make sense of. */
function errorShare(root: Node, length: number): number {
  let lost = 0;
  const waiting: Node[] = root.hasError ? [root] : [];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    const children = node.children;
    // In an error, what still is a structure of its own was understood.
    if (node.isError) {
      const kept = children.filter((child) => child.childCount > 0);
      lost += node.endIndex - node.startIndex - kept.reduce((sum, child) => sum + child.endIndex - child.startIndex, 0);
    }
    for (const child of children) if (child.hasError) waiting.push(child);
  }
  return lost / Math.max(1, length);
}
