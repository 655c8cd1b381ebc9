import { CODE_LANGUAGES } from "../domain/code.ts";
import { wholeSentences } from "../lexical/wrapped-lines.ts";
import { isDefinition } from "./question/definition.ts";
import { compareScored, liftScore, type ScoredChunk } from "./score-candidates.ts";

/** What the score of a chunk that defines the subject gains. */
const GAIN = 0.35;

/**
 * Lifts the chunks that define `subject`, for a question that asks what it is: a program's name may stand in every
 * chunk of its documentation, so that words and vectors alone find any of them. With null for the subject, nothing
 * changes.
 */
export function liftDefinitions(ranking: readonly ScoredChunk[], subject: string | null): readonly ScoredChunk[] {
  const [best] = ranking;
  if (subject === null || best === undefined) return ranking;
  return ranking
    .map((scored) =>
      defines(scored, subject)
        ? { ...scored, score: liftScore(scored.score, { gain: GAIN, best: best.score }) }
        : scored,
    )
    .toSorted(compareScored);
}

function defines({ chunk: { text, language } }: ScoredChunk, subject: string): boolean {
  if (CODE_LANGUAGES.has(language)) return false;
  return wholeSentences(text).some(({ start, end }) => isDefinition(text.slice(start, end), subject));
}
