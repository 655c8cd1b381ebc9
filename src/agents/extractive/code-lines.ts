import type { Passage } from "../../domain/answer.ts";
import { CODE_LANGUAGES } from "../../domain/code.ts";
import type { Span } from "../../domain/document.ts";
import { isFenceLine } from "../../lexical/fences.ts";
import { hasWords } from "../../lexical/sentences.ts";
import type { PassageSentence } from "./passage-sentence.ts";

/** A line whose beginning or end is not that of prose. */
const CODE_LINE = /[;{}]\s*$|^\s*[{[]["{]|^\s*(?:\/\/|\/\*|\*\/)/;
/** From this share of such lines on, a passage counts as code. */
const MOSTLY = 0.6;
/** A comment, a decorator or an attribute, in front of the line that it belongs to. */
export const COMMENT_LINE: RegExp = /^(?:\/\/|\/\*|\*|#(?!include|define|if|else|endif)|--(?!-)|@|"""|''')/;
/** A longer comment is text by itself, such as a licence. */
const LONGEST_COMMENT = 12;

/** Whether a passage is source code, or was cut from the middle of a block of it. */
export function isCodeAlone({ text, language }: Passage["hit"]): boolean {
  if (CODE_LANGUAGES.has(language)) return true;
  const lines = text.split(/\r\n|\r|\n/).filter((line) => hasWords(line));
  const code = lines.filter((line) => CODE_LINE.test(line));
  return !lines.some((line) => isFenceLine(line)) && code.length > lines.length * MOSTLY;
}

/** The lines of a passage that is only code, as one block; a comment and the line below it count as one. */
export function codeLines(passage: Passage): readonly PassageSentence[] {
  const { text, title, symbol } = passage.hit;
  const lines = [...text.matchAll(/\S.*/g)].map((line) => ({
    start: line.index,
    end: line.index + line[0].trimEnd().length,
    isComment: COMMENT_LINE.test(line[0]),
  }));
  const spans: Span[] = [];
  let comment = 0;
  for (const { start, end, isComment } of lines) {
    const joins = comment > 0 && comment <= LONGEST_COMMENT ? spans.pop() : undefined;
    spans.push({ start: joins?.start ?? start, end });
    comment = isComment ? comment + 1 : 0;
  }
  const sentences: PassageSentence[] = [];
  for (const [position, span] of spans.entries()) {
    sentences.push({
      passage,
      text: text.slice(span.start, span.end),
      span,
      kind: "code",
      siblings: sentences,
      position,
      headings: [title ?? "", symbol ?? ""].join("\n"),
      block: 0,
    });
  }
  return sentences;
}
