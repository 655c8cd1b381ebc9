import { type Chunk, HEADING_SEPARATOR } from "../domain/chunk.ts";
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

/** Something with a title: a whole document, or an article of one. */
export interface TitledPart {
  readonly documentId: string;
  /** The heading above the article; null for the whole document. */
  readonly heading: string | null;
}

/** Finds the documents, and articles within documents, whose titles a text names. */
export interface TitleLinks {
  /**
   * For each title that stands in a chunk's text as whole words with the same capitals, what bears that title. The titles
   * of the chunk's own document and article are left out: that a text says its own title links it to nothing.
   */
  linkedTitles(chunk: Pick<Chunk, "text" | "documentId" | "heading">): readonly (readonly TitledPart[])[];
}

interface Title {
  readonly words: readonly string[];
  readonly bearers: TitledPart[];
}

/** Prepares the search for titles in texts; documents without a real title have none. */
export function createTitleLinks(documents: Iterable<Pick<DocumentRecord, "id" | "title" | "articles">>): TitleLinks {
  const titles = new Map<string, Title>();
  const add = (title: string, bearer: TitledPart): void => {
    const words = titleWords(title);
    if (words === null) return;
    const key = words.join(" ");
    const entry = titles.get(key) ?? { words, bearers: [] };
    entry.bearers.push(bearer);
    titles.set(key, entry);
  };
  const ownTitles = new Map<string, string>();
  for (const { id, title, articles = [] } of documents) {
    if (title !== null) {
      add(title, { documentId: id, heading: null });
      ownTitles.set(id, title);
    }
    for (const heading of articles) if (heading !== title) add(heading, { documentId: id, heading });
  }
  const longest = longestByFirstWord(titles.values());
  return {
    linkedTitles({ text, documentId, heading }) {
      const own = [ownTitles.get(documentId) ?? "", heading ?? "", heading?.split(HEADING_SEPARATOR, 1)[0] ?? ""].map(
        (title) => titles.get(titleWords(title)?.join(" ") ?? ""),
      );
      const matches = [...text.matchAll(WORD)];
      const linked = new Set<Title>();
      for (const [position, { 0: word, index }] of matches.entries()) {
        const words = matches.slice(position, position + (longest.get(word) ?? 0)).map(([one]) => one);
        for (const length of words.keys()) {
          const title = titles.get(words.slice(0, length + 1).join(" "));
          if (title === undefined || own.includes(title) || title.bearers.length > MOST_BEARERS) continue;
          if (length === 0 && startsSentence(text, index)) continue;
          linked.add(title);
        }
      }
      return Array.from(linked, ({ bearers }) => bearers);
    },
  };
}

/** For each first word of a title, how many words the longest title has that begins with it. */
function longestByFirstWord(titles: Iterable<Title>): ReadonlyMap<string, number> {
  const longest = new Map<string, number>();
  for (const { words } of titles) {
    const first = words[0] ?? "";
    longest.set(first, Math.max(words.length, longest.get(first) ?? 0));
  }
  return longest;
}

/** The words of a title; null if it is too short for a name, or in small letters, which make it an ordinary word. */
function titleWords(title: string): readonly string[] | null {
  const name = title.replace(QUALIFIER, "");
  if (name.length < SHORTEST_TITLE || !/[\p{Lu}\p{N}]/u.test(name)) return null;
  return Array.from(name.matchAll(WORD), ([word]) => word);
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
