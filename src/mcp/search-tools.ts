import type { CallToolResult } from "@modelcontextprotocol/server";
import type { CodeResult } from "../domain/code.ts";
import { type MetadataFilter, spelledValues } from "../domain/document-metadata.ts";
import type { Hit, SearchResult } from "../domain/hit.ts";
import { pageAt, pageStartsOf } from "../domain/page-at.ts";
import { describeReading, describeTaskReading } from "../answering/describe-reading.ts";
import { adviceForNothing } from "./advice-for-nothing.ts";
import { type CheckedPlaces, checkPlaces } from "./check-places.ts";
import { checkHoldsCode, proseLanguages } from "./collection-languages.ts";
import type { CallContext } from "./mcp-context.ts";
import { offsetOfLine } from "./offset-of-line.ts";
import { readInStep } from "./read-in-step.ts";
import { searchResult } from "./search-result.ts";
import type { ToolHit } from "./tool-outputs.ts";

/** A call of `search_docs`. */
export interface SearchDocsCall {
  readonly query: string;
  readonly queries?: readonly string[] | undefined;
  readonly interpret?: boolean | undefined;
  readonly collection?: string | undefined;
  readonly path?: readonly string[] | undefined;
  readonly language?: readonly string[] | undefined;
  /** Numbers and booleans are given as text. */
  readonly metadata?: Readonly<Record<string, readonly string[]>> | undefined;
  readonly limit: number;
  readonly max_tokens: number;
}

/** Finds passages in prose and data; with `language`, in any documents of that language. */
export async function searchDocs(context: CallContext, call: SearchDocsCall): Promise<CallToolResult> {
  const { query, queries, interpret, path, language, metadata, limit, max_tokens: maxTokens } = call;
  const { signal, collection: usual } = context;
  const collection = call.collection ?? usual;
  const read = async (): Promise<SearchResult> => {
    const languages = language ?? (await proseLanguages(context, collection));
    const filter = { source: path, language: languages, metadata: metadata && spelledFilter(metadata) };
    return context.useCases.searchCorpus({ query, collection, limit, filter, signal, queries, interpret });
  };
  const {
    found: result,
    places,
    notes,
  } = await readInStep(context, {
    collection,
    read,
    check: ({ hits }, since) => checkHits(hits.map(toToolHit), since),
  });
  const said = describeReading(result.interpretation, "interpret: false");
  const advice =
    result.hits.length + said.length > 0
      ? []
      : await adviceForNothing(context, { collection, path, language, metadata, maxTokens });
  const limits = result.mode === "dense" ? [byMeaningAlone(collection)] : [];
  const origins = new Map(places.map((place, index) => [place, result.hits[index]]));
  return searchResult(places, {
    context,
    maxTokens,
    limit,
    result: { query, collection, evidence: result.evidence, notes: [...notes, ...limits, ...said, ...advice] },
    pageOf: (one, line) => pageOfLine(origins.get(one), line),
  });
}

/** Nobody asked for that: the words of the collection are those of an older version. */
function byMeaningAlone(collection: string): string {
  return `The collection "${collection}" was made by an older version of citewell: it is searched by meaning alone, not by words, until citewell ingest --force --collection ${collection} re-indexes it.`;
}

/** Compares hits with their files. */
function checkHits(hits: readonly ToolHit[], since: number | null): Promise<CheckedPlaces<ToolHit>> {
  return checkPlaces(hits, { since, textOf: ({ snippet }) => snippet });
}

function toToolHit(hit: Hit): ToolHit {
  return {
    path: hit.source,
    root: hit.root,
    start_line: hit.lines.start,
    end_line: hit.lines.end,
    score: round(hit.score),
    title: hit.title,
    heading: hit.heading ?? null,
    symbol: hit.symbol,
    language: hit.language,
    page: hit.page,
    snippet: hit.text,
    shortened: false,
  };
}

/** The page on which a line of a hit is. */
function pageOfLine(hit: Hit | undefined, line: number): number | null {
  if (hit === undefined || hit.page === null) return null;
  const offset = offsetOfLine(hit.text, line - hit.lines.start + 1);
  return pageAt(pageStartsOf(hit), hit.span.start + offset);
}

function spelledFilter(metadata: Readonly<Record<string, readonly string[]>>): MetadataFilter {
  return Object.fromEntries(Object.entries(metadata).map(([key, values]) => [key, values.flatMap(spelledValues)]));
}

/** A call of `search_code`. */
export interface SearchCodeCall {
  readonly task: string;
  readonly collection?: string | undefined;
  readonly path?: readonly string[] | undefined;
  readonly language?: readonly string[] | undefined;
  readonly include_tests?: boolean | undefined;
  readonly limit: number;
  readonly max_tokens: number;
}

/** Finds files and symbols for a task. */
export async function searchCode(context: CallContext, call: SearchCodeCall): Promise<CallToolResult> {
  const { task, path, language, limit, max_tokens: maxTokens, include_tests: tests } = call;
  const { signal, collection: usual } = context;
  const collection = call.collection ?? usual;
  const filter = { source: path, language };
  const read = (): Promise<CodeResult> => context.useCases.findCode({ task, collection, limit, filter, signal, tests });
  const { found, places, notes } = await readInStep(context, {
    collection,
    read,
    check: (code, since) => checkHits(codeHits(code), since),
  });
  if (found.files.length === 0 && language === undefined) await checkHoldsCode(context, collection);
  const advice =
    found.files.length > 0 ? [] : await adviceForNothing(context, { collection, path, language, maxTokens });
  const said = [...notes, ...describeTaskReading(found), ...advice];
  const result = { query: task, collection, evidence: found.evidence, notes: said };
  return searchResult(places, { context, maxTokens, limit, result });
}

/** The best place of every file first, so that a small result names many files; then their other places. */
function codeHits({ files }: CodeResult): readonly ToolHit[] {
  const placed = files.flatMap(({ places, source, root, language, score }) =>
    places.map(({ symbol, lines, text }, order) => {
      // A piece goes as far as the next one begins; empty lines say nothing.
      const snippet = text.trimEnd();
      const end = lines.start + (snippet.match(/\r\n|\n|\r/g)?.length ?? 0);
      const place = { path: source, root, start_line: lines.start, end_line: end, score: round(score) };
      return {
        order,
        hit: { ...place, title: null, heading: null, symbol, language, page: null, snippet, shortened: false },
      };
    }),
  );
  return placed.toSorted((left, right) => left.order - right.order).map(({ hit }) => hit);
}

function round(score: number): number {
  return Math.round(score * 1_000) / 1_000;
}
