import { posix } from "node:path";
import type { Chunk } from "../../domain/chunk.ts";
import { matchesMetadata } from "../../domain/document-metadata.ts";
import type { CallOptions, StoreFilter, VectorStore } from "../../store/vector-store.ts";
import type { CatalogueEntry, DocumentCatalogue } from "../document-catalogue.ts";
import { definedNames } from "./defined-names.ts";
import { pathMatcher, type PathMatch } from "./match-path.ts";
import { lastNames, type TaskPlace } from "./task-places.ts";

/**
 * What the file of the innermost place gains, as a share of the best file's score by its text; each further place gains
 * less.
 */
const PLACE_GAIN = 0.7;
const FURTHER = 0.75;
/** What the file of a place gains that is only mentioned. */
const MENTION_GAIN = 0.3;
/** How many paths are looked for; a text that names more of them is a log. */
const MOST_PATHS = 200;
/** How many files are read. */
const MOST_FILES = 8;
/** If more files end with a path, it does not tell which is meant. */
const MOST_ALIKE = 3;
/** How many pieces of one file are taken. */
const MOST_PIECES = 3;

/** The documents and pieces at the places that a task names. */
export interface FoundPlaces {
  /** The places that lie in documents of the collection. */
  readonly own: ReadonlySet<TaskPlace>;
  /** What a document's score gains from being named, by the document's id. */
  readonly gains: ReadonlyMap<string, number>;
  /** Ids of the documents in a stack trace or a report of errors. */
  readonly traced: ReadonlySet<string>;
  /** The pieces at the places, those of the innermost first. */
  readonly pieces: readonly Chunk[];
}

/** Options of {@link findPlaces}. */
export interface FindPlacesOptions extends CallOptions {
  readonly store: VectorStore;
  readonly collection: string;
  /** Documents of the collection. */
  readonly catalogue: DocumentCatalogue;
  /** Documents outside of it are not looked at. */
  readonly filter: StoreFilter;
}

/**
 * Finds the documents at the places that a task names, by the ends of their paths, since a trace comes from another
 * machine. The piece of a place is the one at its line, or if the function of the frame has moved, the one that defines
 * it.
 */
export async function findPlaces(places: readonly TaskPlace[], options: FindPlacesOptions): Promise<FoundPlaces> {
  const { store, collection, signal } = options;
  const call = { signal };
  const own = new Set<TaskPlace>();
  const gains = new Map<string, number>();
  const traced = new Set<string>();
  const pieces: Chunk[] = [];
  const found = { own, gains, traced, pieces };
  if (places.length === 0) return found;
  const candidates = await documentsAt(places, options);
  for (const [document, named] of candidates) {
    if (gains.size === MOST_FILES) break;
    const chunks = await store.listChunks(collection, document.id, call);
    const placed = named.map(({ place, isSure }) => ({ place, isSure, ...pieceAt(place, chunks) }));
    const held = placed.filter(({ isSure, isNamed }) => isSure || isNamed);
    if (held.length === 0) continue;
    const isTraced = held.some(({ place }) => place.isTraced);
    gains.set(document.id, isTraced ? Math.max(MENTION_GAIN, PLACE_GAIN * FURTHER ** traced.size) : MENTION_GAIN);
    if (isTraced) traced.add(document.id);
    const ofFile = new Set(held.flatMap(({ piece }) => (piece === null ? [] : [piece])));
    pieces.push(...[...ofFile].slice(0, MOST_PIECES));
    for (const { place } of held) own.add(place);
  }
  return found;
}

/** A place in a document whose path matches: surely, or only if the document defines the place's function. */
interface PlaceInDocument {
  readonly place: TaskPlace;
  readonly isSure: boolean;
}

/** The documents whose paths match best, in the order of the places, each with its places. */
async function documentsAt(
  places: readonly TaskPlace[],
  { catalogue, filter, signal }: FindPlacesOptions,
): Promise<ReadonlyMap<CatalogueEntry, readonly PlaceInDocument[]>> {
  const documents = await catalogue.list();
  signal?.throwIfAborted();
  const byName = Map.groupBy(documents, ({ source }) => posix.basename(source));
  const paths = [...new Set(places.map(({ path }) => path))].slice(0, MOST_PATHS);
  const found = new Map(
    paths.map((path) => {
      const alike = (byName.get(posix.basename(path)) ?? []).filter((document) => isIn(filter, document));
      return [path, bestMatches(path, alike)] as const;
    }),
  );
  const named = new Map<CatalogueEntry, PlaceInDocument[]>();
  for (const place of places) {
    for (const { document, match } of found.get(place.path) ?? []) {
      const known = named.get(document) ?? [];
      named.set(document, known);
      known.push({ place, isSure: match.isSure });
    }
  }
  return named;
}

/** The documents that share most of a path; none if there are too many to tell which is meant. */
function bestMatches(
  path: string,
  documents: readonly CatalogueEntry[],
): readonly { readonly document: CatalogueEntry; readonly match: PathMatch }[] {
  const matches = pathMatcher(path);
  if (matches === null) return [];
  const matching = documents.flatMap((document) => {
    const match = matches(document);
    return match === null ? [] : [{ document, match }];
  });
  const most = matching.reduce((best, { match }) => Math.max(best, match.shared), 0);
  const best = matching.filter(({ match }) => match.shared === most);
  return best.length > MOST_ALIKE ? [] : best;
}

function isIn(
  { documentIds, languages, roots, metadata = {} }: StoreFilter,
  { id, language, root, metadata: said }: CatalogueEntry,
): boolean {
  return (
    (documentIds?.includes(id) ?? true) &&
    (languages?.includes(language) ?? true) &&
    (roots?.includes(root) ?? true) &&
    matchesMetadata(said, metadata)
  );
}

/** The piece at a place's line, or if the place's function stands elsewhere by now, the piece that defines it. */
function pieceAt(
  { line, name }: TaskPlace,
  chunks: readonly Chunk[],
): { readonly piece: Chunk | null; readonly isNamed: boolean } {
  const at = line === null ? undefined : chunks.find(({ lines }) => lines.start <= line && line <= lines.end);
  const last = lastNames(name).at(-1);
  if (last === undefined) return { piece: at ?? null, isNamed: false };
  const isAbout = (chunk: Chunk): boolean => definedNames(chunk).includes(last);
  if (at !== undefined && isAbout(at)) return { piece: at, isNamed: true };
  const defining = chunks.find(isAbout);
  return { piece: defining ?? at ?? null, isNamed: defining !== undefined };
}
