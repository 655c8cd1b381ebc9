import { posix } from "node:path";

/** What a file imports: a path as it is written, or a dotted name cut into its parts. */
type Specifier = { readonly path: string } | { readonly parts: readonly string[]; readonly up: number };

/** `from "./a"`, `import("./a")`, `require("./a")`, `require_relative "a"`, `#include "a.h"`. */
const QUOTED =
  /(?:\bfrom\s*|\bimport\s*\(?\s*|\brequire(_relative)?\s*\(?\s*|#\s*include\s*|@(?:import|use)\s+)(["'])([^"'\n]+)\2/g;
/** `from a.b import c, d` and `from .a import c`. */
const PYTHON_FROM = /^[ \t]*from[ \t]+(\.*)([\p{L}\p{N}_.]*)[ \t]+import[ \t]+(\([^)]*\)|[^\n]+)/gmu;
/** `import a.b.C` of Python, Java, Kotlin and Scala; `use a::b` and `mod a` of Rust; `using A.B` of C#; `use A\B` of PHP. */
const DOTTED =
  /^[ \t]*(?:pub[ \t]+)?(import|use|using|mod)[ \t]+(?:static[ \t]+)?([\p{L}_][\p{L}\p{N}_]*(?:(?:\.|::|\\)[\p{L}\p{N}_]+)*)(?=[ \t]*(?:$|;|as\b|::\{|\.\*))/gmu;
const EXTENSION = /(?:\.d)?\.[a-z]+$/i;
const FOLDER_FILE = /\/(?:index|__init__|mod)$/;
/** A dotted name may end in a class, a function, or both: so many parts may be dropped to find a file. */
const MOST_DROPPED = 2;
/** Files that only declare what others define. */
const DECLARATIONS = /\.(?:d\.[cm]?ts|pyi)$/;

/** Finds which of the known files the text of one of them imports. */
export type ResolveImports = (source: string, text: string) => readonly string[];

/**
 * Prepares finding imports among the files of one root. Relative paths are resolved from the file's folder; dotted
 * names from the root, or from any folder below which all their parts are found. Imports of files that are not among
 * `sources` are ignored.
 */
export function createImportResolver(sources: readonly string[]): ResolveImports {
  const byStem = new Map<string, string>();
  const byName = new Map<string, string[]>();
  const isDeclaration = (source: string): number => Number(DECLARATIONS.test(source));
  for (const source of sources.toSorted((a, b) => isDeclaration(a) - isDeclaration(b) || (a < b ? -1 : 1))) {
    const stem = stemOf(source);
    byStem.set(`=${source}`, source);
    if (byStem.has(stem)) continue;
    byStem.set(stem, source);
    const name = posix.basename(stem);
    byName.set(name, [...(byName.get(name) ?? []), stem]);
  }
  const resolveParts = (parts: readonly string[]): string | undefined => {
    const path = parts.join("/");
    // A name without dots is mostly that of a library.
    const stem = parts.length < 2 ? path : byName.get(parts.at(-1) ?? "")?.find((one) => one.endsWith(`/${path}`));
    return byStem.get(path) ?? byStem.get(stem ?? "");
  };
  return (source, text) => {
    const folder = posix.dirname(source);
    const found = new Set<string>();
    for (const specifier of specifiersOf(text)) {
      const target =
        "path" in specifier
          ? resolvePath(specifier.path, folder, byStem)
          : resolveDotted(specifier, folder, resolveParts);
      if (target !== undefined && target !== source) found.add(target);
    }
    return [...found];
  };
}

function* specifiersOf(text: string): Generator<Specifier> {
  for (const [whole, , , path = ""] of text.matchAll(QUOTED)) {
    if (path.startsWith(".") || /relative|include|@/.test(whole)) yield { path };
  }
  for (const [, dots = "", module = "", names = ""] of text.matchAll(PYTHON_FROM)) {
    const parts = module.split(".").filter((part) => part !== "");
    const up = dots.length;
    for (const name of names.replaceAll(/[()\\]/g, " ").split(",")) {
      const first = name.trim().split(/\s+/)[0] ?? "";
      if (first !== "" && first !== "*") yield { parts: [...parts, first], up };
    }
    if (parts.length > 0) yield { parts, up };
  }
  for (const [, word, name = ""] of text.matchAll(DOTTED)) {
    if (word === "mod") yield { path: `./${name}` };
    const parts = name.split(/\.|::|\\/).filter((part) => !/^(?:crate|self|super|static)$/.test(part));
    if (parts.length > 0) yield { parts, up: 0 };
  }
}

function resolvePath(path: string, folder: string, byStem: ReadonlyMap<string, string>): string | undefined {
  const full = posix.normalize(posix.join(folder, path));
  return byStem.get(`=${full}`) ?? byStem.get(full) ?? byStem.get(stemOf(full));
}

function resolveDotted(
  { parts, up }: { readonly parts: readonly string[]; readonly up: number },
  folder: string,
  resolve: (parts: readonly string[]) => string | undefined,
): string | undefined {
  if (up > 0) {
    const base = posix.normalize(posix.join(folder, "../".repeat(up - 1)));
    return resolve([...(base === "." ? [] : base.split("/").filter((part) => part !== "")), ...parts]);
  }
  for (let dropped = 0; dropped <= MOST_DROPPED && dropped < parts.length; dropped += 1) {
    const target = resolve(parts.slice(0, parts.length - dropped));
    if (target !== undefined) return target;
  }
  return undefined;
}

/** A path without its ending, and without the file that stands for its folder. */
function stemOf(source: string): string {
  return source.replace(EXTENSION, "").replace(FOLDER_FILE, "");
}
