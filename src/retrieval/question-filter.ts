import { CODE_LANGUAGES } from "../domain/code.ts";
import type { SearchFilter } from "../domain/hit.ts";
import { analyse } from "../lexical/analyse.ts";
import type { NamedDocument } from "./collection-names.ts";

/** A filter that stands in a question's words. */
export interface FoundFilter {
  readonly filter: SearchFilter;
  /** The words that it was read from. */
  readonly words: string;
  /** The question without them; the whole question where nothing would be left to search for. */
  readonly rest: string;
}

const PREPOSITION = String.raw`(?:according to|as (?:described|documented|explained|stated|shown|written) in|in|inside|within|from|on)`;
const ARTICLE = String.raw`(?:(?:the|our|your|this|that|my|their) )?`;
const KIND = String.raw`(?:docs?|documentation|guide|manual|page|chapter|reference|tutorial|handbook|notes|article|paper)`;
/** A word of a name; small words end it, so that a name never swallows another phrase. */
const WORD = String.raw`(?!(?:in|inside|within|on|from|of|to|for|the|a|an|and|or|is|are|do|does)\b)[\p{L}\p{N}][\p{L}\p{N}+#'’&_-]*`;
const FILE = String.raw`[\p{L}\p{N}_.@-]+(?:/[\p{L}\p{N}_.@-]+)*`;

