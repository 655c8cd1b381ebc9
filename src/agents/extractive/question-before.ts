import type { PassageSentence } from "./passage-sentence.ts";
import { isQuestion } from "./says-nothing.ts";

/** How many sentences behind a question in a chat may answer it. */
const FURTHEST_ANSWER = 3;

/** The question at the end of what another person said before: the first sentences of a turn answer it. */
export function questionBefore(sentence: PassageSentence): PassageSentence | undefined {
  const { turn, siblings, position } = sentence;
  if (turn === undefined) return undefined;
  const at = siblings.slice(Math.max(0, position - FURTHEST_ANSWER), position).findLast((one) => one.turn !== turn);
  return at !== undefined && at.turn !== undefined && isQuestion(at) ? at : undefined;
}
