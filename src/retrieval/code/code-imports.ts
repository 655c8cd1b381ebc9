import { posix } from "node:path";

/**
 * What a file imports: a path from its own folder or the first of several that is there, a path below some folder of the
 * project, or a dotted name cut into its parts.
 */
type Specifier =
  | { readonly paths: readonly string[] }
  | { readonly below: string }
  | { readonly parts: readonly string[]; readonly up: number };

/** `from "./a"`, `import("./a")`, `require("./a")`, `require_relative "a"`, `#include "a.h"`. */
const QUOTED =
  /(?:\bfrom\s*|\bimport\s*\(?\s*|\brequire(_relative)?\s*\(?\s*|#\s*include\s*|@(?:import|use)\s+)(["'])([^"'\n]+)\2/g;
/** `#include <store/reader.h>`, by which libraries name their own headers too. */
const INCLUDED = /^[ \t]*#[ \t]*include[ \t]*<([^>\n]+\/[^>\n]+)>/gm;
/** `require "store/reader"` and `autoload :Reader, "store/reader"` of Ruby. */
const RUBY = /^[ \t]*(?:require|autoload[ \t]+:\w+,)[ \t]*["']([\w./-]+\/[\w./-]+)["']/gm;
/** Folders that bundlers give a short name: `@/store`, `~/store`, `$lib/store`. */
const ALIAS = /^(?:[@~#]\/|\$lib\/)(?=.)/;
/** `use a::{b, c::D};` of Rust, and of PHP `use A\\{B, C};`. */
const GROUPED = /^[ \t]*(?:pub(?:\([^)\n]*\))?[ \t]+)?use[ \t]+((?:[\w]+(?:::|\\))+)\{([^;]{1,2000})\}[ \t]*;/gm;
/** `from a.b import c, d` and `from .a import c`. */
const PYTHON_FROM = /^[ \t]*from[ \t]+(\.*)([\p{L}\p{N}_.]*)[ \t]+import[ \t]+(\([^)]*\)|[^\n]+)/gmu;
/** `import a.b.C` of Python, Java, Kotlin and Scala; `use a::b` and `mod a` of Rust; `using A.B` of C#; `use A\B` of PHP. */
const DOTTED =
  /^[ \t]*(?:pub(?:\([^)\n]*\))?[ \t]+)?(import|use|using|mod)[ \t]+(?:static[ \t]+)?([\p{L}_][\p{L}\p{N}_]*(?:(?:\.|::|\\)[\p{L}\p{N}_]+)*)(?=[ \t]*(?:$|;|as\b|::\{|\.\*))/gmu;
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
  const bySource = Map.groupBy(sources, (source) => posix.basename(source));
  const resolveBelow = (path: string): string | undefined => {
    const alike = bySource.get(posix.basename(path))?.find((one) => one === path || one.endsWith(`/${path}`));
    return alike ?? resolveParts(stemOf(path).split("/"));
  };
  return (source, text) => {
    const folder = posix.dirname(source);
    const found = new Set<string>();
    for (const specifier of specifiersOf(text, source)) {
      const target =
        "paths" in specifier
          ? specifier.paths.map((path) => resolvePath(path, folder, byStem)).find((path) => path !== undefined)
          : "below" in specifier
            ? resolveBelow(specifier.below)
            : resolveDotted(specifier, folder, resolveParts);
      if (target !== undefined && target !== source) found.add(target);
    }
    return [...found];
  };
}

function* specifiersOf(text: string, source: string): Generator<Specifier> {
  for (const [whole, , , path = ""] of text.matchAll(QUOTED)) {
    if (ALIAS.test(path)) yield { below: path.replace(ALIAS, "") };
    else if (path.startsWith(".") || /relative|include|@/.test(whole)) yield { paths: [path] };
    if (whole.startsWith("#") && path.includes("/")) yield { below: path };
  }
  for (const [, path = ""] of text.matchAll(INCLUDED)) yield { below: path };
  if (source.endsWith(".rb")) for (const [, path = ""] of text.matchAll(RUBY)) yield { below: path };
  for (const [, start = "", list = ""] of text.matchAll(GROUPED)) {
    for (const name of list.replaceAll(/\{[^{}]*\}/g, "").split(",")) {
      yield* ofName(`${start}${name.trim().split(/\s/)[0] ?? ""}`, source);
    }
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
    // The modules of `store.rs` lie in the folder `store`.
    if (word === "mod") yield { paths: [`./${name}`, `./${posix.parse(source).name}/${name}`] };
    yield* ofName(name, source);
  }
}

/** What a dotted name says; in Rust, a name may begin at the crate, or at the module that the file is. */
function* ofName(name: string, source: string): Generator<Specifier> {
  const [first = "", ...names] = name.split(/\.|::|\\/).filter((part) => part !== "");
  const parts = [first, ...names].filter((part) => !/^(?:crate|self|super|static)$/.test(part));
  const base = source.endsWith(".rs") ? moduleOf(first, source) : null;
  if (base === null) {
    if (parts.length > 0) yield { parts, up: 0 };
    return;
  }
  const lengths = [0, 1, 2].map((dropped) => parts.length - dropped).filter((length) => length > 0);
  yield { paths: lengths.map((length) => posix.join(base, ...parts.slice(0, length))) };
}

/** Where the modules lie that a name of Rust begins at, from the file's folder; null for another crate's. */
function moduleOf(first: string, source: string): string | null {
  const { dir, name } = posix.parse(source);
  const isFolder = /^(?:mod|lib|main)$/.test(name);
  if (first === "self") return isFolder ? "." : `./${name}`;
  if (first === "super") return isFolder ? ".." : ".";
  if (first !== "crate") return null;
  const below = dir.split("/");
  return "../".repeat(below.length - 1 - below.lastIndexOf("src")) || ".";
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
