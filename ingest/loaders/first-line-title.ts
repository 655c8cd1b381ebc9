import { tidyTitle } from "./loader.ts";

/** Longest first line that may be a title, in characters. */
const LONGEST = 100;
/** A line of this length below the first one was not wrapped: it is a paragraph, and the first line is none. */
const PARAGRAPH_LENGTH = 120;
/** What ends a sentence, breaks off in one, or announces something. */
const GOES_ON = /[.!?,;:…。！？，；：-]["'”’»)\]]*$/u;
/** The head of a mail or form, a greeting, an item of a list. */
const NO_TITLE =
  /^(?:[\w-]{1,20}:(?:\s|$)|(?:dear|hi|hello|hey|good (?:morning|afternoon|evening)|liebe[rs]?|hallo|sehr geehrte[rs]?|guten (?:morgen|tag|abend)|bonjour|chère?|cher|hola|estimad[oa]s?)\b|[^\p{L}\p{N}"'“‘«¿¡(])/iu;
const DATE_OR_TIME = /\d{4}-\d\d-\d\d|\d{1,2}:\d\d|\d{1,2}[./]\d{1,2}[./]\d{2,4}/;

/**
 * The title of a plain text: a short first line that is no sentence, above an empty line, an underline or a paragraph in
 * one line. Null where it begins in another way.
 */
export function titleFromFirstLine(text: string): string | null {
  const [line = "", next = "", rest = ""] = firstLines(text.trimStart());
  if (line.length > LONGEST || next + rest === "") return null;
  if (GOES_ON.test(line) || NO_TITLE.test(line) || DATE_OR_TIME.test(line) || !/\p{L}{2}|\p{Lo}/u.test(line))
    return null;
  const isApart = next.trim() === "" || /^\s*(?:={3,}|-{3,}|~{3,}|\*{3,})\s*$/.test(next);
  return isApart || next.length >= PARAGRAPH_LENGTH ? tidyTitle(line) : null;
}

/** The first two lines, each cut where it is too long to matter, and the beginning of what follows. */
function firstLines(text: string): readonly string[] {
  const head = text.slice(0, 2_000);
  const [line = "", next = "", ...rest] = head.split(/\r\n|\r|\n/);
  return [line.trimEnd(), next, rest.join("").trim()];
}
