/** A word that continues in the next line, with what follows it up to the next space or line. */
const BROKEN_WORD = /(\p{L}+)[-\u00ad\u2010]\n(\p{Ll}+)([^\s\p{L}]*)(?:[ \n]|$)/gu;
const SOFT_HYPHEN = "\u00ad";
const WORD = /\p{L}+/gu;
const COMPOUND = /\p{L}+-\p{Ll}+/gu;

/**
 * Joins words that were hyphenated at the end of a line; the joined word stands where it began. A hyphen that belongs
 * to the word stays: if the text also writes it within a line, or if both parts are words of the text and the whole is
 * none.
 */
export function joinHyphenated(pages: readonly string[]): readonly string[] {
  if (!pages.some((page) => page.search(BROKEN_WORD) !== -1)) return pages;
  const words = new Set<string>();
  const compounds = new Set<string>();
  for (const page of pages) {
    // Broken words prove nothing about their own parts.
    const whole = page.replaceAll(BROKEN_WORD, " ");
    for (const [word] of whole.matchAll(WORD)) words.add(word.toLowerCase());
    for (const [compound] of whole.matchAll(COMPOUND)) compounds.add(compound.toLowerCase());
  }
  const belongs = (first: string, second: string): boolean => {
    if (compounds.has(`${first}-${second}`)) return true;
    return !words.has(first + second) && words.has(first) && words.has(second);
  };
  return pages.map((page) =>
    page.replaceAll(BROKEN_WORD, (broken: string, first: string, second: string, rest: string) => {
      const isSoft = broken.charAt(first.length) === SOFT_HYPHEN;
      const keeps = !isSoft && belongs(first.toLowerCase(), second.toLowerCase());
      return keeps ? broken : `${first}${second}${rest}\n`;
    }),
  );
}
