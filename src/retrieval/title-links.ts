import type { DocumentRecord } from "../domain/document.ts";
import { type CatalogueEntry, type DocumentCatalogue, NAMES_TRUST_MS } from "./document-catalogue.ts";

/** Shorter titles are ordinary words more often than names. */
const SHORTEST_TITLE = 4;
const WORD = /[\p{L}\p{N}\p{M}]+/gu;
/** A title that more documents than this share (`README`, a chapter of each book) names none of them. */
const MOST_BEARERS = 50;
/** What stands before the first word of a sentence, of a line, or of a link's text: there every word has a capital. */
const SENTENCE_START = /(?:^|[.!?:\r\n|*#>[\]])[\s"'“‘(*_`[-]*$/u;
/** How far back that is looked for. */
const LOOK_BACK = 16;
/** What an encyclopaedia puts behind a name to tell it from another: `Lilu (mythology)`. */
const QUALIFIER = /\s*\([^()]*\)\s*$/u;

/** Finds the documents whose titles a text names. */
export interface TitleLinks {
  /**
   * For each title that stands in the text as whole words with the same capitals, the ids of the documents that bear
   * it. The title of the document `own` is left out: a text that says what it is about names nothing else.
   */
  linkedTitles(text: string, own: string): readonly (readonly string[])[];
}

interface Title {
  readonly words: readonly string[];
  readonly documentIds: string[];
}

/** Makes links from titles; documents without a real title have none. */
export function createTitleLinks(documents: Iterable<Pick<DocumentRecord, "id" | "title">>): TitleLinks {
  const titles = new Map<string, Title>();
  const ownTitles = new Map<string, Title>();
  for (const { id, title } of documents) {
    const name = title?.replace(QUALIFIER, "") ?? "";
    // A title in small letters is a word of the language rather than a name.
    if (name.length < SHORTEST_TITLE || !/[\p{Lu}\p{N}]/u.test(name)) continue;
    const words = wordsOf(name);
    const key = words.join(" ");
    const entry = titles.get(key) ?? { words, documentIds: [] };
    entry.documentIds.push(id);
    titles.set(key, entry);
    ownTitles.set(id, entry);
  }
  const named = [...titles.values()].filter(({ documentIds }) => documentIds.length <= MOST_BEARERS);
  const byFirstWord = Map.groupBy(named, ({ words }) => words[0] ?? "");
  return {
    linkedTitles(text, own) {
      const matches = [...text.matchAll(WORD)];
      const linked = new Set<Title>();
      for (const [position, { 0: word, index }] of matches.entries()) {
        for (const title of byFirstWord.get(word) ?? []) {
          if (title === ownTitles.get(own) || linked.has(title)) continue;
          if (!title.words.every((part, offset) => matches[position + offset]?.[0] === part)) continue;
          if (title.words.length === 1 && startsSentence(text, index)) continue;
          linked.add(title);
        }
      }
      return Array.from(linked, ({ documentIds }) => documentIds);
    },
  };
}

/** Whether a word at a place has its capital from its place only. */
function startsSentence(text: string, index: number): boolean {
  return SENTENCE_START.test(text.slice(Math.max(0, index - LOOK_BACK), index));
}

/** Gives the links between a catalogue's documents, made anew when the documents have changed. */
export function createTitleLinksReader(catalogue: DocumentCatalogue): () => Promise<TitleLinks> {
  let known: { readonly entries: readonly CatalogueEntry[]; readonly links: TitleLinks } | undefined;
  return async () => {
    const entries = await catalogue.list({ trustMs: NAMES_TRUST_MS });
    if (known?.entries !== entries) known = { entries, links: createTitleLinks(entries) };
    return known.links;
  };
}

function wordsOf(text: string): string[] {
  return Array.from(text.matchAll(WORD), ([word]) => word);
}
