import { isDeepStrictEqual } from "node:util";
import { CODE_LANGUAGES } from "../../domain/code.ts";
import { foldedName } from "../../domain/composed-name.ts";
import type { SearchFilter } from "../../domain/hit.ts";
import { analyse } from "../../lexical/analyse.ts";
import { baseOf, nameIndex, nameOf } from "./name-index.ts";
import type { NamedDocument } from "./named-document.ts";
import { isBareFileName, placePhrases, type PlacePhrase } from "./place-phrases.ts";

/** A filter that was read from a question's words. */
export interface FoundFilter {
  readonly filter: SearchFilter;
  /** The words that it was read from. */
  readonly words: string;
  /** The question without these words; the whole question if nothing would be left to search for. */
  readonly rest: string;
}

const ENDING = /\.\p{L}\w{0,9}$/u;
const LANGUAGE_NAMES: Readonly<Record<string, string>> = {
  js: "javascript",
  ts: "typescript",
  py: "python",
  md: "markdown",
  golang: "go",
  "c++": "cpp",
  "c#": "csharp",
  shell: "bash",
};
/** A name that matches more than this share of the documents filters nothing. */
const LARGEST_SHARE = 0.5;

/** Whether a question may name a place at all; only then are the names of a collection read. */
export function maySpeakOfPlace(question: string): boolean {
  return placePhrases(question).length > 0;
}

/** The parts of a request's own filter that matter here: a key that it filters is not read from the words. */
export type OwnFilter = Pick<SearchFilter, "source" | "language" | "root">;

/**
 * Finds a phrase that plainly names a document, folder or language of the collection, such as "in the API docs"; null
 * if there is none. A name must match word for word, must leave some of the collection out, and must be the only one.
 * Keys that the request filters itself are not read from the words.
 */
export function findFilter(
  question: string,
  { names, own = {} }: { readonly names: readonly NamedDocument[]; readonly own?: OwnFilter | undefined },
): FoundFilter | null {
  const isPlaceOpen = own.source === undefined && own.root === undefined;
  const phrases = placePhrases(question).filter(({ by }) =>
    by === "language" ? own.language === undefined : isPlaceOpen,
  );
  const found = phrases.flatMap((phrase) => {
    const filter = filterOf(phrase, names);
    return filter === null ? [] : [{ phrase, filter }];
  });
  const places = found.filter(({ phrase }) => phrase.by !== "language");
  const [first, ...others] = places.length > 0 ? places : found;
  if (first === undefined || others.some(({ filter }) => !isDeepStrictEqual(filter, first.filter))) return null;
  return { filter: first.filter, words: first.phrase.words, rest: restOf(question, first.phrase) };
}

function filterOf({ by, name, hasKind }: PlacePhrase, names: readonly NamedDocument[]): SearchFilter | null {
  if (by === "language") return filterByLanguage(name, names);
  return by === "prose" || hasKind ? filterByName(name, names) : filterByFile(name, names);
}

function filterByFile(file: string, names: readonly NamedDocument[]): SearchFilter | null {
  const named = names.filter((one) => isFile(one.source, file));
  const source = sourcesOf(named, names) ?? insideFolder(file, names);
  return source === null ? null : { source };
}

/** Whether a source is a file that is named by its path, the end of its path, or its bare name. */
function isFile(source: string, file: string): boolean {
  const [own, wanted] = [foldedName(source), foldedName(file)];
  if (ENDING.test(wanted)) return own === wanted || own.endsWith(`/${wanted}`);
  return isBareFileName(wanted) && baseOf(own) === wanted;
}

/** The sources in a folder that is named by its path or the end of its path. */
function insideFolder(path: string, names: readonly NamedDocument[]): readonly string[] | null {
  if (!path.includes("/")) return null;
  const folder = `/${foldedName(path)}/`;
  return sourcesOf(
    names.filter(({ source }) => `/${foldedName(source)}`.includes(folder)),
    names,
  );
}

/**
 * Finds the documents whose file name or title is this name, or if there are none, everything in folders of this name.
 * Guides and pages are prose: source files of that name are not meant, nor folders of nothing else.
 */
function filterByName(name: string, names: readonly NamedDocument[]): SearchFilter | null {
  const wanted = nameOf(name);
  if (wanted === "") return null;
  const { documents, folders } = nameIndex(names);
  const named = documents.get(wanted);
  if (named !== undefined) {
    const source = sourcesOf(named, names);
    return source === null ? null : { source };
  }
  const prefixes = Array.from(folders.get(wanted) ?? [], (folder) => `${folder}/`);
  const inside = names.filter(({ source }) => prefixes.some((prefix) => source.startsWith(prefix)));
  if (sourcesOf(inside, names) === null) return null;
  const isPlain = prefixes.every((prefix) => !/[*?[\]{}()!+@]/.test(prefix));
  return { source: isPlain ? prefixes.map((prefix) => `${prefix}**`) : inside.map(({ source }) => source) };
}

function filterByLanguage(name: string, names: readonly NamedDocument[]): SearchFilter | null {
  const word = name.toLowerCase();
  const languages = new Set(names.map(({ language }) => language));
  const wanted =
    word === "source" ? [...languages].filter((one) => CODE_LANGUAGES.has(one)) : [LANGUAGE_NAMES[word] ?? word];
  const inside = names.filter(({ language }) => wanted.includes(language));
  return inside.length === 0 || inside.length === names.length ? null : { language: wanted };
}

/** The sources of documents; null if there are none, or if they are most of the collection. */
function sourcesOf(named: readonly NamedDocument[], all: readonly NamedDocument[]): readonly string[] | null {
  if (named.length === 0 || named.length > Math.max(1, all.length * LARGEST_SHARE) || named.length === all.length) {
    return null;
  }
  return [...new Set(named.map(({ source }) => source))];
}

/** The question without a phrase; the whole question if nothing would be left to search for. */
function restOf(question: string, { words, at }: PlacePhrase): string {
  const rest = `${question.slice(0, at)} ${question.slice(at + words.length)}`
    .replaceAll(/\s+/g, " ")
    .replaceAll(/[\s,;:]+(?=[?!.,;:])/g, "")
    .replace(/^[\s,;:.]+/, "")
    .trim();
  return analyse(rest).length === 0 ? question : rest;
}
