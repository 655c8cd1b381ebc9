import { isDeepStrictEqual } from "node:util";
import { CODE_LANGUAGES } from "../../domain/code.ts";
import type { SearchFilter } from "../../domain/hit.ts";
import { analyse } from "../../lexical/analyse.ts";
import { baseOf, nameIndex, nameOf } from "./name-index.ts";
import type { NamedDocument } from "./named-document.ts";
import { isBareFileName, placePhrases, type PlacePhrase } from "./place-phrases.ts";

/** A filter that stands in a question's words. */
export interface FoundFilter {
  readonly filter: SearchFilter;
  /** The words that it was read from. */
  readonly words: string;
  /** The question without them; the whole question where nothing would be left to search for. */
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
/** A name that fits more than this share of the documents says nothing. */
const LARGEST_SHARE = 0.5;

/** Whether a question may name a place at all; the names of a collection are read only then. */
export function maySpeakOfPlace(question: string): boolean {
  return placePhrases(question).length > 0;
}

/** Which keys a request has filtered by itself. */
export type OwnFilter = Pick<SearchFilter, "source" | "language" | "root">;

/**
 * Finds a phrase that plainly names a document, folder or language of the collection, such as "in the API docs". Null
 * where there is none: a name must fit word for word, must leave something of the collection out, and no other may be
 * named beside it. What the request filters by itself is not read from the words.
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

/** A path or its end, or the bare name of a file that is spoken of so. */
function isFile(source: string, file: string): boolean {
  const [own, wanted] = [source.toLowerCase(), file.toLowerCase()];
  if (ENDING.test(wanted)) return own === wanted || own.endsWith(`/${wanted}`);
  return isBareFileName(wanted) && baseOf(own) === wanted;
}

/** What lies in a folder that is given by its path or the end of it. */
function insideFolder(path: string, names: readonly NamedDocument[]): readonly string[] | null {
  if (!path.includes("/")) return null;
  const folder = `/${path.toLowerCase()}/`;
  return sourcesOf(
    names.filter(({ source }) => `/${source.toLowerCase()}`.includes(folder)),
    names,
  );
}

/**
 * Documents whose file name or title is this name, else everything in folders of this name. Guides and pages are prose: a
 * source file of that name is not meant, nor a folder of nothing else.
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

/** The sources of documents; null where there are none, or where they are most of the collection. */
function sourcesOf(named: readonly NamedDocument[], all: readonly NamedDocument[]): readonly string[] | null {
  if (named.length === 0 || named.length > Math.max(1, all.length * LARGEST_SHARE) || named.length === all.length) {
    return null;
  }
  return [...new Set(named.map(({ source }) => source))];
}

/** The question without a phrase; as it is where nothing would be left to search for. */
function restOf(question: string, { words, at }: PlacePhrase): string {
  const rest = `${question.slice(0, at)} ${question.slice(at + words.length)}`
    .replaceAll(/\s+/g, " ")
    .replaceAll(/[\s,;:]+(?=[?!.,;:])/g, "")
    .replace(/^[\s,;:.]+/, "")
    .trim();
  return analyse(rest).length === 0 ? question : rest;
}
