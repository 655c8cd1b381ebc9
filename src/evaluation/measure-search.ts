import type { UseCases } from "../answering/use-cases.ts";
import type { Hit } from "../domain/hit.ts";
import { shareHeld } from "./answer-metrics.ts";
import type { EvalQuestion } from "./eval-question.ts";
import { ndcgAt10, recallAt, reciprocalRank, type FoundRanks } from "./rank-metrics.ts";
import type { LabelResolver, ResolvedReference } from "./resolve-labels.ts";
import { coverage, precisionOmega, scoreSpans, type PlacedSpan } from "./span-metrics.ts";

/** What measuring one question needs. */
export interface MeasureParts {
  readonly useCases: Pick<UseCases, "searchCorpus" | "findCode" | "answerQuestion">;
  readonly question: EvalQuestion;
  /** Empty where some label does not fit any more. */
  readonly references: readonly ResolvedReference[];
  readonly resolver: LabelResolver;
  readonly collection: string;
  readonly signal?: AbortSignal;
}

/** Measures by name, and what was found. */
export interface Measured {
  readonly metrics: Readonly<Record<string, number>>;
  readonly found: readonly string[];
}

const RANKING = 10;
/** Several spans of one document are one result where whole documents are meant. */
const DOCUMENT_RANKING = 30;
/** A result that holds this share of a reference's characters finds it. */
const FOUND_SHARE = 0.5;

/** Searches twice: a ranking of ten for the ranks, and as a user would for spans and refusals. */
export async function measureSearch(parts: MeasureParts): Promise<Measured> {
  const { useCases, question, references, collection, signal } = parts;
  const request = { query: question.question, collection, ...(signal === undefined ? {} : { signal }) };
  const plain = await useCases.searchCorpus(request);
  const found = plain.hits.map(({ source, lines }) => `${source}:${lines.start}-${lines.end}`);
  const isRefused = plain.evidence === "none" ? 1 : 0;
  if (question.unanswerable) return { metrics: { rightRefusal: isRefused }, found };
  const held = plain.hits.map(({ text }) => text).join("\n");
  const metrics = {
    wrongRefusal: isRefused,
    ...(question.facts.length === 0
      ? {}
      : {
          factsHeld: shareHeld(
            held,
            question.facts.map((fact) => [fact]),
          ),
        }),
  };
  if (references.length === 0) return { metrics, found };
  const isWhole = references.every(({ span }) => span === null);
  const ranking = await useCases.searchCorpus({ ...request, limit: isWhole ? DOCUMENT_RANKING : RANKING, stop: false });
  const ranks = isWhole
    ? documentRanks(
        references,
        ranking.hits.map(({ documentId }) => documentId),
      )
    : references.map((reference) => passageRank(reference, ranking.hits));
  return {
    metrics: { ...rankMetrics(ranks), ...metrics, ...(isWhole ? {} : await spanMetrics(parts, plain.hits)) },
    found,
  };
}

/** Searches for the files of a task. */
export async function measureCode({
  useCases,
  question,
  references,
  collection,
  signal,
}: MeasureParts): Promise<Measured> {
  const call = signal === undefined ? {} : { signal };
  const { files } = await useCases.findCode({ task: question.question, collection, limit: RANKING, ...call });
  const found = files.map(({ source }) => source);
  if (references.length === 0) return { metrics: {}, found };
  return {
    metrics: rankMetrics(
      documentRanks(
        references,
        files.map(({ documentId }) => documentId),
      ),
    ),
    found,
  };
}

function rankMetrics(ranks: FoundRanks): Record<string, number> {
  return {
    recallAt1: recallAt(ranks, 1),
    recallAt5: recallAt(ranks, 5),
    recallAt10: recallAt(ranks, 10),
    mrr: reciprocalRank(ranks),
    ndcgAt10: ndcgAt10(ranks),
  };
}

function documentRanks(references: readonly ResolvedReference[], ranking: readonly string[]): FoundRanks {
  const distinct = [...new Set(ranking)];
  return references.map(({ documentId }) => {
    const index = distinct.indexOf(documentId);
    return index === -1 || index >= RANKING ? null : index + 1;
  });
}

function passageRank(reference: ResolvedReference, hits: readonly Hit[]): number | null {
  const place = placeOf(reference);
  const index = hits.findIndex((hit) =>
    place === null ? hit.documentId === reference.documentId : coverage(place, placedHit(hit)) >= FOUND_SHARE,
  );
  return index === -1 ? null : index + 1;
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

function placeOf({ documentId, span }: ResolvedReference): PlacedSpan | null {
  return span === null ? null : { documentId, ...span };
}

function placedHit({ documentId, span }: Hit): PlacedSpan {
  return { documentId, ...span };
}
