import type { Passage } from "../../domain/answer.ts";
import { CODE_LANGUAGES } from "../../domain/code.ts";
import { analyse } from "../../lexical/analyse.ts";
import { answerCues, asksForCode } from "./answer-type.ts";
import { asksForHistory, isHistory } from "../../retrieval/discount-history.ts";
import { findDate } from "../../retrieval/question/date-wording.ts";
import { subjectOf } from "../../retrieval/question/definition.ts";
import { createNamedEntries, LABELLED } from "./named-entry.ts";
import { takesUp } from "./leaning-sentence.ts";
import { headingsOfOtherSide, opposition } from "./opposition.ts";
import { lastHeading, type PassageSentence } from "./passage-sentence.ts";
import { createEchoTest } from "./pasted-message.ts";
import { questionContent } from "./question-content.ts";
import {
  framesLetter,
  isQuestion,
  isRunInTitle,
  leadsAway,
  namesOnly,
  saysNothing,
  wantedNames,
} from "./says-nothing.ts";

/** A sentence with how well it answers. */
export interface ScoredSentence {
  readonly sentence: PassageSentence;
  readonly score: number;
  /** Share of the question's idf in the sentence; words of its neighbours and headings count half. */
  readonly coverage: number;
  /** Cosine of the question and the sentence under its headings; 0 where it was not embedded. */
  readonly similarity: number;
  /** Whether it is an instruction about something that is not what the question is about: "Use it in a container." */
  readonly isAdrift: boolean;
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
  /** Cosine of the question and each sentence under its headings, where an embedder is at hand. */
  readonly similarities?: readonly number[] | undefined;
}

