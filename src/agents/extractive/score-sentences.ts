import { analyse } from "../../lexical/analyse.ts";
import { inverseFrequency } from "../../lexical/term-weights.ts";
import { readAskedDate } from "../../retrieval/asked-date.ts";
import { isAddressAlone, mayAskForAddress, withoutAddresses } from "./addresses.ts";
import { createNamedEntries } from "./named-entry.ts";
import { beside, type PassageSentence } from "./passage-sentence.ts";
import { createRelatedTerms } from "./related-terms.ts";
import { questionContent } from "./question-content.ts";
import { framesLetter, wantedNames } from "./says-nothing.ts";
import { createCoverage } from "./sentence-coverage.ts";
import { sentenceCues } from "./sentence-cues.ts";

/** A sentence with how well it answers. */
export interface ScoredSentence {
  readonly sentence: PassageSentence;
  readonly score: number;
  /** Share of the question's idf in the sentence; words of its neighbours and headings count half. */
  readonly coverage: number;
  /** Cosine of the question and the sentence under its headings; 0 where it was not embedded. */
  readonly similarity: number;
  /** Whether a word of the question stands in it, and not only around it. */
  readonly hasOwnTerms: boolean;
  /** Its terms, to tell how much two sentences repeat each other. */
  readonly terms: ReadonlySet<string>;
}

/** Options of {@link scoreSentences}. */
export interface ScoreSentencesOptions {
  readonly question: string;
  /** Weight of a term. Default: from the sentences themselves. */
  readonly idf?: ((term: string) => number) | undefined;
}

// Weights of a listwise regression over questions on Wikipedia and on medical papers, rounded; SQuAD and the handbook only
// checked them. `npm run eval -- extractive` measures.
const COVERAGE_WEIGHT = 2;
/** For {@link ScoredSentence.similarity}, which {@link scoreSentences} does not know. */
export const SIMILARITY_WEIGHT = 1.65;
const PASSAGE_WEIGHT = 1;
const NONE: ReadonlySet<string> = new Set();

/** Sentences with their scores by words, best first; headings, fences, addresses alone and what frames a letter answer nothing and are left out. */
export function scoreSentences(
  sentences: readonly PassageSentence[],
  { question, idf }: ScoreSentencesOptions,
): readonly ScoredSentence[] {
  const keepsAddresses = mayAskForAddress(question);
  const wordsOf = keepsAddresses ? ({ text }: PassageSentence): string => text : withoutAddresses;
  const plainTerms = new Map(sentences.map((sentence) => [sentence, new Set(analyse(wordsOf(sentence)))] as const));
  const weigh = idf ?? idfWithin([...plainTerms.values()]);
  const weights = new Map([...new Set(contentTerms(question))].map((term) => [term, weigh(term)]));
  const related = createRelatedTerms(question, weights.keys());
  const terms = new Map(
    Array.from(plainTerms, ([sentence, own]) => [sentence, related.add(own, wordsOf(sentence))] as const),
  );
  const total = [...weights.values()].reduce((sum, weight) => sum + weight, 0);
  const top = Math.max(...sentences.map(({ passage }) => passage.hit.score));
  const day = readAskedDate(question);
  const dayTerms = day?.terms ?? NONE;
  const named = createNamedEntries(question);
  const wanted = wantedNames(question);
  const coverageOf = createCoverage({ terms, weights, related });
  const cues = sentenceCues(question, { sentences, named, wanted });
  return sentences
    .flatMap((sentence): ScoredSentence[] => {
      if (sentence.kind === "heading" || sentence.kind === "fence" || framesLetter(sentence, wanted)) return [];
      if (!keepsAddresses && isAddressAlone(sentence)) return [];
      if (sentence.kind === "setting" && !namesSetting(sentence, weights)) return [];
      const own = terms.get(sentence) ?? NONE;
      const isNamed = named.hold(sentence);
      const isLead = isFirstOrSecond(sentence);
      const isOfDay = day !== null && day.isDateOf(sentence.passage.hit);
      const covered = coverageOf(sentence, {
        isNamed,
        held: new Set([...(isOfDay ? dayTerms : []), ...speakerTerms(sentence)]),
      });
      const place = { sentence, terms: own, isLead, isNamed };
      const score = cues.reduce(
        (sum, { weight, share }) => sum + weight * share(place),
        (COVERAGE_WEIGHT * covered.ranking) / Math.max(total, Number.MIN_VALUE) +
          PASSAGE_WEIGHT * (sentence.passage.hit.score - top),
      );
      const coverage = total === 0 ? 0 : covered.share / total;
      const hasOwnTerms = [...weights.keys()].some((term) => own.has(term));
      return [{ sentence, score, coverage, similarity: 0, hasOwnTerms, terms: own }];
    })
    .toSorted((left, right) => right.score - left.score);
}

/** Whether the question asks for a setting by its name: "birthday: 1951-11-23" answers nobody else. */
function namesSetting({ text }: PassageSentence, asked: ReadonlyMap<string, number>): boolean {
  const names = analyse(text.slice(0, text.indexOf(":")));
  return names.length > 0 && names.every((name) => asked.has(name));
}

/** Whether a sentence is one of the first two under its heading, where most texts say what the section is about. */
function isFirstOrSecond(sentence: PassageSentence): boolean {
  const [before, earlier] = [beside(sentence, -1), beside(sentence, -2)];
  if (sentence.kind !== "prose") return false;
  return before?.kind === "heading" || (before?.kind === "prose" && earlier?.kind === "heading");
}

/** Who speaks is who says "I". */
function speakerTerms({ turn }: PassageSentence): ReadonlySet<string> {
  return turn === undefined ? NONE : new Set(analyse(turn.speaker));
}

function contentTerms(question: string): readonly string[] {
  const terms = analyse(questionContent(question));
  return terms.length === 0 ? analyse(question) : terms;
}

/** Sentences without any of the terms, added so that a handful of sentences on one subject does not make it worthless. */
const SMOOTHING = 50;

function idfWithin(terms: readonly ReadonlySet<string>[]): (term: string) => number {
  const count = terms.length + SMOOTHING;
  return (term) => {
    const frequency = terms.filter((one) => one.has(term)).length;
    return inverseFrequency(count, frequency);
  };
}
