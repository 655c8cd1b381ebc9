import { CODE_LANGUAGES } from "../domain/code.ts";
import { wholeSentences } from "../lexical/wrapped-lines.ts";
import { isDefinition } from "./question/definition.ts";
import { liftWhere, type ScoredChunk } from "./scored-chunk.ts";

/** What the score of a chunk that defines the subject gains. */
const GAIN = 0.35;

/**
 * Lifts the chunks that define one of the subjects, for a question that asks what they are: a program's name may stand
 * in every chunk of its documentation, so that words and vectors alone find any of them. Without subjects, nothing
 * changes.
 */
export function liftDefinitions(ranking: readonly ScoredChunk[], subjects: readonly string[]): readonly ScoredChunk[] {
  if (subjects.length === 0) return ranking;
  return liftWhere((scored) => defines(scored, subjects), { ranking, gain: GAIN });
}

function defines({ chunk: { text, language } }: ScoredChunk, subjects: readonly string[]): boolean {
  if (CODE_LANGUAGES.has(language)) return false;
  return wholeSentences(text).some(({ start, end }) => {
    const sentence = text.slice(start, end);
    return subjects.some((subject) => isDefinition(sentence, subject));
  });
}
