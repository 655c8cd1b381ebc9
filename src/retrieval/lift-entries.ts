import { HEADING_SEPARATOR } from "../domain/chunk.ts";
import { CODE_LANGUAGES } from "../domain/code.ts";
import { isHistory } from "./discount-history.ts";
import { entryPattern } from "./question/asked-names.ts";
import { liftWhere, type ScoredChunk } from "./scored-chunk.ts";

/** What the score of a chunk gains that holds the entry for a name. */
const GAIN = 0.35;

/**
 * Lifts the chunks with the entry for a name that the question asks about, such as an option or a setting: it stands
 * once as what is explained, and in many places where it is only used. Without names, nothing changes.
 */
export function liftEntries(ranking: readonly ScoredChunk[], names: readonly string[]): readonly ScoredChunk[] {
  if (names.length === 0) return ranking;
  const patterns = names.map(entryPattern);
  const holds = ({ chunk: { text, heading, language, source } }: ScoredChunk): boolean => {
    // A note about a release begins with the name, too.
    if (CODE_LANGUAGES.has(language) || isHistory(source)) return false;
    const section = heading?.split(HEADING_SEPARATOR).at(-1) ?? "";
    return patterns.some((pattern) => pattern.test(text) || pattern.test(`# ${section}`));
  };
  return liftWhere(holds, { ranking, gain: GAIN });
}
