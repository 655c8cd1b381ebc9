import { isFenceLine } from "../../lexical/fences.ts";
import { frameOf, functionNamedIn, lastNames, placesIn, type TaskPlace } from "./task-places.ts";

/** Lines around the frames of a trace that say nothing about the program. */
const NOISE =
  /^\s*(?:Traceback \(most recent call last\):|During handling of the above exception|The above exception was the direct cause|\.\.\. \d+ (?:more|common frames)|goroutine \d+ \[|panic\(\{?0x|\[Switching to Thread|\(gdb\)|stack backtrace:|note: run with `RUST_BACKTRACE|exit status \d+|at (?:async |new )?[\w$.<> ]+ \((?:<anonymous>|native|index \d+)\)|at <anonymous>|[-~^|=_\s]+$|={3,} .*={3,}$|<!--.*-->\s*$)/i;
/** Promises and instructions of issue forms. */
const PROMISE =
  /^\s*[-*].*\b(?:existing issues|(?:opening|creating) (?:a |an )?(?:new )?issue)\b|^\s*[-*] \[[ x]\].*\b(?:I (?:have|am|agree|will|understand)|I['’](?:ve|m|d|ll)|search(?:ed)?|agree|follow|check(?:ed)?|read|willing)\b/i;
const HEADING = /^\s{0,3}#{1,6}\s+(?<title>.+?)\s*#*$|^\s{0,3}\*\*(?<bold>[^*]+?):?\*\*:?\s*(?<rest>.*)$/;
/** Headings of forms under which nothing is about the program. */
const BESIDE =
  /^(?:(?:provide )?(?:your )?environment(?: information| info)?|versions?|platform|operating system|os|system(?: info(?:rmation)?)?|code of conduct|check ?lists?|contributing|funding|browsers?|link to reproduction|reproduction url|runtime versions?|package manager|used package manager|[\w.+# -]{1,24} version(?: \(or commit ref\))?|hardware(?: info)?|dependencies versions?|validations?|acknowledgements?)$/;
/** Headings of forms that are not about the program themselves, unlike the text under them. */
const FORM =
  /^(?:describe the (?:bug|issue|problem|feature)|(?:bug )?description|(?:issue )?summary|bug report|feature request|(?:steps )?(?:how )?to reproduce(?: the (?:bug|issue|behaviou?r))?|reproductions?(?: steps)?|steps|minimal (?:reproducible )?example|(?:what is the )?(?:expected|actual|current) (?:behaviou?r|results?|output)|expectations?|what (?:happened|did you (?:do|expect)).*|additional (?:context|info(?:rmation)?|details)|(?:error )?(?:logs?|outputs?|messages?)(?: ?\/ ?\w+)?|tracebacks?|stack ?traces?|screenshots?|motivation|context|possible (?:solution|fix)|proposed solution|describe (?:the solution you['’]d like|alternatives you['’]ve considered)|is your feature request related to a problem.*|other information)$/;
/** Sentences of forms that people forget to overwrite. */
const PROMPT =
  /^\s*(?:[-*>] |\d+\. )?(?:a clear and concise description of|if applicable, add|add any other context|please (?:describe|provide|include|fill|explain|add)|see (?:the )?error\W*$|(?:what|which) .{3,60} is the issue happening on)/i;
const ERROR_LINE =
  /^(?:E\s)?\s*(?:[\w$]+[.:]+)*[A-Z][\w$]*(?:Error|Exception|Warning|Fault|Panic)\b\s*(?::|$)|^\s*(?:panic|error|fatal)\b.*:/i;
/** Addresses, hashes and times, which differ with each run. */
const RUN_NUMBERS =
  /\b0x[\da-f]{6,}\b\??|\b(?=[a-f]*\d)[\da-f]{16,}\b|\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d)?(?:[.,]\d+)?Z?\b|(?<=\.\w{1,6}):\d+(?::\d+)?\b/gi;

/** A task, taken apart into what it says and what was pasted around it. */
export interface TaskReading {
  /** The places that it names, innermost frames first. */
  readonly places: readonly TaskPlace[];
  /** Whether it was pasted, as a trace or an issue's form. Its first line then says best what it means. */
  readonly isPasted: boolean;
  /**
   * The words to search for, with the line that says most in front: without frames of other projects, addresses, and
   * the text of issue forms.
   */
  textWith(own: ReadonlySet<TaskPlace>): string;
}

interface ReadLine {
  readonly text: string;
  /** The frame that this line is or belongs to; null for another line. */
  readonly frame: TaskPlace | null;
}

/** Reads a task: a sentence stays as it is, a pasted trace or issue is taken apart. */
export function readTask(task: string): TaskReading {
  const all = task.trim().split(/\r\n|\r|\n/);
  const lines = all.length < 2 ? [{ text: task, frame: null }] : readLines(all);
  const places = [
    ...framesOf(lines),
    ...lines.filter(({ frame }) => frame === null).flatMap(({ text }) => placesIn(text)),
  ];
  return {
    places,
    isPasted:
      lines.length < all.filter((line) => line.trim() !== "").length || lines.some(({ frame }) => frame !== null),
    textWith: (own) =>
      textOf(
        task,
        lines.filter(({ frame }) => frame === null || own.has(frame)),
      ),
  };
}

function textOf(task: string, lines: readonly ReadLine[]): string {
  const [first] = lines;
  const plain = lines.map(({ text }) => text.replaceAll(RUN_NUMBERS, " "));
  const kept = plain.filter((line) => line.trim() !== "");
  if (kept.length === 0) return task;
  // A trace says at its end, or in its middle, what it is about; any other text says it first.
  const error = first === undefined || first.frame === null ? undefined : kept.find((line) => ERROR_LINE.test(line));
  return (error === undefined ? kept : [error, ...kept]).join("\n");
}

function readLines(all: readonly string[]): readonly ReadLine[] {
  const lines: ReadLine[] = [];
  let isBeside = false;
  let isFenced = false;
  let echoes: TaskPlace | null = null;
  for (const [index, line] of all.entries()) {
    if (line.trim() === "") continue;
    const frame = frameOf(line, all[index - 1]);
    if (isFenceLine(line)) isFenced = !isFenced;
    const heading = isFenced || frame !== null ? undefined : HEADING.exec(line)?.groups;
    if (heading !== undefined) {
      const title = plainTitle(heading["title"] ?? heading["bold"] ?? "");
      isBeside = BESIDE.test(title);
      if (isBeside || FORM.test(title)) {
        if (!isBeside && heading["rest"]) lines.push({ text: heading["rest"], frame: null });
        continue;
      }
    }
    if (isBeside && frame === null) continue;
    if (frame !== null) lines.push({ text: wordsOf(frame), frame });
    else if (!isNoise(line) && !isNameLine(line, all[index + 1])) lines.push({ text: line, frame: echoes });
    // Python prints the line of code below each frame.
    echoes = frame !== null && /^\s*File "/.test(line) && /^\s/.test(all[index + 1] ?? "") ? frame : null;
  }
  return lines;
}

function isNoise(line: string): boolean {
  return (
    NOISE.test(line) ||
    PROMISE.test(line) ||
    PROMPT.test(line) ||
    (line.trimEnd().endsWith(":") && FORM.test(plainTitle(line)))
  );
}

function isNameLine(line: string, next: string | undefined): boolean {
  return functionNamedIn(line) !== null && next !== undefined && frameOf(next) !== null;
}

function wordsOf({ path, name }: TaskPlace): string {
  return `${lastNames(name).join(".")} ${path.slice(path.lastIndexOf("/") + 1)}`.trim();
}

function plainTitle(title: string): string {
  return title.toLowerCase().replaceAll(/^[^\p{L}]+|[^\p{L})]+$/gu, "");
}

/** The frames, innermost first: Python lists them last, and the JVM prints the cause behind its consequence. */
function framesOf(lines: readonly ReadLine[]): readonly TaskPlace[] {
  const blocks: TaskPlace[][] = [[]];
  for (const { frame } of lines) {
    if (frame === null) blocks.push([]);
    else if (blocks.at(-1)?.at(-1) !== frame) blocks.at(-1)?.push(frame);
  }
  const traces = blocks.filter(({ length }) => length > 0);
  const isJvm = traces.some(([first]) => /\.(?:java|kt|kts|scala|groovy|clj)$/.test(first?.path ?? ""));
  const isPython = traces.some(([first]) => /\.pyi?$/.test(first?.path ?? ""));
  if (isPython) return traces.flatMap((trace) => trace.toReversed());
  return (isJvm ? traces.toReversed() : traces).flat();
}
