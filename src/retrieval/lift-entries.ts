import { CODE_LANGUAGES } from "../domain/code.ts";
import { isHistory } from "./discount-history.ts";
import { entryPattern } from "./question/asked-names.ts";
import { compareScored, liftScore, type ScoredChunk } from "./score-candidates.ts";

/** What the score of a chunk gains that holds the entry for a name. */
const GAIN = 0.35;

/**
 * Lifts the chunks with the entry for a name that the question asks about, such as an option or a setting: it stands
 * once as what is explained, and in many places where it is only used. Without names, nothing changes.
 */
export function liftEntries(ranking: readonly ScoredChunk[], names: readonly string[]): readonly ScoredChunk[] {
  const [best] = ranking;
  if (names.length === 0 || best === undefined) return ranking;
  const patterns = names.map(entryPattern);
  const holds = ({ chunk: { text, heading, language, source } }: ScoredChunk): boolean => {
    // A note about a release begins with the name, too.
    if (CODE_LANGUAGES.has(language) || isHistory(source)) return false;
    const section = heading?.split(" > ").at(-1) ?? "";
    return patterns.some((pattern) => pattern.test(text) || pattern.test(`# ${section}`));
  };
  return ranking
    .map((scored) =>
      holds(scored) ? { ...scored, score: liftScore(scored.score, { gain: GAIN, best: best.score }) } : scored,
    )
    .toSorted(compareScored);
}
