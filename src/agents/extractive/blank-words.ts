/** Words, with what may stand within one. */
export const WORD: RegExp = /[\p{L}\p{N}'’-]+/gu;

/** Makes the function that blanks out a question's words in a sentence. */
export function createBlanker(question: string): (sentence: string) => string {
  const known = new Set(question.toLowerCase().match(WORD));
  return (sentence) => sentence.replaceAll(WORD, (word) => (known.has(word.toLowerCase()) ? "_" : word));
}