// Weights of a listwise regression over questions on Wikipedia and on medical papers, rounded; SQuAD and the handbook only
// checked them. `npm run eval -- extractive` measures.
const COVERAGE_WEIGHT = 2;
const SIMILARITY_WEIGHT = 1.65;
const PASSAGE_WEIGHT = 1;
/** What a sentence loses that takes up something else than what the question is about. */
const LEANING_PENALTY = 0.4;
/** What a line of code loses where nobody asked how to do something: in source code, and as an example in prose. */
const CODE_PENALTY = 0.8;
const EXAMPLE_PENALTY = 1.6;
/** What a sentence gains that introduces a block of code, where somebody did. */
const SHOWN_WEIGHT = 0.2;
/** What one of the first two sentences of a section gains where the question asks what the section's subject is. */
const LEAD_WEIGHT = 0.3;
/** What a sentence loses that says nothing by itself. */
const NOTHING_PENALTY = 1;
/** What a line loses that only names something, where no name was asked for. */
const NAMES_PENALTY = 2;
/** What a sentence loses under a heading that denies what the question asks for, or says what it denies. */
const OTHER_SIDE_PENALTY = 0.8;
/** What each further sentence under a day loses where the question is about that day as a whole, up to so many. */
const ORDER_PENALTY = 0.1;
const MOST_ORDERED = 10;
const NONE: ReadonlySet<string> = new Set();
/** What a sentence loses among links to other pages. */
const AWAY_PENALTY = 0.4;
/** What a line such as "Default: 40" loses below the heading of something else than the question names. */
const OTHER_PENALTY = 0.6;
/** What a sentence loses that only repeats a message that was pasted. */
const ECHO_PENALTY = 0.8;
/** What a sentence of notes about a release loses where nobody asked what changed. */
const HISTORY_PENALTY = 0.3;
/** Words that its heading may have beside the subject. */
const MOST_BESIDE = 2;
/** What a term counts that stands in the sentence before: often its subject, which a pronoun takes up. */
const PREVIOUS_SHARE = 0.45;
/** What a term counts that stands in the sentence after or in the headings. */
const NEAR_SHARE = 0.3;
/** What a term counts that stands in the headings over an entry such as "Default: 40", which tells of its heading only. */
const ENTRY_SHARE = 0.9;
const ASKS_WHO_IS = /^\s*(?:and )?who(?:['’]s| is| was)\b/i;
/** Questions that no such entry answers: why, and how, unless for an amount. */
const ASKS_TO_EXPLAIN =
  /\b(?:why|how come)\b|^\s*(?:and )?how (?!(?:much|many|long|often|old|big|large|far|fast|high|tall|wide|heavy|late|early|soon)\b)/i;
/**
 * What a term counts that stands in the question before, as in a list of frequent questions: its answer need not repeat
 * it.
 */
const ASKED_SHARE = 0.8;
/** The same for {@link ScoredSentence.coverage}. */
const COVERAGE_SHARE = 0.5;

/** Sentences with their scores, best first; headings, fences and what frames a letter answer nothing and are left out. */
export function scoreSentences(
  sentences: readonly PassageSentence[],
  { question, idf, similarities }: ScoreSentencesOptions,
): readonly ScoredSentence[] {
  const terms = sentences.map(({ text }) => new Set(analyse(text)));
  const weigh = idf ?? idfWithin(terms);
  const weights = new Map([...new Set(contentTerms(question))].map((term) => [term, weigh(term)]));
  const total = [...weights.values()].reduce((sum, weight) => sum + weight, 0);
  const top = Math.max(...sentences.map(({ passage }) => passage.hit.score));
  const cues = answerCues(question);
  const opposes = opposition(question);
  const otherSide = headingsOfOtherSide(question, new Set(sentences.map(lastHeading)));
  const wantsCode = asksForCode(question);
  const wanted = wantedNames(question);
  const subject = new Set(analyse(subjectOf(question) ?? ""));
  const day = findDate(question);
  const dayTerms = new Set(analyse(day?.words ?? ""));
  // "What happened on 14 June 2025?" is answered by the beginning of what stands under that day.
  const isAboutDay = day !== null && [...weights.keys()].every((term) => dayTerms.has(term));
  const asksWhoIs = ASKS_WHO_IS.test(question);
  const entries = !ASKS_TO_EXPLAIN.test(question);
  const named = createNamedEntries(question);
  const wantsHistory = asksForHistory(question);
  const echoes = createEchoTest(question);
  return sentences
    .flatMap((sentence, index): ScoredSentence[] => {
      if (sentence.kind === "heading" || sentence.kind === "fence" || framesLetter(sentence, wanted)) return [];
      if (sentence.kind === "setting" && !namesSetting(sentence, weights)) return [];
      const similarity = similarities?.[index] ?? 0;
      const isNamed = named.hold(sentences, index);
      const isOfPerson = asksWhoIs && isLead(sentences, index) && isCalled(sentence, subject);
      const isOfDay = day !== null && isOfDate(sentence, day.iso);
      const held = isOfDay ? dayTerms : NONE;
      const covered = cover({ sentences, terms, weights, entries, index, isNamed: isNamed || isOfPerson, held });
      const [before, next] = [sentences[index - 1], sentences[index + 1]];
      const isAdrift = sentence.kind !== "code" && !covered.isSupported && takesUp(sentence.text);
      const score =
        (COVERAGE_WEIGHT * covered.ranking) / Math.max(total, Number.MIN_VALUE) +
        SIMILARITY_WEIGHT * similarity +
        PASSAGE_WEIGHT * (sentence.passage.hit.score - top) +
        (isAdrift ? -LEANING_PENALTY : 0) +
        (sentence.kind === "code" && !wantsCode ? -codePenalty(sentence) : 0) +
        (wantsCode && next?.kind === "fence" && next.passage === sentence.passage ? SHOWN_WEIGHT : 0) +
        (saysNothing(sentence, before) || isRunInTitle(sentence, next)
          ? -NOTHING_PENALTY
          : leadsAway(sentence)
            ? -AWAY_PENALTY
            : 0) +
        (!wantsHistory && isHistory(sentence.passage.hit.source) ? -HISTORY_PENALTY : 0) +
        (named.leaveOut(sentence) ? -OTHER_PENALTY : 0) +
        (echoes(terms[index] ?? new Set()) ? -ECHO_PENALTY : 0) +
        (namesOnly(sentence, wanted) ? -NAMES_PENALTY : 0) +
        (isNamed ? named.gain(sentence) : isLead(sentences, index) && isHeadedBy(sentence, subject) ? LEAD_WEIGHT : 0) +
        cues.reduce((sum, { weight, share }) => sum + weight * share(sentence.text), 0) -
        opposes(sentence.text) -
        (isAboutDay && isOfDay ? ORDER_PENALTY * Math.min(sentence.position, MOST_ORDERED) : 0) -
        (otherSide.has(lastHeading(sentence)) ? OTHER_SIDE_PENALTY : 0);
      const coverage = total === 0 ? 0 : covered.share / total;
      const own = terms[index] ?? new Set<string>();
      const hasOwnTerms = [...weights.keys()].some((term) => own.has(term));
      return [{ sentence, score, coverage, similarity, isAdrift, hasOwnTerms, terms: own }];
    })
    .toSorted((left, right) => right.score - left.score);
}

/** Whether the question asks for a setting by its name: "birthday: 1951-11-23" answers nobody else. */
function namesSetting({ text }: PassageSentence, asked: ReadonlyMap<string, number>): boolean {
  const names = analyse(text.slice(0, text.indexOf(":")));
  return names.length > 0 && names.every((name) => asked.has(name));
}

/** Whether a sentence is one of the first two under its heading, where most texts say what the section is about. */
function isLead(sentences: readonly PassageSentence[], index: number): boolean {
  const [sentence, before, earlier] = [sentences[index], sentences[index - 1], sentences[index - 2]];
  if (sentence?.kind !== "prose" || before?.passage !== sentence.passage) return false;
  return before.kind === "heading" || (before.kind === "prose" && earlier?.kind === "heading");
}

/** Whether the heading right above a sentence is about something, and about little else. */
function isHeadedBy({ headings }: PassageSentence, subject: ReadonlySet<string>): boolean {
  const heading = new Set(analyse(lastHeading({ headings })));
  const common = [...subject].filter((term) => heading.has(term)).length;
  return subject.size > 0 && common === subject.size && heading.size <= subject.size + MOST_BESIDE;
}

/** Whether a document's title has a day, or a day of a month: "Minutes 2025 06 14". */
function isOfDate({ passage }: PassageSentence, iso: string): boolean {
  const numbers = (passage.hit.title ?? "").replaceAll(/\D+/g, "-");
  return `-${numbers}-`.includes(`-${iso}-`);
}

/** Whether a document is called after somebody, perhaps with a remark: "Mara Quist (neighbour)". */
function isCalled({ passage }: PassageSentence, subject: ReadonlySet<string>): boolean {
  const title = new Set(analyse((passage.hit.title ?? "").replaceAll(/\([^)]*\)/g, " ")));
  return subject.size > 0 && title.size === subject.size && [...subject].every((term) => title.has(term));
}

function codePenalty({ passage }: PassageSentence): number {
  return CODE_LANGUAGES.has(passage.hit.language) ? CODE_PENALTY : EXAMPLE_PENALTY;
}

function contentTerms(question: string): readonly string[] {
  const terms = analyse(questionContent(question));
  return terms.length === 0 ? analyse(question) : terms;
}

interface Cover {
  readonly ranking: number;
  readonly share: number;
  /** Whether the sentence before or a heading holds words of the question that the sentence itself leaves out. */
  readonly isSupported: boolean;
}

/** The question's weight in a sentence and around it: as it ranks sentences, and as it tells whether there is an answer. */
function cover({
  sentences,
  terms,
  weights,
  entries,
  index,
  isNamed,
  held,
}: {
  readonly sentences: readonly PassageSentence[];
  readonly terms: readonly ReadonlySet<string>[];
  readonly weights: ReadonlyMap<string, number>;
  /** Whether an entry counts the words of its headings almost like its own. */
  readonly entries: boolean;
  readonly index: number;
  /**
   * Whether the sentence begins the entry for a name of the question, or the document about a person that it asks about:
   * then its headings speak for it.
   */
  readonly isNamed: boolean;
  /** Terms that its document holds for all of its sentences, such as its day's. */
  readonly held: ReadonlySet<string>;
}): Cover {
  const own = sentences[index];
  const around = (other: number): ReadonlySet<string> =>
    samePassage(sentences[other]?.passage, own?.passage) ? (terms[other] ?? new Set()) : new Set();
  const [before, after, headings] = [around(index - 1), around(index + 1), new Set(analyse(own?.headings ?? ""))];
  let ranking = 0;
  let share = 0;
  let isSupported = false;
  let isWhole = true;
  const previous = sentences[index - 1];
  const isAsked = previous !== undefined && isQuestion(previous);
  const isEntry = own !== undefined && own.kind !== "code" && (isNamed || (entries && LABELLED.test(own.text)));
  for (const [term, weight] of weights) {
    const isHeaded = isEntry && headings.has(term);
    const isOwn = terms[index]?.has(term) === true || held.has(term);
    const isBefore = before.has(term);
    const isNear = isBefore || after.has(term) || headings.has(term);
    ranking +=
      weight *
      (isOwn
        ? 1
        : isHeaded
          ? ENTRY_SHARE
          : isBefore
            ? isAsked
              ? ASKED_SHARE
              : PREVIOUS_SHARE
            : isNear
              ? NEAR_SHARE
              : 0);
    isSupported ||= !isOwn && (isBefore || headings.has(term));
    isWhole &&= isOwn;
    share += weight * (isOwn ? 1 : isHeaded ? ENTRY_SHARE : isNear ? COVERAGE_SHARE : 0);
  }
  return { ranking, share, isSupported: isSupported || isWhole };
}

function samePassage(left: Passage | undefined, right: Passage | undefined): boolean {
  return left !== undefined && left === right;
}

/** Sentences without any of the terms, added so that a handful of sentences on one subject does not make it worthless. */
const SMOOTHING = 50;

function idfWithin(terms: readonly ReadonlySet<string>[]): (term: string) => number {
  const count = terms.length + SMOOTHING;
  return (term) => {
    const frequency = terms.filter((one) => one.has(term)).length;
    return Math.log(1 + (count - frequency + 0.5) / (frequency + 0.5));
  };
}
