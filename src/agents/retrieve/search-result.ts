import { showValue } from "../../domain/check-options.ts";
import type { Hit, SearchResult } from "../../domain/hit.ts";
import { isJsonObject } from "../../domain/json-object.ts";

/** A text that a search of your own found. */
export interface FoundText {
  /** Where it is from, as citations name it: a file, an address, the key of a row. */
  readonly source: string;
  /** The passage. */
  readonly text: string;
  /** Tells it from every other passage, so that none is shown twice. Default: the source and the text. */
  readonly id?: string | undefined;
  /** How well it fits, higher is better. @default 1 */
  readonly score?: number | undefined;
  /** What the source is called. Default: none. */
  readonly title?: string | undefined;
  /** Line of the source on which the text begins. @default 1 */
  readonly line?: number | undefined;
}

/**
 * What `retrieveDocs` of a subclass returns where it searches something of its own: the texts that were found, best first.
 * Texts that were shown already may be among them; they are left out.
 */
export function toSearchResult(query: string, found: readonly FoundText[]): SearchResult {
  const isList: boolean = Array.isArray(found);
  if (!isList || !found.every((one) => typeof one?.source === "string" && typeof one.text === "string")) {
    throw new TypeError(`toSearchResult takes the query and a list such as [{ source: "notes.md", text: "…" }].`);
  }
  return {
    query,
    collection: "",
    mode: "hybrid",
    hits: found.map(toHit),
    evidence: found.length === 0 ? "none" : "good",
    timing: { embedMs: 0, searchMs: 0 },
  };
}

function toHit({ source, text, id = `${source}\n${text}`, score = 1, title, line = 1 }: FoundText, index: number): Hit {
  return {
    rank: index + 1,
    score,
    root: "",
    source,
    title: title ?? null,
    lines: { start: line, end: line + (text.match(/\r\n|\r|\n/g)?.length ?? 0) },
    span: { start: 0, end: text.length },
    page: null,
    language: "text",
    symbol: null,
    text,
    scores: { dense: null, lexical: null, sentence: null },
    documentId: source,
    chunkIds: [id],
  };
}

/** Throws a `TypeError` for what a subclass returned that is no search result. */
export function checkSearchResult(result: SearchResult, owner: string): SearchResult {
  const hits: unknown = result?.hits;
  const isList = Array.isArray(hits);
  if (isList && hits.every(isHit) && ["good", "weak", "none"].includes(result.evidence)) return result;
  const got = typeof result !== "object" || result === null ? showValue(result) : `an object ${lackOf(hits)}`;
  throw new TypeError(
    `retrieveDocs of ${owner} must return a search result, such as toSearchResult(query, [{ source: "notes.md", text: "…" }]), not ${got}.`,
  );
}

function lackOf(hits: unknown): string {
  if (!Array.isArray(hits)) return "without hits";
  return hits.every(isHit) ? "without evidence" : "with hits that lack text, source or chunkIds";
}

function isHit(value: unknown): boolean {
  if (!isJsonObject(value)) return false;
  const { text, source, chunkIds } = value;
  return typeof text === "string" && typeof source === "string" && Array.isArray(chunkIds);
}
