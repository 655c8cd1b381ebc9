import { CODE_LANGUAGES } from "../../domain/code.ts";
import { analyse } from "../../lexical/analyse.ts";
import type { NamedDocument } from "./named-document.ts";

const KIND_TERMS: ReadonlySet<string> = new Set(
  analyse("doc docs documentation guide manual page chapter reference tutorial handbook notes article paper"),
);

/** The terms of a name, without words such as "guide" that only say that it is a document. */
export function nameOf(text: string): string {
  return analyse(text)
    .filter((term) => !KIND_TERMS.has(term))
    .join(" ");
}

/** A file's name without folders and ending. */
export function baseOf(source: string): string {
  const base = source.slice(source.lastIndexOf("/") + 1);
  const dot = base.lastIndexOf(".");
  return dot > 0 ? base.slice(0, dot) : base;
}

/** The names of prose documents and folders, normalised by {@link nameOf}. */
export interface NameIndex {
  /** Documents by the names of their files and by their titles. */
  readonly documents: ReadonlyMap<string, readonly NamedDocument[]>;
  /** Paths of the outermost folders of a name. */
  readonly folders: ReadonlyMap<string, ReadonlySet<string>>;
}

// Making one takes some 25 µs a document, and a collection's list stays the same as long as its documents do.
const indexes = new WeakMap<readonly NamedDocument[], NameIndex>();

/** The names of a list of documents, made once for each list. */
export function nameIndex(names: readonly NamedDocument[]): NameIndex {
  const known = indexes.get(names);
  if (known !== undefined) return known;
  const prose = names.filter(({ language }) => !CODE_LANGUAGES.has(language));
  const index = { documents: documentsByName(prose), folders: foldersByName(prose) };
  indexes.set(names, index);
  return index;
}

function documentsByName(prose: readonly NamedDocument[]): ReadonlyMap<string, readonly NamedDocument[]> {
  const documents = new Map<string, NamedDocument[]>();
  for (const document of prose) {
    const { source, title } = document;
    for (const name of new Set([nameOf(baseOf(source)), nameOf(title ?? "")])) {
      const named = documents.get(name);
      if (named === undefined) documents.set(name, [document]);
      else named.push(document);
    }
  }
  return documents;
}

function foldersByName(prose: readonly NamedDocument[]): ReadonlyMap<string, ReadonlySet<string>> {
  const folders = new Map<string, Set<string>>();
  const parents = new Set(prose.map(({ source }) => source.slice(0, Math.max(0, source.lastIndexOf("/")))));
  for (const parent of parents) {
    const parts = parent.split("/");
    const names = parts.map(nameOf);
    for (const [depth, name] of names.entries()) {
      if (name === "" || names.indexOf(name) < depth) continue;
      const known = folders.get(name) ?? new Set();
      folders.set(name, known.add(parts.slice(0, depth + 1).join("/")));
    }
  }
  return folders;
}
