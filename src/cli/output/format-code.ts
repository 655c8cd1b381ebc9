import type { CodeFile, CodePlace, CodeResult } from "../../domain/code.ts";
import type { CommandContext } from "../command-context.ts";
import { createWordMatcher, type WordMatcher } from "../../domain/match-words.ts";
import { markWords, pickLines } from "./pick-lines.ts";
import { formatPlace } from "./source-link.ts";
import { shorten } from "./text-layout.ts";

const INDENT = "   ";

/** The files for a task for a person: rank, place and symbol, the lines that match best, then the file's other places. */
export function formatCode({ task, files }: CodeResult, context: CommandContext): string {
  const matcher = createWordMatcher(task);
  return files.map((file) => formatFile(file, { matcher, context })).join("\n\n");
}

function formatFile(
  file: CodeFile,
  { matcher, context }: { readonly matcher: WordMatcher; readonly context: CommandContext },
): string {
  const { colors } = context;
  const [first, ...others] = file.places;
  if (first === undefined) return `${file.rank}.  ${formatPlace(file, context)}`;
  const head = [`${file.rank}.`, formatPlace({ ...file, lines: first.lines }, context), ...symbolOf(first, context)];
  const also = others.map((place) => {
    const parts = [formatPlace({ ...file, lines: place.lines }, context), ...symbolOf(place, context)];
    return `${INDENT}${colors.dim("also")}  ${parts.join("  ")}`;
  });
  return [head.join("  "), ...formatParts(file, context), ...formatLines(first, { matcher, context }), ...also].join(
    "\n",
  );
}

/** The parts of the score that are not 0; nothing unless they were asked for. */
function formatParts({ score, parts }: CodeFile, { colors }: CommandContext): readonly string[] {
  if (parts === undefined) return [];
  const told = Object.entries(parts)
    .filter(([, part]) => Math.abs(part) >= 0.005)
    .map(([name, part]) => `${name} ${part.toFixed(2)}`);
  return [`${INDENT}${colors.dim(`${score.toFixed(2)} = ${told.join(", ")}`)}`];
}

function symbolOf({ symbol }: CodePlace, { colors }: CommandContext): readonly string[] {
  return symbol === null ? [] : [colors.dim(shorten(symbol, 60))];
}

/** The lines with their numbers, so that they can be found in an editor. */
function formatLines(
  { text, lines }: CodePlace,
  { matcher, context }: { readonly matcher: WordMatcher; readonly context: CommandContext },
): readonly string[] {
  const { colors, width } = context;
  const gutter = String(lines.end).length;
  const picked = pickLines(text, { matcher, width: width - INDENT.length - gutter - 2, firstLine: lines.start });
  return picked.map(
    ({ text: one, line }) =>
      `${INDENT}${colors.dim(String(line).padStart(gutter))}  ${markWords(one, { matcher, colors })}`,
  );
}
