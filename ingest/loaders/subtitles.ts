import { oneLine } from "../../src/domain/one-line.ts";
import type { LoadedText } from "./loader.ts";

/** `00:01:02,000 --> 00:01:04,000`, with a point in WebVTT, without an arrow in SBV. */
const TIMING = /^\s*(?:(\d+):)?(\d{1,2}):(\d\d)[.,]\d{1,3}(?:\s+-->\s+|,)(?:(\d+):)?(\d{1,2}):(\d\d)[.,]\d{1,3}/;
const NEXT_CUE = /(?:\r\n|\n|\r)(?=[ \t]*(?:\d+:)?\d{1,2}:\d\d[.,]\d{1,3}(?:[ \t]+-->|,\d))/;
/** Length in seconds from which a paragraph ends with a sentence, and at which it ends anyway. */
const LONG_ENOUGH = 20;
const LONGEST = 60;
/** Silence in seconds behind which a new paragraph begins. */
const PAUSE = 5;
const SENTENCE_END = /[.!?…。！？]["'”’)\]]*$/;
const ENTITIES: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", nbsp: " ", lrm: "", rlm: "" };

interface Cue {
  readonly start: number;
  readonly end: number;
  /** Empty where nobody is named. */
  readonly speaker: string;
  readonly text: string;
}

interface Paragraph extends Pick<Cue, "start" | "speaker"> {
  end: number;
  readonly words: string[];
}

/**
 * Subtitles (`.srt`, `.vtt`, `.sbv`) as a transcript: paragraphs that begin with their time and, where the file names them,
 * the speaker. Numbers, styles and settings are left out, and a line that stays on the screen is taken once.
 */
export function loadSubtitles(text: string): LoadedText {
  const cues = readCues(text);
  if (cues.length === 0)
    return { text, title: null, notes: ["no times were found in it, so it was taken as plain text"] };
  const paragraphs: Paragraph[] = [];
  for (const cue of cues) {
    const last = paragraphs.at(-1);
    if (last === undefined || beginsParagraph(cue, last)) paragraphs.push({ ...cue, words: [cue.text] });
    else {
      last.words.push(cue.text);
      last.end = cue.end;
    }
  }
  return { text: paragraphs.map(renderParagraph).join("\n"), title: null };
}

function readCues(text: string): readonly Cue[] {
  const cues: Cue[] = [];
  let shown: ReadonlySet<string> = new Set();
  const blocks = text.split(NEXT_CUE);
  for (const [index, block] of blocks.entries()) {
    const [timing = "", ...rest] = block.split(/\r\n|\n|\r/);
    const found = TIMING.exec(timing);
    if (found === null) continue;
    const lines = cueLines(rest, index === blocks.length - 1);
    const words = lines.map(plainText);
    const fresh = words.filter((line) => line !== "" && !shown.has(line));
    shown = new Set(words);
    if (fresh.length === 0) continue;
    const [, startHours, startMinutes, startSeconds, endHours, endMinutes, endSeconds] = found;
    cues.push({
      start: seconds(startHours, startMinutes, startSeconds),
      end: seconds(endHours, endMinutes, endSeconds),
      speaker: plainText(/<v(?:\.[^\s<>]*)?\s([^<>]+)>/.exec(lines.join(" "))?.[1] ?? ""),
      text: fresh.join(" "),
    });
  }
  return cues;
}

/** The lines of a cue, without the number or name of the next one and without remarks and styles between both. */
function cueLines(lines: readonly string[], isLast: boolean): readonly string[] {
  // Rolling captions keep a place free with a blank, which is no empty line.
  const groups = lines
    .join("\n")
    .split(/\n{2,}/)
    .map((group) => group.split("\n").filter((line) => line.trim() !== ""));
  return groups.flatMap((group, index) => {
    const isNextName = !isLast && index > 0 && index === groups.length - 1 && group.length === 1;
    return isNextName || (index > 0 && /^(?:NOTE|STYLE|REGION)\b/.test(group[0] ?? "")) ? [] : group;
  });
}

function plainText(line: string): string {
  const words = line.replaceAll(/<[^<>]*>|\{\\[^{}]*\}/g, "");
  return oneLine(words.replaceAll(/&(amp|lt|gt|nbsp|lrm|rlm);/g, (_, name: string) => ENTITIES[name] ?? ""));
}

function seconds(hours = "0", minutes = "0", rest = "0"): number {
  return Number(hours) * 3_600 + Number(minutes) * 60 + Number(rest);
}

function beginsParagraph(cue: Cue, last: Paragraph): boolean {
  if (cue.speaker !== last.speaker || cue.start - last.end >= PAUSE) return true;
  const length = last.end - last.start;
  return length >= LONGEST || (length >= LONG_ENOUGH && SENTENCE_END.test(last.words.at(-1) ?? ""));
}

function renderParagraph({ start, speaker, words }: Paragraph): string {
  const time = [start / 3_600, (start / 60) % 60, start % 60].map((part) => String(Math.floor(part)).padStart(2, "0"));
  return `[${time.join(":")}] ${speaker === "" ? "" : `${speaker}: `}${words.join(" ")}\n`;
}
