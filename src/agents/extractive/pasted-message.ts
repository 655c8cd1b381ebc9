import { analyse } from "../../lexical/analyse.ts";

const MESSAGE = /\b(?:errors?|warnings?|exception|fatal|failed|cannot|can['’]t|not)\b|(?:Error|Warning|Exception)\b/i;
const ASKS =
  /\?|^\s*(?:how|what|why|when|where|which|who|is|are|do|does|did|can|could|should|will|list|show|explain)\b/i;
/** Words that a sentence may have beside the message, and still only repeats it. */
const MOST_BESIDE = 2;

/**
 * Makes the test whether a sentence, by its terms, says no more than a message of some program does that was pasted
 * instead of a question: what to do about it stands elsewhere.
 */
export function createEchoTest(question: string): (terms: ReadonlySet<string>) => boolean {
  if (ASKS.test(question) || !MESSAGE.test(question)) return () => false;
  const own = new Set(analyse(question));
  return (terms) => terms.size > MOST_BESIDE && [...terms].filter((term) => !own.has(term)).length <= MOST_BESIDE;
}
