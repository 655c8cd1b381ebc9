import { isFenceLine } from "../../lexical/fences.ts";
import { withoutLeadIn } from "./lead-in.ts";
import { formHeading, isFormLine } from "./task-forms.ts";
import { frameOf, functionNamedIn, lastNames, placesIn, type TaskPlace } from "./task-places.ts";

/** Lines around the frames of a trace that say nothing about the program. */
const NOISE =
  /^\s*(?:Traceback \(most recent call last\):|During handling of the above exception|The above exception was the direct cause|\.\.\. \d+ (?:more|common frames)|goroutine \d+ \[|panic\(\{?0x|\[Switching to Thread|\(gdb\)|stack backtrace:|note: run with `RUST_BACKTRACE|exit status \d+|at (?:async |new )?[\w$.<> ]+ \((?:<anonymous>|native|index \d+)\)|at <anonymous>|[-~^|=_\s]+$|={3,} .*={3,}$|<!--.*-->\s*$)/i;
const HEADING = /^\s{0,3}#{1,6}\s+(?<title>.+?)\s*#*$|^\s{0,3}\*\*(?<bold>[^*]+?):?\*\*:?\s*(?<rest>.*)$/;
/** Squashed commits stand behind such a line. */
const RULE = /^\s*-{3,}\s*$/;
const ERROR_LINE =
  /^(?:E\s)?\s*(?:[\w$]+[.:]+)*[A-Z][\w$]*(?:Error|Exception|Warning|Fault|Panic)\b\s*(?::|$)|^\s*(?:panic|error|fatal)\b.*:/i;
/** Addresses, hashes and times, which differ with each run. */
const RUN_NUMBERS =
  /\b0x[\da-f]{6,}\b\??|\b(?=[a-f]*\d)[\da-f]{16,}\b|\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d)?(?:[.,]\d+)?Z?\b|(?<=\.\w{1,6}):\d+(?::\d+)?\b/gi;
/** A link to where a change was talked about: the names in it are those of the project, not of what is meant. */
const THREAD =
  /\bhttps?:\/\/[^\s/]{1,100}\/[^\s/]{1,100}\/[^\s)>\]]{0,200}?(?:(?:issues|pulls?|merge_requests|discussions|actions\/runs)\/\d+|commits?\/[\da-f]{7,}|user-attachments\/)[^\s)>\]]*/g;

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
  const all = withoutLeadIn(task.trim().split(/\r\n|\r|\n/));
  const lines = all.length < 2 ? all.map((text) => ({ text, frame: null })) : readLines(all);
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
  const plain = lines.map(({ text }) => text.replaceAll(THREAD, " ").replaceAll(RUN_NUMBERS, " "));
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
  // A comment that nobody ends is none.
  const lastCommentEnd = all.findLastIndex((line) => line.includes("-->"));
  let isComment = false;
  for (const [index, line] of all.entries()) {
    isComment ||= !isFenced && index < lastCommentEnd && /^\s*<!--(?!.*-->)/.test(line);
    if (isComment || line.trim() === "") {
      if (line.includes("-->")) isComment = false;
      continue;
    }
    const frame = frameOf(line, all[index - 1]);
    if (isFenceLine(line)) isFenced = !isFenced;
    const heading = isFenced || frame !== null ? undefined : HEADING.exec(line)?.groups;
    if (heading !== undefined) {
      const form = formHeading(heading["title"] ?? heading["bold"] ?? "");
      isBeside = form === "beside";
      if (form !== null) {
        if (!isBeside && heading["rest"]) lines.push({ text: heading["rest"], frame: null });
        continue;
      }
    }
    if (RULE.test(line)) isBeside = false;
    const isForm = index > 0 && !isFenced && isFormLine(line);
    if (isBeside && frame === null) continue;
    if (frame !== null) lines.push({ text: wordsOf(frame), frame });
    else if (!NOISE.test(line) && !isForm && !isNameLine(line, all[index + 1]))
      lines.push({ text: line, frame: echoes });
    // Python prints the line of code below each frame.
    echoes = frame !== null && /^\s*File "/.test(line) && /^\s/.test(all[index + 1] ?? "") ? frame : null;
  }
  return lines;
}

function isNameLine(line: string, next: string | undefined): boolean {
  return functionNamedIn(line) !== null && next !== undefined && frameOf(next) !== null;
}

function wordsOf({ path, name }: TaskPlace): string {
  return `${lastNames(name).join(".")} ${path.slice(path.lastIndexOf("/") + 1)}`.trim();
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
