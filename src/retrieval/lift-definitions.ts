import { CODE_LANGUAGES } from "../domain/code.ts";
import { wholeSentences } from "../lexical/wrapped-lines.ts";
import { isDefinition } from "./question/definition.ts";
import { compareScored, liftScore, type ScoredChunk } from "./score-candidates.ts";

/** What a chunk gains that says what the subject of a question is. */
const GAIN = 0.35;

/**
 * For a question what `subject` is, lifts the chunks that define it: where the name of a program stands in every chunk of
 * its documentation, words and vectors alone find any of them. Null, for another question, changes nothing.
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
