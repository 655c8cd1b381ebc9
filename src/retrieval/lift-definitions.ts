import { CODE_LANGUAGES } from "../domain/code.ts";
import { wholeSentences } from "../lexical/wrapped-lines.ts";
import { isDefinition } from "./question/definition.ts";
import { compareScored, liftScore, type ScoredChunk } from "./score-candidates.ts";

/** What the score of a chunk that defines the subject gains. */
const GAIN = 0.35;

/**
 * Lifts the chunks that define one of the subjects, for a question that asks what they are: a program's name may stand
 * in every chunk of its documentation, so that words and vectors alone find any of them. Without subjects, nothing
 * changes.
 */
export function liftDefinitions(ranking: readonly ScoredChunk[], subjects: readonly string[]): readonly ScoredChunk[] {
  const [best] = ranking;
  if (subjects.length === 0 || best === undefined) return ranking;
  return ranking
    .map((scored) =>
      defines(scored, subjects)
        ? { ...scored, score: liftScore(scored.score, { gain: GAIN, best: best.score }) }
        : scored,
    )
    .toSorted(compareScored);
}

function defines({ chunk: { text, language } }: ScoredChunk, subjects: readonly string[]): boolean {
  if (CODE_LANGUAGES.has(language)) return false;
  return wholeSentences(text).some(({ start, end }) => {
    const sentence = text.slice(start, end);
    return subjects.some((subject) => isDefinition(sentence, subject));
  });
}
