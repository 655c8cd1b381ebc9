import { analyse } from "../../lexical/analyse.ts";

/** "What happens when a gate is shut?": the case is what stands behind. */
const ASKS = /\bwhat(?: \w+)? happen(?:s|ed)? (?:when|if|to|with|after|during|once|while)\s+([^?]*)/i;
/** "When a gate is shut, …": the case up to the next comma. */
const CASES = /\b(?:when|if|while|once|after|unless|as soon as|whenever)\b([^,;:.!?]*)/gi;
/** What naming any case counts, since an answer may name it in other words. */
const ANY_CASE = 0.4;

/**
 * For a question what happens in a case, the function that tells how much of the case a sentence names as one: "When a
 * gate is shut, water rises" does so for "what happens when a gate is shut", and "Gates are kept until they are shut"
 * less. Null for another question.
 */
export function caseShare(question: string): ((sentence: string) => number) | null {
  const wanted = new Set(analyse(ASKS.exec(question)?.[1] ?? ""));
  if (wanted.size === 0) return null;
  return (sentence) => {
    const shares = Array.from(sentence.matchAll(CASES), ([, words = ""]) => {
      const own = new Set(analyse(words));
      return [...wanted].filter((term) => own.has(term)).length / wanted.size;
    });
    return shares.length === 0 ? 0 : ANY_CASE + (1 - ANY_CASE) * Math.max(...shares);
  };
}
