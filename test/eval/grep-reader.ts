import { isTestPath } from "../../src/domain/file-role.ts";
import type { ReadingTrace, SourceFiles } from "./reading-trace.ts";

/** How a reader greps. */
export interface GrepHabit {
  /** Words in one pattern. */
  readonly words: number;
  /** `lines`: matching lines as `path:line:text`; `counts`: `path:count`, one list a word. */
  readonly output: "lines" | "counts";
}

/** Files opened after one grep, before other words are tried. */
const OPENED_A_GREP = 5;
/** Lines of output, and characters of a line, that a tool hands on. */
const MOST_LINES = 250;
const MOST_CHARACTERS = 500;
/** Words that say nothing about where something stands in code. */
const PLAIN_WORDS = new Set(
  `a an and are as at be been but by can could did do does doing for from had has have how i if in into is it its may no not of
  on only or should so some such than that the their them then there these they this to too up via was were what when where
  which while who why will with would you your also after before between during both each more most other same without within
  fix fixes fixed fixing feat feature features add adds added adding update updates updated support supports supported test
  tests testing docs doc chore refactor remove removes removed change changes changed improve improves improved bug issue
  issues pull request merge make makes made use uses used using allow allows allowed please want need needs new code ensure
  handle initial plan correct correctly properly`.split(/\s+/),
);

/** Files with their lines in small letters: made once for all tasks. */
export interface GrepFiles {
  readonly files: ReadonlyMap<string, readonly string[]>;
  /** How many files hold a word. */
  holders(word: string): number;
}

/** Prepares files for grepping. */
export function createGrepFiles(sources: SourceFiles): GrepFiles {
  const files = new Map([...sources].map(([path, text]) => [path, text.split("\n")] as const));
  const lowered = [...sources.values()].map((text) => text.toLowerCase());
  return { files, holders: (word) => lowered.filter((text) => text.includes(word.toLowerCase())).length };
}

/**
 * Looks for a task as a coding agent with grep and a reading tool would: it greps for the task's words without regard to
 * case, those that look like identifiers first, the rarer before the more common ones, and opens the files that hold most of
 * the words, then most matches, tests last. It is told which words are rare, and that words without a match need no grep,
 * for nothing: an agent would have to find out.
 */
export function readByGrep(
  trace: ReadingTrace,
  { text, files, habit }: { readonly text: string; readonly files: GrepFiles; readonly habit: GrepHabit },
): void {
  const words = rankWords(text, files);
  const asksForTests = /\b(?:tests?|testing|specs?)\b/i.test(text.split("\n", 1)[0] ?? "");
  let last: readonly Match[] = [];
  for (let start = 0; start < words.length && !trace.done; start += habit.words) {
    const some = words.slice(start, start + habit.words);
    const matches = grep(files, some);
    trace.search(habit.output === "lines" ? showLines(matches) : showCounts(matches, some));
    last = rank(matches, asksForTests);
    openSome(trace, last, OPENED_A_GREP);
  }
  // Out of words: what all of them together match.
  if (!trace.done && words.length > 0) openSome(trace, rank(grep(files, words), asksForTests), Infinity);
}

interface Match {
  readonly path: string;
  /** Lines that match, counted from 1, with the words that each holds. */
  readonly lines: readonly { readonly line: number; readonly text: string; readonly words: readonly string[] }[];
  readonly words: ReadonlySet<string>;
}

/** The task's words, the most telling first. */
function rankWords(text: string, files: GrepFiles): readonly string[] {
  const [subject = "", ...rest] = text.split("\n");
  const found: { readonly word: string; readonly kind: number; readonly holders: number }[] = [];
  const seen = new Set<string>();
  for (const [part, inSubject] of [[subject, true] as const, [rest.join("\n"), false] as const]) {
    for (const [word] of part.matchAll(/[A-Za-z_$][A-Za-z0-9_$]{2,}/g)) {
      const small = word.toLowerCase();
      if (seen.has(small) || PLAIN_WORDS.has(small)) continue;
      seen.add(small);
      const holders = files.holders(word);
      const isIdentifier = /[a-z0-9][A-Z]|[A-Z]{2}[a-z]|_|[A-Za-z]\d/.test(word);
      if (holders > 0) found.push({ word, holders, kind: (inSubject ? 0 : 2) + (isIdentifier ? 0 : 1) });
    }
  }
  return found.toSorted((a, b) => a.kind - b.kind || a.holders - b.holders).map(({ word }) => word);
}

function grep({ files }: GrepFiles, words: readonly string[]): readonly Match[] {
  const small = words.map((word) => word.toLowerCase());
  const matches: Match[] = [];
  for (const [path, texts] of files) {
    const lines = texts.flatMap((text, index) => {
      const plain = text.toLowerCase();
      const held = small.filter((word) => plain.includes(word));
      return held.length === 0 ? [] : [{ line: index + 1, text, words: held }];
    });
    if (lines.length > 0) matches.push({ path, lines, words: new Set(lines.flatMap((line) => line.words)) });
  }
  return matches;
}

function rank(matches: readonly Match[], asksForTests: boolean): readonly Match[] {
  const isLate = ({ path }: Match): number => (asksForTests ? 0 : Number(isTestPath(path)));
  return matches.toSorted(
    (a, b) => isLate(a) - isLate(b) || b.words.size - a.words.size || b.lines.length - a.lines.length,
  );
}

function showLines(matches: readonly Match[]): string {
  const all = matches.flatMap(({ path, lines }) =>
    lines.map(({ line, text }) => `${path}:${line}:${text.slice(0, MOST_CHARACTERS)}`),
  );
  return all.slice(0, MOST_LINES).join("\n");
}

function showCounts(matches: readonly Match[], words: readonly string[]): string {
  return words
    .map((word) => {
      const counts = matches.flatMap(({ path, lines }) => {
        const count = lines.filter((line) => line.words.includes(word.toLowerCase())).length;
        return count === 0 ? [] : [`${path}:${count}`];
      });
      return counts.slice(0, MOST_LINES).join("\n");
    })
    .join("\n\n");
}

function openSome(trace: ReadingTrace, matches: readonly Match[], most: number): void {
  let opened = 0;
  for (const { path, lines } of matches) {
    if (trace.done || opened === most) return;
    if (trace.opened.has(path)) continue;
    opened += 1;
    // The line with most of the words in the lines around it.
    const near = (line: number): number =>
      new Set(lines.filter((other) => Math.abs(other.line - line) <= 50).flatMap((other) => other.words)).size;
    const best = lines.toSorted((a, b) => near(b.line) - near(a.line) || a.line - b.line)[0];
    trace.open(path, best?.line ?? 1);
  }
}
