const IS_ASCII = /^[\u0020-\u007e]*$/;
const MARKS = /\p{M}+/gu;

/** A text in small letters without accents and other marks: "Müll" and "mull" are the same. */
export function plainLetters(text: string): string {
  return (IS_ASCII.test(text) ? text : text.normalize("NFKD").replaceAll(MARKS, "")).toLowerCase();
}
