import type { CodeBlock } from "./code-executor.ts";

/** Indentation, fence, info string: three or more of one mark, of which the closing fence has as many or more. */
const OPENING = /^([ \t]*)(`{3,}|~{3,})[ \t]*([^\s`]*)[^`]*$/;
const LINE = /\r\n|\r|\n/;

/**
 * The fenced code blocks of a text in order. A block may be indented, closed at the end of its last line, hold shorter
 * fences, or reach to the end of the text without a closing fence.
 */
export function extractCodeBlocks(text: string): readonly CodeBlock[] {
  const blocks: CodeBlock[] = [];
  let open: { indent: string; fence: string; language: string; lines: string[] } | null = null;
  for (const line of text.split(LINE)) {
    if (open === null) {
      const [, indent = "", fence, language = ""] = OPENING.exec(line) ?? [];
      if (fence !== undefined) open = { indent, fence, language: language.toLowerCase(), lines: [] };
      continue;
    }
    const { indent, fence, language, lines } = open;
    const closed = closing(line, fence);
    if (closed === null) {
      lines.push(line.startsWith(indent) ? line.slice(indent.length) : line.trimStart());
      continue;
    }
    if (closed !== "") lines.push(closed.startsWith(indent) ? closed.slice(indent.length) : closed.trimStart());
    blocks.push({ language, code: lines.join("\n") });
    open = null;
  }
  if (open !== null) blocks.push({ language: open.language, code: open.lines.join("\n").trimEnd() });
  return blocks.filter(({ code }) => code.trim() !== "");
}

/** What stands in front of the closing fence on its line; null when the line does not close the block. */
function closing(line: string, fence: string): string | null {
  const [mark = "`"] = fence;
  const trimmed = line.trimEnd();
  let length = 0;
  while (trimmed[trimmed.length - 1 - length] === mark) length += 1;
  return length >= fence.length ? trimmed.slice(0, trimmed.length - length).trimEnd() : null;
}
