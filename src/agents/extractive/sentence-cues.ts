import { analyse } from "../../lexical/analyse.ts";
import { asksForHistory, isHistory } from "../../retrieval/discount-history.ts";
import { subjectOf } from "../../retrieval/question/definition.ts";
import { answerCues, asksForCode } from "./answer-type.ts";
import type { NamedEntries } from "./named-entry.ts";
import { isPlumbing } from "./data-lines.ts";
import { createOppositionTest, headingsOfOtherSide } from "./opposition.ts";
import { createOtherSpeakerTest } from "./other-speaker.ts";
import { createOtherNumberTest } from "./other-number.ts";
import { isBareRow } from "./table-row.ts";
import { beside, lastHeading, type PassageSentence } from "./passage-sentence.ts";
import { labelledText } from "./sentence-label.ts";
import { isQuestion, namesOnly, saysNothing, type WantedNames } from "./says-nothing.ts";

/** A sentence with what is known of it before it is scored. */
export interface SentencePlace {
  readonly sentence: PassageSentence;
  readonly terms: ReadonlySet<string>;
  /** Whether it is one of the first two under its heading. */
  readonly isLead: boolean;
  /** Whether it begins the entry for a name of the question. */
  readonly isNamed: boolean;
}

/** What speaks for or against a sentence, beside the words of the question that it holds. */
export interface SentenceCue {
  /** What it adds to the score. */
  readonly weight: number;
  /** How much of it a sentence has; mostly 0 or 1. */
  readonly share: (place: SentencePlace) => number;
}

/** What the cues need beside the question. */
export interface CueOptions {
  readonly sentences: readonly PassageSentence[];
  readonly named: NamedEntries;
  readonly wanted: WantedNames;
}

/** What a sentence loses that says nothing by itself, and what a question of somebody else does. */
const NOTHING_PENALTY = 1;
const QUESTION_PENALTY = 2.5;
const HOW_TO = /\bhow (?:(?:do|can|would|should|could) (?:I|we|you|one)|to) (?<verb>\p{L}+)/iu;
/** `AssistantAgent`, `max_turns`, `--quiet`. */
const CODE_NAME = /(?<![\w-])(?:--[\w-]+|\w*\p{Ll}\p{Lu}\w*|\w+_\w+)/gu;
const PURPOSE = /^(?:in order )?to (?<verb>\p{L}+)/iu;
const FEWEST_SAID = 2;
/** Words that its heading may have beside the subject. */
const MOST_BESIDE = 2;

/** The cues of a question. */
export function sentenceCues(question: string, { sentences, named, wanted }: CueOptions): readonly SentenceCue[] {
  const subject = new Set(analyse(subjectOf(question) ?? ""));
  const opposes = createOppositionTest(question);
  const asked = new Set(analyse(question));
  const isOfOther = createOtherNumberTest(question);
  const isOfOtherSpeaker = createOtherSpeakerTest(question, sentences);
  const otherSide = headingsOfOtherSide(question, new Set(sentences.map(lastHeading)));
  const wantsCode = asksForCode(question);
  const names = question.match(CODE_NAME) ?? [];
  const isOtherRow = (sentence: PassageSentence): boolean =>
    names.length === 0
      ? isBareRow(sentence)
      : sentence.kind === "table" && !names.some((name) => sentence.text.includes(name));
  const done = termOf(HOW_TO.exec(question)?.groups?.["verb"]);
  const cues: readonly SentenceCue[] = [
    // Code goes with instructions; elsewhere it says little.
    { weight: wantsCode ? 0.2 : 0, share: introducesCode },
    { weight: wantsCode ? 0 : -0.8, share: ({ sentence }) => Number(sentence.kind === "code") },
    { weight: -1, share: emptiness },
    // The few words of a row hold much of a question that asks for something else; another row than that of the name of
    // code which is asked for does so in many words, too.
    { weight: -0.2, share: ({ sentence }) => Number(isOtherRow(sentence)) },
    // Notes about a release, where nobody asked what changed.
    {
      weight: asksForHistory(question) ? 0 : -0.3,
      share: ({ sentence }) => Number(isHistory(sentence.passage.hit.source)),
    },
    // A line such as "Default: 40" below the heading of something else than the question names.
    { weight: -0.6, share: ({ sentence }) => Number(named.leaveOut(sentence)) },
    // A line that only names something, where no name was asked for.
    { weight: -2, share: ({ sentence }) => Number(namesOnly(sentence, wanted)) },
    { weight: 1, share: ({ sentence, isNamed }) => (isNamed ? named.gain(sentence) : 0) },
    // The first two sentences of a section whose subject the question asks about.
    {
      weight: 0.3,
      share: ({ sentence, isNamed, isLead }) => Number(!isNamed && isLead && isHeadedBy(sentence, subject)),
    },
    ...answerCues(question).map(({ weight, share }) => ({
      weight,
      share: ({ sentence }: SentencePlace) => share(labelledText(question, sentence)),
    })),
    // "How do I add …?" is answered by "To add …, write …".
    {
      weight: done === null ? 0 : 0.5,
      share: ({ sentence }) => Number(purposeOf(sentence.text) === done && !opposes(sentence.text)),
    },
    { weight: -1, share: ({ sentence }) => Number(opposes(sentence.text)) },
    // A line of data that says only what its keys say.
    { weight: -0.4, share: ({ sentence }) => Number(isPlumbing(sentence, asked)) },
    // It tells of another number or version than the question names.
    { weight: -0.6, share: ({ sentence }) => Number(isOfOther(sentence)) },
    { weight: -0.6, share: ({ sentence }) => Number(isOfOtherSpeaker(sentence)) },
    // Its heading denies what the question asks for, or says what it denies.
    { weight: -0.8, share: ({ sentence }) => Number(otherSide.has(lastHeading(sentence))) },
  ];
  return cues.filter(({ weight }) => weight !== 0);
}

/** The term of what a sentence that begins with its purpose helps to do; null for another. */
function purposeOf(text: string): string | null {
  return termOf(PURPOSE.exec(text)?.groups?.["verb"]);
}

function termOf(word: string | undefined): string | null {
  return word === undefined ? null : (analyse(word)[0] ?? null);
}

function introducesCode({ sentence }: SentencePlace): number {
  return Number(beside(sentence, 1)?.kind === "fence");
}

function emptiness({ sentence, terms }: SentencePlace): number {
  // Somebody else asked just that.
  if (sentence.turn !== undefined && isQuestion(sentence)) return QUESTION_PENALTY;
  return saysNothing(sentence) || isGreeting(sentence, terms) ? NOTHING_PENALTY : 0;
}

/** Whether the heading right above a sentence is about something, and about little else. */
function isHeadedBy({ headings }: PassageSentence, subject: ReadonlySet<string>): boolean {
  const heading = new Set(analyse(lastHeading({ headings })));
  const isAbout = subject.size > 0 && [...subject].every((term) => heading.has(term));
  return isAbout && heading.size <= subject.size + MOST_BESIDE;
}

/** Whether somebody in a chat says hardly more than a name: "Hey Mara, thanks!" */
function isGreeting({ turn }: PassageSentence, terms: ReadonlySet<string>): boolean {
  return turn !== undefined && [...terms].filter((term) => !turn.names.has(term)).length < FEWEST_SAID;
}
