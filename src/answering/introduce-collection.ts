import type { CollectionInfo } from "../domain/collection.ts";
import { countOf } from "../domain/count-of.ts";
import type { DocumentRecord } from "../domain/document.ts";
import { oneLine } from "../domain/one-line.ts";
import type { VectorStore } from "../store/vector-store.ts";

/** How many documents are named, and of how many they are chosen. */
const MOST_NAMED = 6;
const LISTED = 200;
const LONGEST_NAME = 60;
const BEGINS = /getting[-_ ]?started|introduction|overview|quick[-_ ]?start|(?:^|\/)(?:readme|index)\.\w+ /i;
const ABOUT_PROJECT =
  /(?:^|\/)(?:\.|contributing|licen[cs]e|copyright|code[-_ ]of[-_ ]conduct|security|changelog|changes|history|release|donat|sponsor|support|authors|credits|community|funding|claude|agents\.md)/i;

/**
 * What is said to somebody who greets, or asks what there is to ask: how many documents a collection has, what some of
 * them are called, and what to write. Where there are more documents than are listed, their number is as old as `info`.
 * Rejects with `collection_missing`.
 */
export async function introduceCollection(
  info: CollectionInfo,
  { store, signal }: { readonly store: VectorStore; readonly signal: AbortSignal | undefined },
): Promise<string> {
  const { documents, nextCursor } = await store.listDocuments(info.name, { limit: LISTED, signal });
  const count = nextCursor === null ? documents.length : Math.max(info.documents, documents.length);
  if (count === 0) {
    return `This is citewell, which answers questions from documents. The collection “${info.name}” holds none yet: add some first.`;
  }
  const names = namesOf(documents);
  const others = count - names.length;
  const among = others > 0 ? `, among them ${names.join(", ")}` : `: ${names.join(", ")}`;
  return (
    `This is citewell, which answers questions from documents and shows the lines that each answer stands on. ` +
    `The collection “${info.name}” has ${countOf(count, "document")}${among}.\n\n` +
    "Ask something that they may say, in a question or a few words."
  );
}

/** Titles of the documents that lie highest in their folders, those to begin with first; what goes with every project last. */
function namesOf(documents: readonly DocumentRecord[]): readonly string[] {
  const place = ({ source, title }: DocumentRecord): number =>
    source.split("/").length + (BEGINS.test(`${source} ${title ?? ""}`) ? -100 : ABOUT_PROJECT.test(source) ? 100 : 0);
  const names = documents
    .toSorted((left, right) => place(left) - place(right))
    .map(({ title, source }) => `“${shortened(oneLine(title ?? source))}”`);
  return [...new Map(names.map((name) => [name.toLowerCase(), name])).values()].slice(0, MOST_NAMED);
}

function shortened(name: string): string {
  return name.length > LONGEST_NAME ? `${name.slice(0, LONGEST_NAME - 1).trimEnd()}…` : name;
}
