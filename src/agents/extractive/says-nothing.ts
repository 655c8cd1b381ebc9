import { hasWords } from "../../lexical/sentences.ts";
import { beside, type PassageSentence } from "./passage-sentence.ts";

const POINTER = /^(?:see|read|more (?:in|on|about)|details?(?: are)? (?:in|on)|back to|next:?|all of it is in)\b/i;
const LONGEST_POINTER = 60;
/** "See [testing](testing.md) for an overview of tests" says no more, however long it is. */
const POINTS_AT = /^\s*(?:see|read)\s+(?:also\s+)?(?:the\s+)?\[/i;
const LINK = /\]\([^)]*\)/;
const LINKS = /\[(?:[^[\]]|\[[^[\]]*\])*\]\([^)]*\)/g;
const QUESTION = /\?[*_"”’)]*$/;
/** The name of something alone, in code or in words. */
const NAME_ALONE = /^[*_`~]*[\p{L}\p{N}$@./()-]+[*_`~]*[.:,]?$/u;

/** "Figure 1.2: Sails by size." and "Table 3. Lamps", below a picture or table which is not quoted. */
const CAPTION =
  /^[*_]*(?:fig(?:ure|\.)?|table|abb(?:ildung|\.)|tabelle)\s?\d+(?:\.\d+)*[*_]*(?::|\.(?= \p{Lu})| [–—-] )/iu;
/** "6.1 Opening Hours 10", "Opening Hours ..... 10". */
const CONTENTS_LINE = /^(?:\d+(?:\.\d+)*\.? \p{Lu}[^.!?;:]*|\p{L}.*\.{4,}) ?\d{1,4}$/u;

/** A title or a name in a line of its own: "Supply Framework Agreement", "Rent and Deposit", "Mara Quist". */
const TITLE_WORDS =
  /^\p{Lu}[\p{L}\p{M}'’.-]*(?: (?:\p{Lu}[\p{L}\p{M}'’.-]*|and|or|of|the|for|to|in|on|und|oder|der|die|das|des|von|zu|für|&)){1,7}$/u;
/** The title that a document begins with: no field with its value, no columns and no end of a sentence. */
const FIRST_TITLE = /^\p{Lu}[^\r\n|{}<>;\\=:@]{3,98}[^\s.!?,…|{}<>;\\=:@]$/u;
const EMPTY_LINE = /^[ \t]*\r?\n[ \t]*\r?\n/;
/** What a mail's head says: "From: Mara Quist <mara@quist.example>", "Date: Mon, 03 Mar 2025 11:02:00 +0100". */
const MAIL_NAME = /^(?:From|To|Cc): .*@/;
const MAIL_DATE = /^Date: .*\d{1,2}:\d{2}/;
/** "Dear Mara," and "Kind regards", in a line of its own. */
const LETTER_FORM =
  /^(?:(?:dear|hello|hi|hey|hallo|liebe[rs]?|sehr geehrter?)(?: [^.!?:]{1,60})?[,!]|guten (?:tag|morgen|abend)[^.?:]{0,40}[,!]|(?:(?:kind|best|warm|many|with kind) )?regards|(?:all the )?best(?: wishes)?|yours (?:sincerely|faithfully|truly)|sincerely(?: yours)?|cheers|(?:many )?thanks|thank you|mit (?:freundlichen|besten|herzlichen) grüßen|(?:viele|beste|liebe|herzliche|schöne) grüße|gruß|mfg|vg|lg)[,.!]?$/iu;
/** Asks for somebody's name or address, or for the time of a mail. */
const ASKS_NAME =
  /\b(?:who(?:m|se)?|sender|recipients?|receivers?|address(?:es|ee)?|e-?mail(?= (?:of|for|is|has)\b)|(?<=['’]s )e-?mail|names?|called|titles?|wer|wem|wen|wessen)\b/i;
const ASKS_DATE =
  /\b(?:when|date|wann)\b.*\b(?:writes?|wrote|written|sen[dt]|answer(?:ed)?|repl(?:y|ied)|e?-?mails?|messages?|letters?|schrieb|geschrieben|gesendet|schickte|geschickt)\b/i;

/**
 * Whether a sentence says nothing by itself: it points at another page, asks a question, is a name alone, is the caption of
 * what is not quoted, stands in a table of contents, or goes on with what a block of code began.
 */
export function saysNothing(sentence: PassageSentence): boolean {
  if (sentence.kind === "code") return false;
  return (
    isPointer(sentence) ||
    isQuestion(sentence) ||
    (sentence.kind === "prose" && CAPTION.test(sentence.text)) ||
    isInContents(sentence) ||
    (sentence.kind !== "table" && NAME_ALONE.test(sentence.text)) ||
    continuesBlock(sentence)
  );
}

/** Whether a line stands in a table of contents, beside another line that does. */
function isInContents(sentence: PassageSentence): boolean {
  const isLine = (one: PassageSentence | undefined): boolean => one?.kind === "prose" && CONTENTS_LINE.test(one.text);
  return isLine(sentence) && (isLine(beside(sentence, -1)) || isLine(beside(sentence, 1)));
}

/** What a question may ask for that a line says which only names. */
export interface WantedNames {
  /** Somebody's name or address. */
  readonly names: boolean;
  /** When a mail was written. */
  readonly dates: boolean;
}

/** Whether names, and times of mails, may be what a question asks for. */
export function wantedNames(question: string): WantedNames {
  return { names: ASKS_NAME.test(question), dates: ASKS_DATE.test(question) };
}

/** Whether a line only frames a letter or mail, or says what nobody asked for: who wrote it and when. */
export function framesLetter({ kind, text }: PassageSentence, wanted: WantedNames): boolean {
  if (kind !== "prose" && kind !== "list") return false;
  return LETTER_FORM.test(text) || (!wanted.names && MAIL_NAME.test(text)) || (!wanted.dates && MAIL_DATE.test(text));
}

/** Whether a sentence only names: a title or a name in a line of its own. */
export function namesOnly(sentence: PassageSentence, { names }: WantedNames): boolean {
  const { kind, text, passage } = sentence;
  if (names || kind !== "prose") return false;
  return TITLE_WORDS.test(text) || text === passage.hit.title || isFirstTitle(sentence);
}

/** Whether a line stands apart at the beginning of its document, as the titles of texts from PDF files do. */
function isFirstTitle({ text, passage: { hit }, position, span: { end } }: PassageSentence): boolean {
  return position === 0 && hit.lines.start === 1 && FIRST_TITLE.test(text) && EMPTY_LINE.test(hit.text.slice(end));
}

/** Whether a text asks its readers something, and answers it behind at best. */
export function isQuestion({ kind, text }: PassageSentence): boolean {
  return kind !== "code" && kind !== "table" && QUESTION.test(text);
}

/** "See [ingesting](ingesting.md)." has the words of a page, and nothing of what it says; a link alone has less. */
function isPointer({ text, passage, span }: PassageSentence): boolean {
  const written = passage.hit.text.slice(span.start, span.end);
  if (!LINK.test(written)) return false;
  if (POINTS_AT.test(written)) return true;
  return (text.length <= LONGEST_POINTER && POINTER.test(text)) || !hasWords(written.replaceAll(LINKS, ""));
}

/** "runs the tests" behind a block of code goes on with what the block began. */
function continuesBlock(sentence: PassageSentence): boolean {
  return sentence.kind === "prose" && beside(sentence, -1)?.kind === "fence" && /^\p{Ll}/u.test(sentence.text);
}
