import { analyse } from "../../lexical/analyse.ts";
import { wordForms } from "../../lexical/word-forms.ts";
import { languageOfQuestion } from "./question-words.ts";

const WORD = /[\p{L}\p{M}\p{N}]+/gu;
/** What German verbs leave at the end of a question: "Wie schalte ich das Licht aus?" */
const PARTICLE = /\s(ab|an|auf|aus|bei|ein|fest|her|hin|los|mit|nach|vor|weg|weiter|zu|zurück|zusammen)\s*[?.!]*\s*$/iu;
/** The verb that it belongs to: the first word, or the one behind the word that asks. */
const SPLIT_VERB =
  /^\s*(?:und )?(?:(?:wie|wann|wo|warum|wieso|was|wer|wen|wem|womit|wofür)\s+)?(\p{L}{3,})\s+(?:ich|wir|man|du|Sie|er|sie|es|der|die|das|den|mein\p{L}*|unser\p{L}*)\s/iu;

/** English words of which others are forms that have another term: "decide", "decisions". */
const ENGLISH_DEED = /^\p{L}{2,}(?:d(?:e[ds]?|ing|ed|s)?|sions?)$/iu;

/** The words of a question, to be found in other forms. */
export interface AskedWords {
  /** What of a term of the question some words say, from 0 to 1; see `RELATION_SHARES`. */
  shareOf(term: string, written: ReadonlySet<string>): number;
}

/** The words of a text as they are written, to be compared with those of a question. */
export function writtenWords(text: string): ReadonlySet<string> {
  return new Set(text.match(WORD));
}

/** Reads the words of a question; null for one in English without such words, since its terms are stemmed as it needs. */
export function readAskedWords(question: string): AskedWords | null {
  const language = languageOfQuestion(question) ?? "english";
  const words = new Set(question.match(WORD)?.filter((word) => language !== "english" || ENGLISH_DEED.test(word)));
  if (words.size === 0) return null;
  const forms = wordForms(language);
  const asked = new Map<string, string[]>();
  const add = (term: string, word: string): void => {
    asked.set(term, [...(asked.get(term) ?? []), word]);
  };
  for (const word of words) for (const term of analyse(word)) add(term, word);
  const verb = SPLIT_VERB.exec(question)?.[1];
  const particle = PARTICLE.exec(question)?.[1];
  if (language === "german" && verb !== undefined && particle !== undefined) {
    for (const term of analyse(verb)) add(term, `${particle}${verb}`);
  }
  return {
    shareOf: (term, written) => Math.max(0, ...(asked.get(term) ?? []).map((word) => forms.shareOf(word, written))),
  };
}

/** Makes the test whether a text says a word of a question in another form. */
export function createRelatedTest(question: string): (text: string) => boolean {
  const asked = readAskedWords(question);
  if (asked === null) return () => false;
  const terms = new Set(analyse(question));
  return (text) => {
    const written = writtenWords(text);
    return [...terms].some((term) => asked.shareOf(term, written) > 0);
  };
}
