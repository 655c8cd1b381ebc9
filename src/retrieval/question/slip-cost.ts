import { editDistance } from "../../domain/edit-distance.ts";
import { neighbouringKeys } from "../../lexical/neighbouring-keys.ts";

/** From so many letters on, words may differ in any one letter: hardly another word is that similar. */
const LONG = 8;
/** From so many letters on, words may differ in two. */
const LONGER = 10;

const VOWELS = "aeiouy";

/**
 * How unlikely a slip is that leads from the word meant to the word written; null if people do not make it. Slips of
 * short words are swapped neighbours, a letter left out or doubled, the key beside the right one, and a vowel for
 * another; words of eight letters may have any one letter wrong, words of ten two. The first letter is right, or
 * swapped.
 */
export function slipCost(written: string, meant: string): number | null {
  const isBegunAlike = written[0] === meant[0] || (written[0] === meant[1] && written[1] === meant[0]);
  if (!isBegunAlike || written === meant) return null;
  const shorter = Math.min(written.length, meant.length);
  const distance = editDistance(written, meant, shorter >= LONGER ? 2 : 1);
  if (distance === 2) return shorter >= LONGER ? 3 : null;
  if (distance > 2) return null;
  if (written.length < meant.length) return isDoubled(meant, differenceAt(written, meant)) ? 0.9 : 1;
  if (written.length > meant.length) {
    if (isDoubled(written, differenceAt(meant, written))) return 0.9;
    return shorter >= LONG ? 1.5 : null;
  }
  const at = differenceAt(written, meant);
  const [wrong = "", right = ""] = [written[at], meant[at]];
  if (written[at + 1] !== meant[at + 1]) return 1;
  if (neighbouringKeys(wrong).includes(right) || (VOWELS.includes(wrong) && VOWELS.includes(right))) return 1.1;
  return shorter >= LONG ? 1.5 : null;
}

/** The first place at which two words differ; the end of the shorter one if the longer one begins with it. */
function differenceAt(shorter: string, longer: string): number {
  let at = 0;
  while (at < shorter.length && shorter[at] === longer[at]) at += 1;
  return at;
}

function isDoubled(word: string, at: number): boolean {
  return word[at] === word[at - 1];
}
