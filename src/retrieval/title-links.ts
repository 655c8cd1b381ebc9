import type { DocumentRecord } from "../domain/document.ts";
import { type CatalogueEntry, type DocumentCatalogue, NAMES_TRUST_MS } from "./document-catalogue.ts";

/** Shorter titles are ordinary words more often than names. */
const SHORTEST_TITLE = 4;
const WORD = /[\p{L}\p{N}\p{M}]+/gu;
/** A title that is shared by more documents than this (`README`, a chapter of each book) names none of them. */
const MOST_BEARERS = 50;
/** Text before the first word of a sentence, a line or a link's text, where every word has a capital letter. */
const SENTENCE_START = /(?:^|[.!?:\r\n|*#>[\]])[\s"'“‘(*_`[-]*$/u;
/** How many characters back {@link SENTENCE_START} is looked for. */
const LOOK_BACK = 16;
/** What an encyclopaedia adds to a name to tell it from another: `Lilu (mythology)`. */
const QUALIFIER = /\s*\([^()]*\)\s*$/u;

/** Finds the documents whose titles a text names. */
export interface TitleLinks {
  /**
   * For each title that stands in the text as whole words with the same capitals, the ids of the documents with that
   * title. The title of the document `own` is left out: that a text says its own title links it to nothing.
   */
  linkedTitles(text: string, own: string): readonly (readonly string[])[];
}

interface Title {
  readonly words: readonly string[];
  readonly documentIds: string[];
}

/** Prepares the search for titles in texts; documents without a real title have none. */
export function createTitleLinks(documents: Iterable<Pick<DocumentRecord, "id" | "title">>): TitleLinks {
  const titles = new Map<string, Title>();
  const ownTitles = new Map<string, Title>();
  for (const { id, title } of documents) {
    const name = title?.replace(QUALIFIER, "") ?? "";
    // A title in small letters is an ordinary word rather than a name.
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

/** Whether the word at a place may have its capital letter only because it begins a sentence. */
function startsSentence(text: string, index: number): boolean {
  return SENTENCE_START.test(text.slice(Math.max(0, index - LOOK_BACK), index));
}

/** Makes the reader of a catalogue's title links; they are computed anew when the documents have changed. */
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
