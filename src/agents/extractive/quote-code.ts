import { CODE_LANGUAGES } from "../../domain/code.ts";
import { COMMENT_LINE } from "./code-lines.ts";
import { indentationOf, indentOf, type PassageSentence } from "./passage-sentence.ts";

/** What is quoted from. */
export interface Quoting {
  /** Whether the question asks for instructions, which code belongs to. */
  readonly wantsCode: boolean;
  /** Sentences that stand in the answer already. */
  readonly done: Set<PassageSentence>;
  /** What the answer is to, which decides what stands in front of a sentence; see `labelOf`. @default nothing */
  readonly question?: string;
  /**
   * Whether a sentence goes on in the paragraph of the one quoted before, so that what stands in front of that holds for it.
   * @default false
   */
  readonly goesOn?: boolean;
}

const MOST_LINES = 20;
const CLOSES = /^[)\]}]/;
const GOES_ON = /\\\s*$/;
const FENCE_MARK = /^(?:`{3,}|~{3,})\s*([\w+#-]*)/;

/**
 * The fenced block around a line of code; in source code the definition around it. Where that is long, the part from that
 * line on. A block whose end the passage does not have stops before a command that is not complete.
 */
export function quoteBlock(line: PassageSentence, { done }: Quoting): string {
  const block = line.siblings.filter((one) => one.block === line.block);
  const isSource = CODE_LANGUAGES.has(line.passage.hit.language);
  const whole = isSource ? definitionAround(line, block) : block;
  const at = whole.indexOf(line);
  const from = whole.length <= MOST_LINES || (isSource && at < MOST_LINES) ? 0 : at;
  const part = whole.slice(from, from + MOST_LINES);
  const lines = part.slice(0, part.findLastIndex(({ text }) => !GOES_ON.test(text)) + 1);
  for (const one of isSource ? part : block) done.add(one);
  const [first] = lines;
  const last = lines.at(-1);
  if (first === undefined || last === undefined) return "";
  const { text, language } = line.passage.hit;
  const code = indentationOf(first) + text.slice(first.span.start, last.span.end);
  const opening = line.siblings[(block[0]?.position ?? 0) - 1];
  const written = FENCE_MARK.exec(opening?.text ?? "")?.[1] ?? "";
  const fence = code.includes("```") ? "````" : "```";
  return `${fence}${written === "" && isSource ? language : written}\n${code}\n${fence}`;
}

/** The lines from the one without indentation that begins a definition, with the comment above it, to its end. */
function definitionAround(line: PassageSentence, block: readonly PassageSentence[]): readonly PassageSentence[] {
  const isOuter = (one: PassageSentence | undefined): boolean => one !== undefined && indentOf(one) === 0;
  const begins = (one: PassageSentence | undefined): boolean => isOuter(one) && !CLOSES.test(one?.text ?? "");
  const at = block.indexOf(line);
  let head = at;
  while (head < block.length - 1 && isComment(block[head])) head += 1;
  let start = head;
  while (start > 0 && !begins(block[start])) start -= 1;
  while (start > 0 && isComment(block[start - 1])) start -= 1;
  let end = head + 1;
  while (end < block.length && !begins(block[end]) && !isComment(block[end])) end += 1;
  return block.slice(start, end);
}

/** A comment of a definition; those within it stand further in. */
function isComment(line: PassageSentence | undefined): boolean {
  if (line === undefined || indentOf(line) > 1) return false;
  return line.text.split("\n").every((one) => COMMENT_LINE.test(one.trimStart()));
}
