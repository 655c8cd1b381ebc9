import { type CodeLine, isClosing } from "./code-lines.ts";
import { findDefinition, introducesDefinition } from "./definitions.ts";
import { type CodeDefinition, type CodeOutline, LEVEL, shortSignature } from "./outline.ts";

/**
 * The outline of code for which there is no grammar, guessed from how its lines look: cuts at definitions at the left
 * margin, then at nested ones, then at empty lines. Comments and decorators stay with what is below them.
 */
export function guessOutline(
  { text, language }: { readonly text: string; readonly language: string },
  lines: readonly CodeLine[],
): CodeOutline {
  const contents = lines.map(({ start, end }) => text.slice(start, end));
  const levels = contents.map((_content, index) => plainLevel(index, { lines, contents }));
  const definitions: CodeDefinition[] = [];
  let outer: CodeDefinition | null = null;
  for (const [index, content] of contents.entries()) {
    const found = lines[index]?.isRest === true ? null : findDefinition(content, language);
    if (found === null) continue;
    let begin = index;
    while (begin > 0 && introducesDefinition(contents[begin - 1] ?? "")) begin -= 1;
    levels[begin] = Math.min(levels[begin] ?? LEVEL.anyLine, found.isTopLevel ? 0 : 1);
    const parent: CodeDefinition | null = outer !== null && outer.to >= index && !found.isTopLevel ? outer : null;
    const definition: CodeDefinition = {
      path: [...(parent?.path ?? []), found.name],
      from: index,
      to: found.isTopLevel ? lastIndented(contents, index) : index,
      isContainer: found.isTopLevel,
      signature: shortSignature(content),
    };
    definitions.push(definition);
    if (found.isTopLevel) outer = definition;
  }
  return { levels, definitions };
}

/**
 * The level of a cut before a line, by empty lines alone: after an empty line it is better than elsewhere, inside a
 * line worst.
 */
export function plainLevel(
  index: number,
  { lines, contents }: { readonly lines: readonly CodeLine[]; readonly contents: readonly string[] },
): number {
  if (lines[index]?.isRest === true) return LEVEL.insideLine;
  const isAfterBlank = index > 0 && (contents[index - 1] ?? "").trim() === "";
  return isAfterBlank && !isClosing(contents[index] ?? "") ? LEVEL.afterBlank : LEVEL.anyLine;
}

function lastIndented(contents: readonly string[], from: number): number {
  let last = from;
  for (let index = from + 1; index < contents.length; index += 1) {
    const content = contents[index] ?? "";
    if (content.trim() === "") continue;
    if (!/^\s/.test(content) && !isClosing(content)) break;
    last = index;
  }
  return last;
}
