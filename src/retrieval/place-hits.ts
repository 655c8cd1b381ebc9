import { type Chunk, HEADING_SEPARATOR } from "../domain/chunk.ts";
import { CODE_LANGUAGES } from "../domain/code.ts";
import type { LineRange, PageStart, Span } from "../domain/document.ts";
import type { Hit } from "../domain/hit.ts";
import { pagesOfText } from "../domain/page-at.ts";
import { hasSlides } from "../domain/slides.ts";
import { analyse } from "../lexical/analyse.ts";
import type { VectorStore } from "../store/vector-store.ts";
import type { AssembledSpan } from "./assemble-spans.ts";
import { symbolOfLine } from "./code/symbol-of-line.ts";
import type { NamedTest } from "./named-part.ts";
import { readAnnounced } from "./read-announced.ts";
import { trimToTerms, type PlacedText } from "./trim-span.ts";

const LINE_BREAK = /\r\n|\n|\r/;

/** Options of {@link placeHits}. */
export interface PlaceHitsOptions {
  readonly store: Pick<VectorStore, "readSpans" | "getDocument">;
  readonly collection: string;
  /** Terms of the queries. Texts are trimmed to the sentences that hold one of them. */
  readonly terms: ReadonlySet<string>;
  /**
   * Whether the query names what a chunk is part of: its text stays whole.
   * @default no chunk is named
   */
  readonly isNamed?: NamedTest;
  /** Whether a sentence says one of these terms in another form of its word. */
  readonly isRelated: (sentence: string) => boolean;
  /** Off leaves the texts whole. */
  readonly trim: boolean;
  readonly signal: AbortSignal | undefined;
}

/** Makes hits of spans: reads their texts and finds their lines and pages. */
export async function placeHits(spans: readonly AssembledSpan[], options: PlaceHitsOptions): Promise<Hit[]> {
  const [placed, pages] = await Promise.all([shownTexts(spans, options), readPages(spans, options)]);
  return spans.map((span, index): Hit => {
    const { text, span: range, lines } = placed[index] ?? placeOfBest(span);
    const { chunk, metadata } = span.best;
    const isCode = CODE_LANGUAGES.has(chunk.language);
    return {
      rank: index + 1,
      score: span.best.score,
      root: chunk.root,
      source: chunk.source,
      title: chunk.title,
      ...headingOf(span, range),
      lines,
      span: range,
      ...pagesOfText(pages.get(chunk.documentId) ?? chunkPages(span), { text, span: range }),
      language: chunk.language,
      symbol: isCode ? symbolShown(chunk, { lines, terms: options.terms }) : chunk.symbol,
      text,
      scores: span.best.scores,
      documentId: chunk.documentId,
      chunkIds: span.chunks.filter((one) => one.id === chunk.id || isMostlyIn(one, range)).map(({ id }) => id),
      ...(metadata === undefined ? {} : { metadata }),
    };
  });
}

/** What is shown of each span: all of it, or what is left when it is trimmed, with what that announces. */
async function shownTexts(spans: readonly AssembledSpan[], options: PlaceHitsOptions): Promise<readonly PlacedText[]> {
  const { trim, terms, isRelated, isNamed = () => false } = options;
  const placed = await placeSpans(spans, options);
  if (!trim) return placed;
  const trimmed = spans.map((span, index) => {
    const whole = placed[index] ?? placeOfBest(span);
    const { documentId, language } = span.best.chunk;
    const isCode = CODE_LANGUAGES.has(language);
    return {
      documentId,
      isCode,
      placed: span.chunks.every(isNamed) ? whole : trimToTerms(whole, terms, { isCode, isRelated }),
    };
  });
  return readAnnounced(trimmed, options);
}

