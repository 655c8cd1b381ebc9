import { analyse } from "../../lexical/analyse.ts";
import { createBlanker, WORD } from "./blank-words.ts";

/**
 * Whether sentences hold the kind of thing that a question asks for; `"missing"` if they do not and nothing else can
 * answer it.
 */
export type KindOfAnswer = "present" | "doubtful" | "missing";

const ASKS_WHO = /^\s*(?:and )?who(?:se|['’]s)?\b/i;
/** "Who wrote it", "who is the author": only somebody's name answers. */
const ASKS_FOR_NAME =
  /^\s*(?:and )?who(?:['’]s| is| are| was| were)?\s+(?:(?:\w+ly|first)\s+)?(?:\w+ed|wrote|made|built|began|drew|led|won|sang|said|gave|took|found|the (?:\w+ )?(?:author|creator|maintainer|owner|founder|inventor|developer|maker)s?|behind)\b/i;
const NAME = /(?<=[\p{Ll}\p{N},;:(“"'-]\s?)\p{Lu}\p{Ll}[\p{L}'’-]*|^\p{Lu}\p{Ll}[\p{L}'’-]*(?=\s+\p{Lu}\p{Ll})/u;
/** "Who maintains it" is answered by a name, or by somebody who does just that. */
const ASKS_WHO_DOES =
  /^\s*(?:and )?who(?:['’]s| is| are)?\s+(?:\w+ly\s+)?(?:maintain|develop|publish|mak|writ|build|creat|own|runn?|fund|sponsor)(?:e?s|ing)\b/i;
/** "Who is Mara Quist" is answered by what she does. */
const ASKS_ABOUT_SOMEBODY =
  /^\s*(?:and )?who(?:['’]s| is| are| was| were)\s+(?!the\b|an?\b|my\b|our\b|your\b|\w+(?:ing|ed)\b)/i;
/** "Who is the mayor of the town" is answered by somebody who is called that. */
const ASKS_WHO_IS_THE =
  /^\s*(?:and )?who(?:['’]s| is| are| was| were)\s+the\s+((?:[\p{L}'’-]+\s+)*?[\p{L}'’-]+)(?=\s+(?:of|in|at|for|on|to|from|who|that|behind|when|while|during|before|after)\b|\s*[?!.,]*\s*$)/iu;
/** People without a name, who answer "who can read it" but not "who wrote it". */
const SOMEBODY =
  /\b(?:(?:any|every|no|some)(?:body|one)|no one|people|users?|members?|employees?|staff|teams?|owners?|managers?|company|whoever|you)\b/i;
const ASKED_VERB =
  /^\s*(?:and )?who\s+(?:(?:can|may|must|should|will|could|does|did|has|had|is|are|was|were)\s+)?(\w+)/i;
/** Phrases that name no doer: "you can create it", "to create it", "which creates it". */
const NOBODY =
  /^(?:to|you|it|this|that|which|we|i|and|or|can|may|must|should|will|would|could|not|then|also|please|be|been|being|is|are|was|were|has|have|had|itself|themselves|my|your|its|his|her|our|their|the|a|an|of|for|in|on|_)$/i;

/**
 * Endings of words that do not say that somebody does it: "walls maintained by the town", "the maintainers of the
 * walls", "their maintenance".
 */
const NO_DEED = /(?:ed|ing|[eo]rs?|ances?|ments?|ions?)$/i;

const DEED = /^\s*(?:and )?who(?:['’]s| is| are| was| were)?\s+(?:(?:\w+ly|first)\s+)?(\w+)/i;
/** "Excused: Mara Quist", as minutes list people. */
const DEED_LABEL = /^[*_]*(\p{L}+)[*_]*:[*_]*\s+\p{Lu}/u;
const DOER_WORD = /[\p{L}\p{N}'’_-]+/gu;
const CAPITAL = /^\p{Lu}\p{Ll}/u;
/** What may follow a name that begins a sentence. */
const BINDS_NAME = /^(?:and|is|was|are|were|has|had|also|first|who)$/i;
const ROLE = /^(?:authors?|creators?|founders?|makers?|inventors?|developers?|maintainers?|owners?|leaders?)$/i;
/** How many words may be between a name and the verb for what its owner did. */
const DOER_REACH = 4;

const WHEN = /^\s*(?:and )?when (?:was|were|did)\b/i;
/** A time in words; "may" and "march" are months with a capital letter only, and "08:00" is no part of an address. */
const TIME =
  /\b(?:January|February|March|April|May|June|July|August|September|October|November|December|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day)\b|(?<![\d.:])\d{1,2}:\d{2}(?![\d.:])|\b(?:[Ss]pring|[Ss]ummer|[Aa]utumn|[Ww]inter|century|centuries|decades?|years?|months?|weeks?|days?|hours?|ago|yesterday|today|[Aa]fter|[Bb]efore|[Dd]uring|[Ss]ince|[Uu]ntil|[Ww]hen|[Ww]hile|[Oo]nce|early|later|war|reign|era|period)\b/;
/** A year or a date; the version of a program, a port and an amount are none. */
const DATE =
  /(?<![\d.,:/$€£-])(?:1\d{3}|20\d{2})s?(?![\d:%]|[.,/]\d)|\b\d{1,2}[./-]\d{1,2}[./-]\d{2,4}\b|\b\d{1,4}(?:st|nd|rd|th)\b|\b\d{1,4}s?\s?(?:AD|BCE?|CE)\b|\bAD \d|\b(?:in|by|until|around|circa|about|from|since|c\.)\s\d{3,4}(?![\d:%]|[.,]\d|\s\p{L})/u;

const HOW_MANY =
  /\bhow many\s+((?:[\p{L}\p{N}-]+\s+){0,2}?[\p{L}\p{N}-]+)(?=\s+(?:are|is|do|does|did|can|will|would|were|was|has|have|had|should|must|may|could|of|in|on|at|to|per|for|it|there)\b|\s*\?|$)/iu;
/** A price or an amount is a number, unless nothing is to be paid. */
const HOW_MUCH =
  /\bhow much\b(?! (?:more|less|of)\b)|\bwhat (?:does|did|do|will|would) .*\bcosts?\b|\bwhat (?:is|are|was|were) the (?:cost|price|fee)\b|\bwas (?:kostet|kosten)\b|\bwie (?:viel|hoch|teuer)\b/i;
/** "How much is …", of which something has to be paid. */
const ASKS_FOR_PRICE = /\b(?:costs?|prices?|fees?|kostet|kosten|teuer)\b/i;
/** What a price is told by, beside its number. */
const TELLS_PRICE =
  /\p{Sc}|\b(?:EUR|USD|GBP|CHF|euros?|dollars?|pounds?|cents?|francs?|costs?|pric(?:es?|ed|ing)|fees?|charg(?:es?|ed)|pa(?:ys?|id)|kosten|kostet|preise?|gebühr(?:en)?)\b/iu;
const NOTHING_TO_PAY = /\b(?:free|included|no (?:charge|cost|fee)|nothing|kostenlos|kostenfrei|gratis|inbegriffen)\b/i;
const NUMBER =
  /^(?:\d[\d.,]*(?:k|m|bn)?|zero|no|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|thirty|forty|fifty|sixty|hundreds?|thousands?|millions?|billions?|dozens?|several|both|single|unlimited|limited|twice|once|half|any)$/iu;
/** How many words may be between a number and what it counts. */
const REACH = 4;

/**
 * Whether the sentences nearest to a question hold the kind of thing that it asks for; `above` are the headings and the names
 * of columns that they stand under.
 */
export function kindOfAnswer(question: string, sentences: readonly string[], above: string = ""): KindOfAnswer {
  if (ASKS_WHO.test(question)) return somebody(question, sentences);
  if (WHEN.test(question)) {
    const blank = createBlanker(question);
    return sentences.some((sentence) => isTimed(blank(withoutCode(sentence)))) ? "present" : "missing";
  }
  if (HOW_MUCH.test(question)) {
    const isToPay = ASKS_FOR_PRICE.test(question) && !TELLS_PRICE.test(above);
    return sentences.some((sentence) => isAmount(sentence, { isToPay })) ? "present" : "doubtful";
  }
  const counted = HOW_MANY.exec(question)?.[1];
  if (counted === undefined || sentences.some((sentence) => counts(sentence, counted))) return "present";
  return "doubtful";
}

/** Whether a sentence that answers in other words may hold the name or the time that the question asks for. */
export function mayHoldAnswer(question: string, sentence: string): boolean {
  const words = createBlanker(question)(withoutCode(sentence));
  return WHEN.test(question) ? isTimed(words) : NAME.test(words);
}

function isTimed(words: string): boolean {
  return TIME.test(words) || DATE.test(words);
}

function withoutCode(sentence: string): string {
  return sentence.replaceAll(/`[^`]*`/g, "_");
}

function somebody(question: string, sentences: readonly string[]): KindOfAnswer {
  if (ASKS_WHO_DOES.test(question)) return doesOrNames(question, sentences) ? "present" : "missing";
  if (ASKS_ABOUT_SOMEBODY.test(question) && !ASKS_FOR_NAME.test(question)) return "present";
  if (ASKS_FOR_NAME.test(question)) return namesDoer(question, sentences) ? "present" : "missing";
  const blank = createBlanker(question);
  const role = ASKS_WHO_IS_THE.exec(question)?.[1]?.split(/\s+/).at(-1);
  if (role !== undefined && !sentences.some((sentence) => saysWord(sentence, role))) return "doubtful";
  const isNamed = sentences.some((sentence) => NAME.test(blank(withoutCode(sentence))));
  if (isNamed) return "present";
  if (sentences.some((sentence) => SOMEBODY.test(blank(sentence)))) return "present";
  const [verb] = analyse(ASKED_VERB.exec(question)?.[1] ?? "");
  return verb !== undefined && sentences.some((sentence) => doesIt(sentence, verb)) ? "present" : "doubtful";
}

function saysWord(sentence: string, word: string): boolean {
  return (sentence.match(WORD) ?? []).some((own) => stemOf(own) === stemOf(word));
}

/**
 * Whether a sentence names somebody for what the question asks about: "Quist maintains it", "you own it", "the council
 * runs it".
 */
function doesOrNames(question: string, sentences: readonly string[]): boolean {
  if (namesDoer(question, sentences)) return true;
  const blank = createBlanker(question);
  const verb = stemOf(DEED.exec(question)?.[1] ?? "");
  return sentences.some((written) => {
    const sentence = withoutCode(written);
    if (doesIt(sentence, verb, blank)) return true;
    return SOMEBODY.test(blank(sentence)) && (sentence.match(WORD) ?? []).some((word) => stemOf(word) === verb);
  });
}

/** Whether a sentence names the doer: "Quist built it", "built by the Quist brothers", "its author is Quist", "Elected: Quist". */
function namesDoer(question: string, sentences: readonly string[]): boolean {
  const blank = createBlanker(question);
  const deed = stemOf(DEED.exec(question)?.[1] ?? "");
  if (sentences.some((sentence) => stemOf(DEED_LABEL.exec(sentence)?.[1] ?? "") === deed)) return true;
  return sentences.some((sentence) => {
    const own = withoutCode(sentence).match(DOER_WORD) ?? [];
    const unknown = own.map((word) => blank(word));
    return unknown.some((word, index) => {
      if (!CAPITAL.test(word) || (index === 0 && !isNameAhead(own, deed))) return false;
      const [before, behind] = [
        own.slice(Math.max(0, index - DOER_REACH), index),
        own.slice(index + 1, index + 1 + DOER_REACH),
      ];
      return (
        before.some((one) => /^by$/i.test(one)) ||
        [...before, ...behind].some((one) => ROLE.test(one)) ||
        behind.some((one) => stemOf(one) === deed)
      );
    });
  });
}

/**
 * Whether the word that begins a sentence is a name: "Mara Quist …", "Quist is …", "Quist built …", not "Walls built by
 * …".
 */
function isNameAhead([first = "", next = "", further = ""]: readonly string[], deed: string): boolean {
  if (analyse(first).length === 0) return false;
  return CAPITAL.test(next) || BINDS_NAME.test(next) || (stemOf(next) === deed && !/^by$/i.test(further));
}

/** The stem of a word, even of one that the analyser drops, such as "made" or "own". */
function stemOf(word: string): string {
  return analyse(word)[0] ?? word.toLowerCase();
}

/** Whether somebody precedes a verb: "our treasurer pays". */
function doesIt(sentence: string, verb: string, blank = (word: string): string => word): boolean {
  const words = sentence.match(DOER_WORD) ?? [];
  return words.some((word, index) => {
    if (index === 0 || NO_DEED.test(word) || stemOf(word) !== verb) return false;
    return !NOBODY.test(blank(words[index - 1] ?? ""));
  });
}

/** Whether a sentence tells an amount, and that of a price where something is to be paid. */
function isAmount(sentence: string, { isToPay }: { readonly isToPay: boolean }): boolean {
  if (NOTHING_TO_PAY.test(sentence)) return true;
  if (isToPay && !TELLS_PRICE.test(sentence)) return false;
  return (sentence.match(WORD) ?? []).some((word) => NUMBER.test(word) || /\d/.test(word));
}

/** Whether a number is near what is counted; a percentage counts nothing. */
function counts(sentence: string, counted: string): boolean {
  const nouns = new Set(analyse(counted.split(/\s+/).at(-1) ?? ""));
  const words = sentence.replaceAll(/\d[\d.,]*\s?(?:%|per ?cent\b)/gi, "_").match(WORD) ?? [];
  const places = [...words.keys()].filter((index) => analyse(words[index] ?? "").some((term) => nouns.has(term)));
  if (places.length === 0) return words.some((word) => NUMBER.test(word));
  return words.some((word, index) => NUMBER.test(word) && places.some((place) => isNear(words, index, place)));
}

/** Whether a number counts a noun: "two iron gates", "two of the gates", "the gates are two"; not "one key of a gate". */
function isNear(words: readonly string[], number: number, noun: number): boolean {
  if (noun < number) return number - noun <= REACH;
  // "No gate may be open" says nothing of how many there are.
  if (/^(?:no|any)$/i.test(words[number] ?? "") && !/s$/i.test(words[noun] ?? "")) return false;
  const between = words.slice(number + 1, noun);
  const isOf = between[0]?.toLowerCase() === "of";
  return between.length <= REACH && (isOf || between.every((word) => analyse(word).length > 0 || NUMBER.test(word)));
}
