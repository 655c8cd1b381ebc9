import type { DocumentRecord } from "../domain/document.ts";
import { allDocuments } from "../store/all-documents.ts";
import type { VectorStore } from "../store/vector-store.ts";
import { remember } from "./remember.ts";

/** Shorter titles are ordinary words more often than names. */
const SHORTEST_TITLE = 4;
const WORD = /[\p{L}\p{N}\p{M}]+/gu;
/** What stands before the first word of a sentence, of a line, or of a link's text: there every word has a capital. */
const SENTENCE_START = /(?:^|[.!?:\r\n|*#>[\]])[\s"'“‘(*_`[-]*$/u;
/** How far back that is looked for. */
const LOOK_BACK = 16;
/** What an encyclopaedia puts behind a name to tell it from another: `Lilu (mythology)`. */
const QUALIFIER = /\s*\([^()]*\)\s*$/u;

/** Finds the documents whose titles a text names. */
export interface TitleLinks {
  /** Ids of documents, other than `own`, whose title stands in the text as whole words with the same capitals. */
  linkedDocuments(text: string, own: string): readonly string[];
}

interface TitleEntry {
  readonly documentId: string;
  readonly words: readonly string[];
}

/** Makes links from titles; documents without a real title have none. */
export function createTitleLinks(documents: Iterable<Pick<DocumentRecord, "id" | "title">>): TitleLinks {
  const byFirstWord = new Map<string, TitleEntry[]>();
  for (const { id, title } of documents) {
    const name = title?.replace(QUALIFIER, "") ?? "";
    const words = wordsOf(name);
    const [first] = words;
    // A title in small letters is a word of the language rather than a name.
    if (first === undefined || name.length < SHORTEST_TITLE || !/[\p{Lu}\p{N}]/u.test(name)) continue;
    const entries = byFirstWord.get(first) ?? [];
    entries.push({ documentId: id, words });
    byFirstWord.set(first, entries);
  }
  return {
    linkedDocuments(text, own) {
      const matches = [...text.matchAll(WORD)];
      const linked = new Set<string>();
      for (const [position, { 0: word, index }] of matches.entries()) {
        for (const entry of byFirstWord.get(word) ?? []) {
          if (entry.documentId === own || linked.has(entry.documentId)) continue;
          if (!entry.words.every((part, offset) => matches[position + offset]?.[0] === part)) continue;
          if (entry.words.length === 1 && startsSentence(text, index)) continue;
          linked.add(entry.documentId);
        }
      }
      return [...linked];
    },
  };
}

/** Whether a word at a place has its capital from its place only. */
function startsSentence(text: string, index: number): boolean {
  return SENTENCE_START.test(text.slice(Math.max(0, index - LOOK_BACK), index));
}

/** Reads a collection's titles and keeps them for some seconds. */
export function createTitleLinksReader(store: VectorStore, collection: string): () => Promise<TitleLinks> {
  return remember(() => readTitles(store, collection));
}

async function readTitles(store: VectorStore, collection: string): Promise<TitleLinks> {
  const documents: DocumentRecord[] = [];
  for await (const document of allDocuments(store, collection)) if (document.title !== null) documents.push(document);
  return createTitleLinks(documents);
}

function wordsOf(text: string): string[] {
  return Array.from(text.matchAll(WORD), ([word]) => word);
}
