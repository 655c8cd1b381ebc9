import type { UseCases } from "../answering/use-cases.ts";
import type { Hit } from "../domain/hit.ts";
import { shareHeld } from "./answer-metrics.ts";
import { rowsOf, rowsWithin, type DocumentRow } from "./document-rows.ts";
import type { EvalQuestion } from "./eval-question.ts";
import type { FoundSpan, MeasuredReference } from "./eval-report.ts";
import { ndcgAt10, recallAt, reciprocalRank, type FoundRanks } from "./rank-metrics.ts";
import type { LabelResolver, ResolvedReference } from "./resolve-labels.ts";
import { coverage, precisionOmega, scoreSpans, type PlacedSpan } from "./span-metrics.ts";

/** What the measuring of one question needs. */
export interface MeasureParts {
  readonly useCases: Pick<UseCases, "searchCorpus" | "findCode" | "answerQuestion">;
  readonly question: EvalQuestion;
  /** Empty if some label of the question no longer fits. */
  readonly references: readonly ResolvedReference[];
  readonly resolver: LabelResolver;
  readonly collection: string;
  readonly signal?: AbortSignal;
}

/** The measures by name, and what was found. */
export interface Measured {
  readonly metrics: Readonly<Record<string, number>>;
  readonly found: readonly string[];
  readonly spans?: readonly FoundSpan[];
  readonly references?: readonly MeasuredReference[];
}

const RANKING = 10;
/** How many spans are ranked if whole documents are wanted, since several spans may be of one document. */
const DOCUMENT_RANKING = 30;
/** A result finds a reference if it holds at least this share of its characters. */
const FOUND_SHARE = 0.5;

/** Searches twice: for a ranking of ten to measure ranks, and as a user would to measure spans and refusals. */
export async function measureSearch(parts: MeasureParts): Promise<Measured> {
  const { useCases, question, references, collection, signal } = parts;
  const request = { query: question.question, collection, signal };
  const plain = await useCases.searchCorpus(request);
  const found = plain.hits.map(({ source, lines }) => `${source}:${lines.start}-${lines.end}`);
  const spans = plain.hits.map(foundSpan);
  const isRefused = plain.evidence === "none" ? 1 : 0;
  if (question.unanswerable) return { metrics: { rightRefusal: isRefused }, found, spans };
  const facts = question.facts.map((fact) => [fact]);
  const held = plain.hits.map(({ text }) => text).join("\n");
  const metrics = {
    wrongRefusal: isRefused,
    ...(facts.length === 0 ? {} : { factsHeld: shareHeld(held, facts) }),
  };
  if (references.length === 0) return { metrics, found, spans };
  const isWhole = references.every(({ unit }) => unit !== "passage");
  const { hits } = await useCases.searchCorpus({
    ...request,
    limit: isWhole ? DOCUMENT_RANKING : RANKING,
    stop: false,
  });
  const places = isWhole ? await unitPlaces(parts, hits) : references.map((one) => passagePlace(one, hits));
  return {
    metrics: {
      ...rankMetrics(places.map(({ rank }) => rank)),
      ...metrics,
      ...(isWhole ? {} : await spanMetrics(parts, plain.hits)),
    },
    found,
    spans,
    references: references.map((one, index) => measured(one, places[index])),
  };
}

/** Searches for the files of a task. */
export async function measureCode(parts: MeasureParts): Promise<Measured> {
  const { useCases, question, references, collection, signal } = parts;
  const call = { signal };
  const { files } = await useCases.findCode({ task: question.question, collection, limit: RANKING, ...call });
  const found = files.map(({ source }) => source);
  if (references.length === 0) return { metrics: {}, found };
  const places = references.map(({ documentId }): FoundPlace => {
    const index = files.findIndex((file) => file.documentId === documentId);
    return { rank: index === -1 ? null : index + 1, hit: null };
  });
  return {
    metrics: rankMetrics(places.map(({ rank }) => rank)),
    found,
    references: references.map((one, index) => measured(one, places[index])),
  };
}

/** The rank at which a reference was found, and the hit that holds it. */
interface FoundPlace {
  readonly rank: number | null;
  readonly hit: Hit | null;
}

const NOWHERE: FoundPlace = { rank: null, hit: null };

function rankMetrics(ranks: FoundRanks): Record<string, number> {
  return {
    recallAt1: recallAt(ranks, 1),
    recallAt5: recallAt(ranks, 5),
    recallAt10: recallAt(ranks, 10),
    mrr: reciprocalRank(ranks),
    ndcgAt10: ndcgAt10(ranks),
  };
}

/** Ranks among documents or rows: each counts at the first result that shows it. */
async function unitPlaces({ references, resolver }: MeasureParts, hits: readonly Hit[]): Promise<FoundPlace[]> {
  const rows = new Map<string, readonly DocumentRow[]>();
  for (const { documentId, unit } of references) {
    if (unit === "row") rows.set(documentId, rowsOf((await resolver.read(documentId))?.text ?? ""));
  }
  const places = new Map<string, FoundPlace>();
  let rank = 0;
  for (const hit of hits) {
    const labels = rows.has(hit.documentId) ? rowsWithin(rows.get(hit.documentId) ?? [], hit.span) : [""];
    const fresh = labels.map((label) => `${hit.documentId} ${label}`).filter((unit) => !places.has(unit));
    if (fresh.length > 0) rank += 1;
    if (rank > RANKING) break;
    // Rows in one result share its rank, as references in one passage do.
    for (const unit of fresh) places.set(unit, { rank, hit });
  }
  return references.map(({ documentId, span }) => {
    const label = rows.get(documentId)?.find(({ start }) => start === span?.start)?.label ?? "";
    return places.get(`${documentId} ${label}`) ?? NOWHERE;
  });
}

function passagePlace(reference: ResolvedReference, hits: readonly Hit[]): FoundPlace {
  const place = placeOf(reference);
  const index = hits.findIndex((hit) =>
    place === null ? hit.documentId === reference.documentId : coverage(place, placedHit(hit)) >= FOUND_SHARE,
  );
  return index === -1 ? NOWHERE : { rank: index + 1, hit: hits[index] ?? null };
}

async function spanMetrics(
  { references, resolver }: MeasureParts,
  hits: readonly Hit[],
): Promise<Record<string, number>> {
  const places = references.map(placeOf).filter((place) => place !== null);
  const { recall, precision, iou } = scoreSpans(places, hits.map(placedHit));
  const chunks: PlacedSpan[] = [];
  for (const documentId of new Set(places.map((place) => place.documentId))) {
    const content = await resolver.read(documentId);
    chunks.push(...(content?.chunks ?? []).map(({ span }) => ({ documentId, ...span })));
  }
  return { spanRecall: recall, spanPrecision: precision, precisionOmega: precisionOmega(places, chunks), iou };
}

function measured({ source, span, contentHash }: ResolvedReference, place: FoundPlace = NOWHERE): MeasuredReference {
  const { rank, hit } = place;
  const found = hit === null ? null : foundSpan(hit);
  return { source, start: span?.start ?? null, end: span?.end ?? null, rank, found, contentHash };
}

function foundSpan({ source, span, score, scores }: Hit): FoundSpan {
  const { dense, lexical, sentence } = scores;
  return { source, ...span, score, dense, lexical, sentence };
}

function placeOf({ documentId, span }: ResolvedReference): PlacedSpan | null {
  return span === null ? null : { documentId, ...span };
}

function placedHit({ documentId, span }: Hit): PlacedSpan {
  return { documentId, ...span };
}
