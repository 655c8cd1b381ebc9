import type { Chunk } from "../../domain/chunk.ts";
import { CODE_LANGUAGES, type CodeFile, type CodePlace, type CodeResult } from "../../domain/code.ts";
import type { DocumentMetadata } from "../../domain/document-metadata.ts";
import type { Hit, SearchFilter, SearchResult } from "../../domain/hit.ts";
import type { CallOptions, VectorStore } from "../../store/vector-store.ts";
import { bestEvidence } from "../evidence.ts";
import type { FindCodeIn } from "./find-code.ts";
import type { Retrieve, RetrieveOptions } from "../retrieve.ts";
import { wholeDefinition } from "./whole-definition.ts";

/** Spans of a context that names no number. */
const DEFAULT_LIMIT = 5;
/** How many files, and places of each file, are ranked for a context. */
const FILES = 30;
const PLACES = 6;
/** Factor for a further place of a file, for each place of it that was taken or shown already. */
const FURTHER_PLACE = 0.6;
/** A definition of up to so many tokens is shown as a whole. */
const DEFINITION_TOKENS = 800;
/** How many spans are searched for prose, for each span of the context. */
const LOOKED_THROUGH = 3;
/**
 * The share of prose in a context, by the score of the best prose over that of the best code. Measured on FLAML and
 * Fastify with their documentation: without prose, questions about usage lose their facts; with as much as a plain
 * search shows, tasks lose files. So a question gets more of it than a task that says what to change.
 */
const PROSE_SHARES = {
  asking: [
    { from: 2, share: 0.8 },
    { from: 1.25, share: 0.6 },
    { from: 0.9, share: 0.4 },
    { from: 0.75, share: 0.2 },
  ],
  telling: [
    { from: 2, share: 0.6 },
    { from: 1.5, share: 0.4 },
    { from: 1.1, share: 0.2 },
  ],
} as const;
const ASKING = /\?\s*$|^\s*(?:how|what|which|who|where|when|why|is|are|do|does|can|could|should)\b/im;

/** Options of {@link createCodeRetriever}. */
export interface CodeRetrieverOptions {
  readonly store: VectorStore;
  readonly collection: string;
  /** The plain search of the same collection, in every language. */
  readonly retrieve: Retrieve;
  readonly findCode: FindCodeIn;
  /** Tokens of a text. */
  readonly countTokens: (text: string) => number;
}

/**
 * Makes the search for code tasks: places of the best files, each definition as a whole if it is not too long, and
 * prose according to how well it fits beside the code. Where the collection has no code for the task, and in other
 * modes than hybrid, it is the plain search. A place's score is a share of the best place's score, and it has no part
 * scores.
 */
export function createCodeRetriever(options: CodeRetrieverOptions): Retrieve {
  return async (task, request = {}) => {
    const { limit = DEFAULT_LIMIT, mode = "hybrid", exclude = new Set<string>(), signal } = request;
    if (mode !== "hybrid") return options.retrieve(task, request);
    const found = await options.retrieve(task, { ...request, limit: limit * LOOKED_THROUGH });
    const filter = filterOf(request, found);
    if (filter.language.length === 0) return options.retrieve(task, request);
    const call = { signal };
    const code = await options.findCode(found.interpretation?.standalone?.text ?? task, {
      ...call,
      limit: FILES,
      places: PLACES,
      exclude,
      filter,
    });
    if (code.files.length === 0 || isAboutProse(found, code)) return options.retrieve(task, request);
    const prose = proseOf(found.hits, { task, limit });
    const places = rankPlaces(code.files).slice(0, limit - prose.length);
    const hits = await toHits(places, { ...options, exclude, call });
    return {
      ...found,
      hits: [...hits, ...prose].map((hit, index) => ({ ...hit, rank: index + 1 })),
      evidence: bestEvidence([found.evidence, code.evidence]),
    };
  };
}

/** The filter of the request together with the one in the task's words; of languages, only those of code. */
function filterOf(
  { filter }: RetrieveOptions,
  { interpretation }: SearchResult,
): SearchFilter & { readonly language: readonly string[] } {
  const read = interpretation?.filter;
  const both = { ...filter, ...(read?.applied === true ? read.filter : {}) };
  const wanted = both.language === undefined ? [...CODE_LANGUAGES] : [both.language].flat();
  return { ...both, language: wanted.filter((name) => CODE_LANGUAGES.has(name)) };
}

/** Whether prose fits and code does not: a settings file beside documentation is no reason to show code. */
function isAboutProse({ hits: [best], evidence }: SearchResult, code: CodeResult): boolean {
  return code.evidence === "none" && evidence !== "none" && best !== undefined && !isCode(best);
}

function isCode({ language }: Hit): boolean {
  return CODE_LANGUAGES.has(language);
}

