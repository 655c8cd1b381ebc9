import { analyse } from "../../lexical/analyse.ts";
import { sentenceTexts } from "../../lexical/sentences.ts";
import { backReferenceOf } from "./standalone-question.ts";

/** A text with more parts than this is not a question. */
const MOST_PARTS = 4;
/** A part with fewer terms says too little to be searched for alone. */
const FEWEST_TERMS = 2;

const BETWEEN_SENTENCES = /(?<=\?)\s+(?=\S)/;
const BETWEEN_CLAUSES =
  /,?\s+and\s+(?=(?:(?:at|in|on|for|to|by|with) )?(?:how|what|why|when|where|who|which|whose)\b|(?:can|could|does|do|did|should|will|is|are) (?:i|we|you|there|the|a|an|my)\b)/i;

/** Where a long sentence goes on to the next thing it says: "…, while the other …", "…, and is also …". */
const BETWEEN_STATEMENTS =
  /,?\s+(?:while|whereas)\s+|,\s+(?:and|but|or)\s+(?:also\s+)?|\s+and\s+(?=(?:is|was|are|were|has|have|had|did|does|also|the|by|another|an?)\b)|,\s+(?=(?:is|was|are|were|has|have|had|also|after|before|according)\b)/i;

/** "Whether and how …" are no two clauses. */
const DANGLES = /\b(?:if|whether|how|what|why|when|where|who|which|whose)\W*$/i;

/** A word that may refer to something in another part. */
const MAY_REFER =
  /\b(?:it|its|it's|they|them|their|theirs|he|him|his|she|her|hers|this|that|these|those|there|one|ones|both|same|such)\b/i;

/**
 * The weight of a part's best hit beside that of the whole text. Sentences in a row are independent more often than
 * clauses of one sentence: at 0.9, clauses of Chroma's questions brought in more spans than answers.
 */
const SENTENCE_WEIGHT = 0.95;
const CLAUSE_WEIGHT = 0.75;
/** The same for a statement of a long sentence. */
const STATEMENT_WEIGHT = 0.85;
/** A sentence of so many terms may state several things, each told in a document of its own. */
const LONG_SENTENCE = 18;
/** A statement with fewer terms leans on the others. */
const FEWEST_STATED = 6;

/** One question of a text that asks several. */
export interface QuestionPart {
  readonly text: string;
  /** The weight of its best hit beside that of the whole text. */
  readonly weight: number;
}

/**
 * The parts of a text that asks several things, each understandable alone; null for a single question. If a part may
 * depend on the one before it ("and how does it …"), the text is kept whole.
 */
export function questionParts(question: string): readonly QuestionPart[] | null {
  const sentences = question.trim().split(BETWEEN_SENTENCES);
  if (sentences.length > 1 && !areIndependent(sentences)) return null;
  const parts = sentences.flatMap((sentence) => clausesOf(sentence));
  return parts.length >= 2 && parts.length <= MOST_PARTS ? parts : null;
}

function clausesOf(sentence: string): readonly QuestionPart[] {
  const clauses = sentence.split(BETWEEN_CLAUSES).map((clause) => clause.trim());
  return clauses.length > 1 && areIndependent(clauses)
    ? clauses.map((text) => ({ text, weight: CLAUSE_WEIGHT }))
    : [{ text: sentence, weight: SENTENCE_WEIGHT }];
}

/**
 * What a long sentence states one after the other: "Who is the person that … according to one paper, and is accused of …
 * according to another?" None needs to be understandable alone, since the whole is searched for as well; null for a shorter
 * question, and for a text of several sentences.
 */
export function statementsOf(question: string): readonly QuestionPart[] | null {
  if (countTerms(question) < LONG_SENTENCE || sentenceTexts(question).length > 1) return null;
  const statements = question
    .split(BETWEEN_STATEMENTS)
    .map((text) => text.trim())
    .filter((text) => countTerms(text) >= FEWEST_STATED);
  if (statements.length < 2 || statements.length > MOST_PARTS) return null;
  return statements.map((text) => ({ text, weight: STATEMENT_WEIGHT }));
}

function countTerms(text: string): number {
  return new Set(analyse(text)).size;
}

/** Whether a word of a question may refer to something in another part of its text. */
export function mayRefer(question: string): boolean {
  return MAY_REFER.test(question);
}

function areIndependent(parts: readonly string[]): boolean {
  return parts.every((part, index) => {
    if (countTerms(part) < FEWEST_TERMS || backReferenceOf(part) !== null) return false;
    if (index < parts.length - 1 && DANGLES.test(part)) return false;
    return index === 0 || !mayRefer(part);
  });
}
