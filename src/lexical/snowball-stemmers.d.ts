declare module "snowball-stemmers" {
  /** A stemmer of one language. */
  interface Stemmer {
    stem(word: string): string;
  }
  const snowball: { newStemmer(language: string): Stemmer };
  // oxlint-disable-next-line import/no-default-export -- the package is CommonJS.
  export default snowball;
}