/** "in the API docs", "on the security page", "according to the getting started guide". */
const BY_KIND = new RegExp(
  `\\b(?<preposition>${PREPOSITION}) ${ARTICLE}(?<name>${WORD}(?: ${WORD}){0,4}) (?<kind>${KIND})(?=\\W|$)`,
  "giu",
);
/** "what does the security guide say about …". */
const AS_SUBJECT = new RegExp(
  `\\b(?<lead>what) (?:does|do|did) (?:the|our|your|this|my) (?<name>${WORD}(?: ${WORD}){0,4}?)(?: (?<kind>${KIND}))? (?:say|state|tell (?:us|me)|recommend|mention)(?: about| on)?(?=\\W|$)`,
  "iu",
);
/** "in server.ts", "in src/server/app.ts", "in the README". */
const BY_FILE = new RegExp(
  `\\b(?:according to|as (?:described|documented|explained|stated|shown|written) in|in|inside|within) (?:the |our |your )?(?:file )?[\`"']?(?<file>${FILE})[\`"']?(?: file)?(?=[\\s?!,;:.)]|$)`,
  "giu",
);
/** "in the Python code", "in TypeScript files". */
const BY_LANGUAGE =
  /\b(?:in|inside|within|from) (?:the |our |your |my )?(?<language>[\p{L}+#-]+) (?:code|source code|sources?|source files?|files|codebase|modules|scripts)(?=\W|$)/giu;
const ENDING = /\.\p{L}\w{0,9}$/u;
/** Files that are spoken of by their bare name. */
const WELL_KNOWN: ReadonlySet<string> = new Set(
  "readme changelog contributing licence license makefile dockerfile".split(" "),
);
const KIND_TERMS: ReadonlySet<string> = new Set(
  analyse("doc docs documentation guide manual page chapter reference tutorial handbook notes article paper"),
);
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
  if (AS_SUBJECT.test(question)) return true;
  if ([BY_KIND, BY_LANGUAGE].some((pattern) => question.search(pattern) !== -1)) return true;
  return [...question.matchAll(BY_FILE)].some((match) => isFileName(fileOf(match)));
}

/** Which keys a request has filtered by itself. */
export type OwnFilter = Pick<SearchFilter, "source" | "language" | "root">;

/**
 * Finds a phrase that plainly names a document, folder or language of the collection, such as "in the API docs". Null
 * where there is none: a name must fit word for word, and must leave something of the collection out. What the request
 * filters by itself is not read from the words.
 */
export function findFilter(
  question: string,
  { names, own = {} }: { readonly names: readonly NamedDocument[]; readonly own?: OwnFilter | undefined },
): FoundFilter | null {
  const byPlace =
    own.source === undefined && own.root === undefined
      ? (findByFile(question, names) ?? findByKind(question, names) ?? findBySubject(question, names))
      : null;
  return byPlace ?? (own.language === undefined ? findByLanguage(question, names) : null);
}

function findByFile(question: string, names: readonly NamedDocument[]): FoundFilter | null {
  for (const match of question.matchAll(BY_FILE)) {
    const file = fileOf(match);
    if (!isFileName(file)) continue;
    const source =
      sourcesOf(
        names.filter((one) => isFile(one.source, file)),
        names,
      ) ?? insideFolder(file, names);
    if (source !== null) return found(question, { words: match[0], filter: { source } });
  }
  return null;
}

function fileOf(match: RegExpMatchArray): string {
  return (match.groups?.["file"] ?? "").replace(/\.+$/, "");
}

function isFileName(name: string): boolean {
  return name.includes("/") || ENDING.test(name) || WELL_KNOWN.has(name.toLowerCase());
}

/** A path or its end, or the bare name of a file that is spoken of so. */
function isFile(source: string, file: string): boolean {
  const [own, wanted] = [source.toLowerCase(), file.toLowerCase()];
  if (ENDING.test(wanted)) return own === wanted || own.endsWith(`/${wanted}`);
  return WELL_KNOWN.has(wanted) && baseOf(own) === wanted;
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

function findByKind(question: string, names: readonly NamedDocument[]): FoundFilter | null {
  for (const match of question.matchAll(BY_KIND)) {
    const { name = "", kind = "", preposition = "" } = match.groups ?? {};
    // One is "on" a page, and "on" other documents only where they are the subject.
    if (/^on$/i.test(preposition) && !/^page$/i.test(kind)) continue;
    const filter = filterByName(name, names);
    if (filter !== null) return found(question, { words: match[0], filter });
  }
  return null;
}

function findBySubject(question: string, names: readonly NamedDocument[]): FoundFilter | null {
  const match = AS_SUBJECT.exec(question);
  if (match === null) return null;
  const { name = "", kind } = match.groups ?? {};
  if (kind !== undefined) {
    const filter = filterByName(name, names);
    return filter === null ? null : found(question, { words: match[0], filter });
  }
  const source = sourcesOf(
    names.filter((one) => isFile(one.source, name)),
    names,
  );
  return source === null ? null : found(question, { words: match[0], filter: { source } });
}

/** Documents whose file name or title is this name, else everything in folders of this name. */
function filterByName(name: string, names: readonly NamedDocument[]): SearchFilter | null {
  const wanted = nameOf(name);
  if (wanted === "") return null;
  const named = names.filter(
    ({ source, title }) => nameOf(baseOf(source)) === wanted || (title !== null && nameOf(title) === wanted),
  );
  if (named.length > 0) {
    const source = sourcesOf(named, names);
    return source === null ? null : { source };
  }
  const folders = new Set<string>();
  for (const { source } of names) {
    const parts = source.split("/").slice(0, -1);
    const depth = parts.findIndex((part) => nameOf(part) === wanted);
    if (depth !== -1) folders.add(parts.slice(0, depth + 1).join("/"));
  }
  const inside = names.filter(({ source }) => [...folders].some((folder) => source.startsWith(`${folder}/`)));
  if (sourcesOf(inside, names) === null) return null;
  const isPlain = [...folders].every((folder) => !/[*?[\]{}()!+@]/.test(folder));
  return { source: isPlain ? [...folders].map((folder) => `${folder}/**`) : inside.map(({ source }) => source) };
}

function findByLanguage(question: string, names: readonly NamedDocument[]): FoundFilter | null {
  const languages = new Set(names.map(({ language }) => language));
  for (const match of question.matchAll(BY_LANGUAGE)) {
    const word = (match.groups?.["language"] ?? "").toLowerCase();
    const wanted =
      word === "source" ? [...languages].filter((one) => CODE_LANGUAGES.has(one)) : [LANGUAGE_NAMES[word] ?? word];
    const inside = names.filter(({ language }) => wanted.includes(language));
    if (inside.length === 0 || inside.length === names.length) continue;
    return found(question, { words: match[0], filter: { language: wanted } });
  }
  return null;
}

/** The sources of documents; null where there are none, or where they are most of the collection. */
function sourcesOf(named: readonly NamedDocument[], all: readonly NamedDocument[]): readonly string[] | null {
  if (named.length === 0 || named.length > Math.max(1, all.length * LARGEST_SHARE) || named.length === all.length) {
    return null;
  }
  return [...new Set(named.map(({ source }) => source))];
}

/** The terms of a name without what only says that it is a document. */
function nameOf(text: string): string {
  return analyse(text)
    .filter((term) => !KIND_TERMS.has(term))
    .join(" ");
}

/** A file's name without folders and ending. */
function baseOf(source: string): string {
  const base = source.slice(source.lastIndexOf("/") + 1);
  const dot = base.lastIndexOf(".");
  return dot > 0 ? base.slice(0, dot) : base;
}

function found(
  question: string,
  { words, filter }: { readonly words: string; readonly filter: SearchFilter },
): FoundFilter {
  const at = question.indexOf(words);
  const rest = `${question.slice(0, at)} ${question.slice(at + words.length)}`
    .replaceAll(/\s+/g, " ")
    .replaceAll(/[\s,;:]+(?=[?!.,;:])/g, "")
    .replace(/^[\s,;:.]+/, "")
    .trim();
  return { words, filter, rest: analyse(rest).length === 0 ? question : rest };
}