/** The best prose: as many spans as its score beside the code's allows. */
function proseOf(
  hits: readonly Hit[],
  { task, limit }: { readonly task: string; readonly limit: number },
): readonly Hit[] {
  const prose = hits.filter((hit) => !isCode(hit));
  const best = hits.find(isCode)?.score ?? 0;
  const ratio = best > 0 ? (prose[0]?.score ?? 0) / best : Number.MAX_VALUE;
  const shares = PROSE_SHARES[ASKING.test(task) ? "asking" : "telling"];
  const share = shares.find(({ from }) => ratio >= from)?.share ?? 0;
  return prose.slice(0, Math.min(limit - 1, Math.round(limit * share)));
}

interface RankedPlace {
  readonly file: CodeFile;
  readonly place: CodePlace;
  readonly score: number;
}

/**
 * The places of all files, best first. A file's second place comes behind the first places of files that are nearly as
 * good. A file's score counts no more than that of a file ranked before it, whatever their scores: tests stay behind
 * what they test.
 */
function rankPlaces(files: readonly CodeFile[]): readonly RankedPlace[] {
  const best = files[0]?.score ?? 0;
  let share = 1;
  return files
    .flatMap((file) => {
      share = Math.min(share, best > 0 ? Math.max(0, file.score) / best : 1);
      const ofFile = share;
      return file.places.map((place, index) => ({
        file,
        place,
        score: ofFile * FURTHER_PLACE ** (index + (file.seen ?? 0)),
      }));
    })
    .toSorted((left, right) => right.score - left.score || left.file.rank - right.file.rank);
}

interface PlaceContext extends CodeRetrieverOptions {
  readonly exclude: ReadonlySet<string>;
  readonly call: CallOptions;
}

/** A place with its piece of code, and the chunks of the definition that this is a part of. */
interface PlacedPiece extends RankedPlace {
  readonly piece: Chunk;
  readonly whole: readonly Chunk[];
}

async function toHits(places: readonly RankedPlace[], context: PlaceContext): Promise<Hit[]> {
  const { store, collection, call } = context;
  const ids = [...new Set(places.map(({ file }) => file.documentId))];
  const [lists, records] = await Promise.all([
    Promise.all(ids.map((id) => store.listChunks(collection, id, call))),
    Promise.all(ids.map((id) => store.getDocument(collection, id, call))),
  ]);
  const pieces = takePieces(places, {
    ...context,
    chunksOf: new Map(ids.map((id, index) => [id, lists[index] ?? []])),
  });
  const metadataOf = new Map(records.map((record) => [record?.id, record?.metadata]));
  const spans = pieces.map(({ file, whole }) => ({ documentId: file.documentId, span: spanOf(whole) }));
  const texts = spans.length === 0 ? [] : await store.readSpans(collection, spans, call);
  return pieces.map((placed, index) => ({
    ...toHit(placed, { text: texts[index] ?? null, metadata: metadataOf.get(placed.file.documentId) }),
    rank: index + 1,
  }));
}

/** The pieces of the places, each with its definition; a place whose piece was taken before, or is gone, is left out. */
function takePieces(
  places: readonly RankedPlace[],
  { chunksOf, ...context }: PlaceContext & { readonly chunksOf: ReadonlyMap<string, readonly Chunk[]> },
): readonly PlacedPiece[] {
  const taken = new Set(context.exclude);
  return places.flatMap((ranked) => {
    const chunks = chunksOf.get(ranked.file.documentId) ?? [];
    const piece = chunks.find(({ span, text }) => span.start === ranked.place.span.start && text === ranked.place.text);
    if (piece === undefined || taken.has(piece.id)) return [];
    const whole = wholeDefinition(piece, {
      chunks,
      budget: DEFINITION_TOKENS,
      tokensOf: ({ text }) => context.countTokens(text),
      exclude: taken,
    });
    for (const { id } of whole) taken.add(id);
    return [{ ...ranked, piece, whole }];
  });
}

/** The hit of a piece; `text` is the stored text of its whole definition, null if there is none. */
function toHit(
  { file, piece, whole, score }: PlacedPiece,
  { text, metadata }: { readonly text: string | null; readonly metadata: DocumentMetadata | undefined },
): Omit<Hit, "rank"> {
  // While a file is being replaced its text may be missing for a moment: then its piece stands alone.
  const isWhole = text !== null && text.includes(piece.text);
  const chunks = isWhole ? whole : [piece];
  return {
    score,
    root: file.root,
    source: file.source,
    title: piece.title,
    lines: { start: chunks[0]?.lines.start ?? piece.lines.start, end: chunks.at(-1)?.lines.end ?? piece.lines.end },
    span: spanOf(chunks),
    page: piece.page,
    language: file.language,
    symbol: piece.symbol,
    text: isWhole ? text : piece.text,
    scores: { dense: null, lexical: null, sentence: null },
    documentId: file.documentId,
    chunkIds: chunks.map(({ id }) => id),
    ...(metadata === undefined ? {} : { metadata }),
  };
}

function spanOf(chunks: readonly Chunk[]): Hit["span"] {
  return { start: chunks[0]?.span.start ?? 0, end: chunks.at(-1)?.span.end ?? 0 };
}
