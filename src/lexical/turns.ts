import { analyse } from "./analyse.ts";
import { findDate } from "./date-wording.ts";

/** What one person says in a chat or an interview before another one speaks. */
export interface Turn {
  readonly speaker: string;
  /** When, as it is written in front of the name; null where it is not. */
  readonly time: string | null;
  /** Offset of the line. */
  readonly start: number;
  /** Offset of the words, behind time and name. */
  readonly wordsStart: number;
  /** The terms of all names that speak in these passages. */
  readonly names: ReadonlySet<string>;
}

/** "Mara Quist: …", "**Mara:** …", "[2025-06-14 10:02] Mara: …", "14/06/2025, 10:02 - Mara: …". */
const TURN =
  /^(?:\[(?=[^\]\n\d]*\d)(?<boxed>[^\]\n]*)\] |(?<plain>\d{1,4}[./-]\d{1,2}[./-]\d{1,4},? \d{1,2}:\d{2}(?::\d{2})?(?: ?[ap]\.?m\.?)?) +[-–] +)?(?:\*\*)?(?<name>\p{Lu}[\p{L}\p{M}\p{N}'’._-]+(?: [\p{L}\p{N}(][\p{L}\p{M}\p{N}'’._)-]*){0,3}):(?:\*\*)? +(?=\S)/gmu;
const LINE = /^.*\S.*$/gm;
/** From this share of lines with a name in front on, and so many words a line, a text is speech and no list of fields. */
const SPEECH_SHARE = 0.6;
const FEWEST_WORDS = 4;
/** This share of what is said is about oneself, a question or an exclamation. */
const PERSONAL_SHARE = 0.3;
const ASKS_OR_CALLS = /[?!](?:\s|$)/;
const OF_ONESELF =
  /(?<!\p{L})(?:I|me|my|mine|myself|we|us|ours?|ich|mi[cr]h?|mein\p{L}*|wir|uns|unser\p{L}*|je|j|moi|nous|yo|mi|nos|nosotr[ao]s)(?!\p{L})/iu;
/** What stands at the top of a mail. */
const MAIL_FIELD = /^(?:from|to|b?cc|subject|date|sent|reply-to|von|an|betreff|datum|gesendet)$/i;
const FIELD_NAME = /^\s*\p{L}+: /u;
/** Letters beside a day and an hour: "am", "on", a weekday. */
const MOST_LETTERS = 12;

/** The time that a line tells which says little else, "Time: 10:02 on 14 June 2025" above a chat; null for another line. */
export function toldTime(line: string): string | null {
  const date = findDate(line);
  if (date === null) return null;
  const time = line.replace(FIELD_NAME, "");
  return time.replace(date.words, "").replaceAll(/\P{L}+/gu, "").length <= MOST_LETTERS ? time : null;
}

/** Whether somebody speaks of themselves in a text. */
export function speaksOfOneself(text: string): boolean {
  return OF_ONESELF.test(text);
}

/** The names that speak in texts: in those where most lines begin with a name, and people speak of themselves. */
export function speakersOf(texts: readonly string[]): ReadonlySet<string> {
  return new Set(texts.flatMap(namesIn));
}

function namesIn(text: string): readonly string[] {
  const lines = (text.match(LINE) ?? []).filter((line) => toldTime(line) === null);
  const turns = Array.from(lines.join("\n").matchAll(TURN), ({ groups }) => groups?.["name"] ?? "");
  const words = lines.reduce((sum, line) => sum + line.split(/\s+/).length, 0);
  const personal = lines.filter((line) => ASKS_OR_CALLS.test(line) || speaksOfOneself(line)).length;
  const isSpeech =
    turns.length >= SPEECH_SHARE * lines.length &&
    words >= FEWEST_WORDS * lines.length &&
    personal >= PERSONAL_SHARE * lines.length;
  return isSpeech ? turns.filter((name) => !MAIL_FIELD.test(name)) : [];
}

/** The turns of a text, in order. */
export function turnsOf(text: string, speakers: ReadonlySet<string>): readonly Turn[] {
  if (speakers.size === 0) return [];
  const names = new Set(analyse([...speakers].join("\n")));
  return Array.from(text.matchAll(TURN)).flatMap(({ 0: head, index, groups = {} }): Turn[] => {
    const { name: speaker = "", boxed, plain } = groups;
    const [line = ""] = /^.*/.exec(text.slice(index)) ?? [];
    if (!speakers.has(speaker) || toldTime(line) !== null) return [];
    return [{ speaker, time: boxed ?? plain ?? null, start: index, wordsStart: index + head.length, names }];
  });
}
