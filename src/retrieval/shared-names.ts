import type { Chunk } from "../domain/chunk.ts";
import { CODE_LANGUAGES } from "../domain/code.ts";
import { analyse } from "../lexical/analyse.ts";
import { termIndex } from "../lexical/term-index.ts";
import type { StoreFilter, VectorStore } from "../store/vector-store.ts";
import type { ScoredChunk } from "./scored-chunk.ts";

/** Words with a capital letter in a row, on one line or two, also with a small word such as `of` or `de` between them. */
const CAPITALISED =
  /\p{Lu}[\p{L}\p{M}\p{N}'’-]*(?:(?:[^\S\n]+|\n)(?:(?:da|de|del|der|di|du|la|of|the|van|von)[^\S\n]+)?[\p{Lu}\p{N}][\p{L}\p{M}\p{N}'’-]*)+/gu;
const BETWEEN_WORDS = /[^\p{L}\p{N}\p{M}]+/gu;
/** Names that are looked for at most, those of the best sources first. */
const MOST_NAMES = 15;
/** A name that more chunks of other documents hold than this leads to none of them in particular. */
const MOST_SHARERS = 25;
/** Candidates by words that are looked through for the names. */
const POOL = 100;

/** A chunk whose names are looked for in others, and how much a name of it counts. */
export interface NameSource {
  readonly chunk: ScoredChunk["chunk"];
  readonly weight: number;
}

/** A chunk that shares a name with another one. */
export interface Sharer {
  readonly chunkId: string;
  readonly documentId: string;
  /** The weight of the source, over the square root of how many chunks of other documents hold the name. */
  readonly weight: number;
}

/** Options of {@link findSharers}. */
export interface FindSharersOptions {
  readonly store: VectorStore;
  readonly collection: string;
  /** The question's terms: a name that stands in the question leads nowhere that it did not lead itself. */
  readonly asked: ReadonlySet<number>;
  readonly filter: StoreFilter | undefined;
  readonly signal?: AbortSignal;
}

/** Finds the chunks of other documents that hold a name which stands in a source, each with its best name's weight. */
export async function findSharers(
  sources: readonly NameSource[],
  { store, collection, asked, filter, signal }: FindSharersOptions,
): Promise<readonly Sharer[]> {
  const names = collectNames(sources, asked);
  if (names.size === 0) return [];
  const terms = [...new Set([...names.keys()].flatMap(termsOf))];
  const query = { vector: null, terms, denseLimit: 0, lexicalLimit: POOL, ...(filter !== undefined && { filter }) };
  const { candidates } = await store.search(collection, query, { signal });
  const pool = candidates.map(({ chunk: { id, documentId, text } }) => ({ id, documentId, words: wordsOf(text) }));
  const best = new Map<string, Sharer>();
  for (const [name, { chunk, weight }] of names) {
    const others = pool.filter(({ documentId, words }) => documentId !== chunk.documentId && holds(words, name));
    if (others.length > MOST_SHARERS) continue;
    const share = weight / Math.sqrt(others.length);
    for (const { id, documentId } of others) {
      if (share > (best.get(id)?.weight ?? 0)) best.set(id, { chunkId: id, documentId, weight: share });
    }
  }
  return [...best.values()];
}

/** The names in the sources, each with the source of most weight that has it. */
function collectNames(sources: readonly NameSource[], asked: ReadonlySet<number>): ReadonlyMap<string, NameSource> {
  const names = new Map<string, NameSource>();
  for (const source of sources.toSorted((left, right) => right.weight - left.weight)) {
    for (const name of namesOf(source.chunk, asked)) {
      if (names.size < MOST_NAMES && !names.has(name)) names.set(name, source);
    }
  }
  return names;
}

function namesOf(
  { text, title, heading, language }: Pick<Chunk, "text" | "title" | "heading" | "language">,
  asked: ReadonlySet<number>,
): readonly string[] {
  if (CODE_LANGUAGES.has(language)) return [];
  const known = new Set([...asked, ...termsOf(`${title ?? ""} ${heading ?? ""}`)]);
  return namesIn(text).filter((name) => !termsOf(name).every((term) => known.has(term)));
}

/**
 * The names of several words in a text, each once, as their words with a space between: at least two of them begin with
 * a capital letter, which neither a date nor the first word of a sentence fulfils.
 */
export function namesIn(text: string): readonly string[] {
  const names = new Set<string>();
  for (const [found] of text.matchAll(CAPITALISED)) {
    const words = wordsOf(found).split(" ");
    // "The Blue Gate" at the beginning of a sentence is "Blue Gate" elsewhere.
    const name = words.slice(words.findIndex((word) => analyse(word).length > 0));
    if (name.filter((word) => /^\p{Lu}/u.test(word)).length > 1) names.add(name.join(" "));
  }
  return [...names];
}

/** Whether words hold a name whole. */
function holds(words: string, name: string): boolean {
  // Most texts lack the name: the search for it as it is comes first, since it needs no copy.
  return words.includes(name) && ` ${words} `.includes(` ${name} `);
}

/** The words of a text with a space between. */
function wordsOf(text: string): string {
  return text.replaceAll(BETWEEN_WORDS, " ").trim();
}

function termsOf(text: string): readonly number[] {
  return analyse(text).map(termIndex);
}
