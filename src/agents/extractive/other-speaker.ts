import { analyse } from "../../lexical/analyse.ts";
import { speaksOfOneself } from "../../lexical/turns.ts";
import type { PassageSentence } from "./passage-sentence.ts";

/**
 * Makes the test whether a sentence is what somebody says of themselves whom the question does not name, although it names
 * somebody who speaks: "I adopted a cat", said by Jon, does not tell what Mara adopted.
 */
export function createOtherSpeakerTest(
  question: string,
  sentences: readonly PassageSentence[],
): (sentence: PassageSentence) => boolean {
  const asked = new Set(analyse(question));
  const isAsked = (name: string): boolean => analyse(name).some((term) => asked.has(term));
  const speakers = new Set(sentences.flatMap(({ turn }) => (turn === undefined ? [] : [turn.speaker])));
  const named = new Set([...speakers].filter(isAsked));
  if (named.size === 0) return () => false;
  return ({ turn, text }) => turn !== undefined && !named.has(turn.speaker) && speaksOfOneself(text);
}
