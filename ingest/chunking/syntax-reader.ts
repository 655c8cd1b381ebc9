import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Language, Node, Parser, Tree } from "web-tree-sitter";
import type { LoadedDocument } from "../../src/domain/document.ts";
import { errorMessage } from "../../src/errors.ts";
import { withoutMacros } from "./c-macros.ts";
import type { CodeLine } from "./code-lines.ts";
import type { CodeOutline } from "./outline.ts";
import { outlineOf } from "./syntax-outline.ts";

/** An outline, or why there is none. */
export type SyntaxOutcome = { readonly outline: CodeOutline } | { readonly outline: null; readonly reason: string };

/**
 * Parses source code; null for a language without a grammar. `fits` tells whether a run of lines, both ends inclusive,
 * fits into one piece; what fits is not searched for places to cut.
 */
export type ReadSyntax = (
  document: Pick<LoadedDocument, "text" | "language">,
  lines: readonly CodeLine[],
  fits: (from: number, to: number) => boolean,
) => SyntaxOutcome | null;

/** Longest text that is parsed, in characters. Such a text takes seconds, and its tree hundreds of megabytes. */
export const MAX_PARSED_LENGTH = 2_000_000;
/** If more than this share of a text is in syntax errors, its tree is not used. */
const MAX_ERROR_SHARE = 0.2;
/**
 * Limit of the parser's calls back, of which there is usually one for every 200 characters. A text that needs ten times
 * as many is one in which the grammar loses its way.
 */
const CHARACTERS_PER_STEP = 20;
const FREE_STEPS = 5_000;
/**
 * The most milliseconds for a text, since some texts make single steps slow. Real code, at a microsecond a character,
 * never comes near this.
 */
const MOST_MILLISECONDS = 3_000;
const MILLISECONDS_PER_CHARACTER = 0.01;

/** Grammars by the language names of documents. C is read by the grammar of C++, which covers nearly all of it. */
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

// The TypeScript library without DOM lacks these types, which both browsers and Node have.
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => Parameters<(typeof Language)["loadSync"]>[0];
};

const packages = createRequire(import.meta.url);
type TreeSitter = { readonly Language: typeof Language; readonly Parser: typeof Parser };
let loaded: Promise<TreeSitter> | undefined;

// Loaded only when needed: a search need not wait for it.
async function loadTreeSitter(): Promise<TreeSitter> {
  const treeSitter = await import("web-tree-sitter");
  await treeSitter.Parser.init();
  return treeSitter;
}

/** Starts the parser. A grammar is loaded with the first text of its language, and kept by the reader. */
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
    const tree = parse(parser, grammar === "cpp" ? withoutMacros(document.text) : document.text);
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
  // Otherwise the stopped parser would continue with this text at its next call.
  if (tree === null) parser.reset();
  return tree;
}

/** The share of a text that the grammar could not parse. */
function errorShare(root: Node, length: number): number {
  let lost = 0;
  const waiting: Node[] = root.hasError ? [root] : [];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    const children = node.children;
    // A structured node inside an error was understood.
    if (node.isError) {
      const kept = children.filter((child) => child.childCount > 0);
      lost += node.endIndex - node.startIndex - kept.reduce((sum, child) => sum + child.endIndex - child.startIndex, 0);
    }
    for (const child of children) if (child.hasError) waiting.push(child);
  }
  return lost / Math.max(1, length);
}
