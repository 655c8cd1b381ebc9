import { readAskedWords, writtenWords } from "../../retrieval/question/asked-words.ts";

/** From this share on, another word says what the question's says. */
const SAYS_IT = 0.8;

/** Reads the terms of a question in other forms of its words. */
export interface RelatedTerms {
  /** The terms of a text, and those of the question that it has in another form. */
  add(terms: ReadonlySet<string>, text: string): ReadonlySet<string>;
  /** What of a term of the question a text says in other words, from 0 to 1: "Frist" is a part of "Kündigungsfrist". */
  shareOf(term: string, text: string): number;
}

/**
 * Relates the words of texts to those of a question in German, French or Spanish, by their forms, and German ones by the
 * parts of compounds, since terms are made by English rules; for a question in English nothing is related.
 */
export function createRelatedTerms(question: string, terms: Iterable<string>): RelatedTerms {
  const asked = readAskedWords(question);
  if (asked === null) return { add: (own) => own, shareOf: () => 0 };
  const wanted = [...terms];
  const shares = new Map<string, ReadonlyMap<string, number>>();
  const sharesOf = (text: string): ReadonlyMap<string, number> => {
    const known = shares.get(text);
    if (known !== undefined) return known;
    const words = writtenWords(text);
    const own = new Map(wanted.map((term) => [term, asked.shareOf(term, words)]));
    shares.set(text, own);
    return own;
  };
  return {
    add: (own, text) => {
      const said = [...sharesOf(text)].flatMap(([term, share]) => (share >= SAYS_IT ? [term] : []));
      return new Set([...own, ...said]);
    },
    shareOf: (term, text) => sharesOf(text).get(term) ?? 0,
  };
}