/** The symbol of those lines of a chunk that are shown: a piece of several definitions has the name of only one. */
function symbolShown(
  { symbol, text, lines: own }: Chunk,
  { lines, terms }: { readonly lines: LineRange; readonly terms: ReadonlySet<string> },
): string | null {
  if (lines.start <= own.start && lines.end >= own.end) return symbol;
  const from = Math.max(0, lines.start - own.start);
  const until = lines.end - own.start + 1;
  const shown = text.split(LINE_BREAK).slice(from, until);
  const held = shown.map((line) => new Set(analyse(line).filter((term) => terms.has(term))).size);
  return symbolOfLine(symbol, { text, until, line: from + Math.max(0, held.indexOf(Math.max(...held))) });
}

/** The headings that all chunks of a hit stand under. */
function headingOf({ chunks }: AssembledSpan, range: Span): Pick<Hit, "heading"> {
  const shown = chunks.filter(({ span }) => span.start < range.end && span.end > range.start);
  const [first = [], ...others] = shown.map(({ heading }) => heading?.split(HEADING_SEPARATOR) ?? []);
  const end = first.findIndex((part, level) => others.some((path) => path[level] !== part));
  const heading = first.slice(0, end === -1 ? undefined : end).join(HEADING_SEPARATOR);
  return heading === "" ? {} : { heading };
}

/**
 * For each paged document among the spans, where its pages begin. A chunk names only its first page, and a span may
 * hold the text of a gap for which there is no chunk.
 */
async function readPages(
  spans: readonly AssembledSpan[],
  { store, collection, signal }: PlaceHitsOptions,
): Promise<ReadonlyMap<string, readonly PageStart[]>> {
  const paged = spans.filter(({ best: { chunk } }) => chunk.page !== null && !hasSlides(chunk.language));
  const ids = [...new Set(paged.map(({ best }) => best.chunk.documentId))];
  const records = await Promise.all(ids.map(async (id) => store.getDocument(collection, id, { signal })));
  return new Map(
    records.flatMap((record) => (record?.pages === undefined ? [] : [[record.id, record.pages] as const])),
  );
}

/** The pages on which the chunks of a span begin, for a document whose record names no pages. */
function chunkPages({ chunks }: AssembledSpan): readonly PageStart[] {
  const known = chunks.flatMap(({ page, span: { start } }) => (page === null ? [] : [{ page, start }]));
  return known.filter(({ page }, index) => page !== known[index - 1]?.page);
}

/** Whether trimming left at least half of a chunk. Otherwise the chunk counts as not shown, and may be found again. */
function isMostlyIn({ span }: Chunk, range: Span): boolean {
  const length = Math.min(span.end, range.end) - Math.max(span.start, range.start);
  return length * 2 >= span.end - span.start;
}

function placeOfBest({ best: { chunk } }: AssembledSpan): PlacedText {
  return { text: chunk.text, span: chunk.span, lines: chunk.lines };
}

/** The whole text of each span; text between joined chunks is read from the stored document. */
async function placeSpans(
  spans: readonly AssembledSpan[],
  { store, collection, signal }: PlaceHitsOptions,
): Promise<PlacedText[]> {
  const joined = spans.filter(({ chunks }) => chunks.length > 1);
  const requests = joined.map(({ best, chunks }) => ({
    documentId: best.chunk.documentId,
    span: {
      start: Math.min(...chunks.map(({ span }) => span.start)),
      end: Math.max(...chunks.map(({ span }) => span.end)),
    },
  }));
  const texts = requests.length === 0 ? [] : await store.readSpans(collection, requests, { signal });
  return spans.map((span): PlacedText => {
    const place = joined.indexOf(span);
    const text = texts[place];
    const range = requests[place]?.span;
    // While a document is being replaced its text may be missing for a moment: then the best chunk stands alone.
    if (typeof text !== "string" || range === undefined || !text.includes(span.best.chunk.text))
      return placeOfBest(span);
    const lines = {
      start: Math.min(...span.chunks.map((chunk) => chunk.lines.start)),
      end: Math.max(...span.chunks.map((chunk) => chunk.lines.end)),
    };
    return { text, span: range, lines };
  });
}
