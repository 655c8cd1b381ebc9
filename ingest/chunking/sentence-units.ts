import type { Span } from "../../src/domain/document.ts";
import { splitSentences } from "../../src/lexical/sentences.ts";
import { cutLong } from "./cut-long.ts";
import type { SizeOptions } from "./measure.ts";
import type { Paragraph } from "./paragraphs.ts";
import type { TextUnit } from "./text-unit.ts";

/** Line breaks that exported chats write as a backslash and an n. */
const SPELT_BREAK = /(?:\\n)+(?![a-z])/g;

/** The sentences of a paragraph, and the parts of those over the budget; verbatim text counts as one sentence. */
export function* sentenceUnits(text: string, paragraph: Paragraph, size: SizeOptions): Generator<TextUnit> {
  for (const span of paragraph.isVerbatim ? [paragraph] : sentencesOf(text, paragraph)) {
    yield* cutLong(text, span, size);
  }
}

function* sentencesOf(text: string, paragraph: Paragraph): Generator<Span> {
  // A line break within a sentence reads as a blank; one blank for each break character keeps every offset.
  const content = text.slice(paragraph.start, paragraph.end).replaceAll(/[\r\n]/g, " ");
  let from = 0;
  for (const match of content.matchAll(SPELT_BREAK)) {
    yield* shifted(content.slice(from, match.index), paragraph.start + from, match[0].length);
    from = match.index + match[0].length;
  }
  yield* shifted(content.slice(from), paragraph.start + from, 0);
}

/**
 * The sentences of a part of a text, with their offsets in the text; the spelt-out break behind the part goes to the
 * last one.
 */
function* shifted(content: string, offset: number, breakLength: number): Generator<Span> {
  const sentences = splitSentences(content);
  for (const [index, { start, end }] of sentences.entries()) {
    const isLast = index === sentences.length - 1;
    yield { start: offset + start, end: isLast ? offset + content.length + breakLength : offset + end };
  }
  if (sentences.length === 0 && breakLength > 0) {
    yield { start: offset + content.length, end: offset + content.length + breakLength };
  }
}
