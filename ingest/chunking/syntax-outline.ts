import type { Tree, TreeCursor } from "web-tree-sitter";
import { type CodeLine, lineAt } from "./code-lines.ts";
import { plainLevel } from "./guess-outline.ts";
import { type CodeDefinition, type CodeOutline, LEVEL } from "./outline.ts";
import { readDefinition } from "./syntax-definitions.ts";

/** Options of {@link outlineOf}. */
export interface OutlineOptions {
  readonly text: string;
  readonly language: string;
  readonly lines: readonly CodeLine[];
  /** Whether a run of lines, both ends inclusive, fits into one piece. */
  readonly fits: (from: number, to: number) => boolean;
}

/** What stands above a definition and belongs to it. */
const LEADING = /comment|^decorator$|annotation$|attribute_item$|^attribute_list$|access_specifier/;
/** Node types that only wrap a definition, even on one line. */
const WRAPPER =
  /^(?:export_statement|decorated_definition|template_declaration|expression_statement|.*declaration(?:_list)?|.*_body)$/;
/** A function without a name of its own. */
const FUNCTION =
  /^(?:arrow_function|function_expression|lambda.*|closure_expression|func_literal|do_block|block_argument)$/;
/** Nodes deeper than this are not visited: generated code nests without end. */
const MAX_DEPTH = 100;

interface Place {
  readonly depth: number;
  readonly path: readonly string[];
  /** Whether the place is inside a function, in which only functions and large parts matter. */
  readonly isInFunction: boolean;
}

/**
 * Makes an outline from a syntax tree. A line may be cut before if a member of some list begins on it: a statement, a
 * method, an element. Comments and decorators above it come along.
 */
export function outlineOf(tree: Tree, options: OutlineOptions): CodeOutline {
  const { text, lines } = options;
  const contents = lines.map(({ start, end }) => text.slice(start, end));
  const levels = contents.map((_content, index) => plainLevel(index, { lines, contents }));
  const definitions: CodeDefinition[] = [];
  const cursor = tree.walk();
  try {
    visitChildren(cursor, { depth: 0, path: [], isInFunction: false }, { ...options, levels, definitions });
  } finally {
    cursor.delete();
  }
  return { levels, definitions };
}

interface Outlining extends OutlineOptions {
  readonly levels: number[];
  readonly definitions: CodeDefinition[];
}

interface Child {
  readonly from: number;
  readonly to: number;
  readonly isFirstOnLine: boolean;
}

function visitChildren(cursor: TreeCursor, place: Place, outlining: Outlining): void {
  if (place.depth > MAX_DEPTH || !cursor.gotoFirstChild()) return;
  /** First line of the comments whose definition has not come yet. */
  let leading: number | null = null;
  let previousEnd = -1;
  do {
    if (!cursor.nodeIsNamed) continue;
    const child = childAt(cursor, outlining);
    if (LEADING.test(cursor.nodeType)) {
      leading ??= leadingFrom(child, { previousEnd, outlining });
      if (leading === null) previousEnd = child.to;
      continue;
    }
    // A child with a field name is a part of something, such as a body; one without is a member of a list.
    if (child.isFirstOnLine && cursor.currentFieldName === null) {
      markCut(leading ?? child.from, { depth: place.depth, previousEnd, outlining });
    }
    leading = null;
    previousEnd = child.to;
    visit(cursor, { child, place, outlining });
  } while (cursor.gotoNextSibling());
  cursor.gotoParent();
}

function childAt(cursor: TreeCursor, { text, lines }: Outlining): Child {
  const { startIndex, endIndex } = cursor;
  const from = lineAt(lines, startIndex);
  let end = endIndex;
  // Some grammars include the line break after a comment or a directive in its node.
  while (end > startIndex + 1 && /\s/.test(text[end - 1] ?? "")) end -= 1;
  const lineStart = lines[from]?.start ?? 0;
  const isFirstOnLine = lines[from]?.isRest !== true && text.slice(lineStart, startIndex).trim() === "";
  return { from, to: lineAt(lines, Math.max(startIndex, end - 1)), isFirstOnLine };
}

/** The line where the comments that belong to what follows begin; null if this comment belongs to what is before it. */
function leadingFrom(
  child: Child,
  { previousEnd, outlining: { lines, text } }: { readonly previousEnd: number; readonly outlining: Outlining },
): number | null {
  if (!child.isFirstOnLine) return null;
  const after = lines[child.to + 1];
  const isFollowed = after !== undefined && text.slice(after.start, after.end).trim() !== "";
  return isFollowed || child.from > previousEnd + 1 || previousEnd === -1 ? child.from : null;
}

function markCut(
  line: number,
  {
    depth,
    previousEnd,
    outlining: { lines, text, levels },
  }: { readonly depth: number; readonly previousEnd: number; readonly outlining: Outlining },
): void {
  const before = lines[line - 1];
  // If another node ends on the same line, nothing can be cut there.
  if (before === undefined || previousEnd >= line) return;
  const isAfterBlank = text.slice(before.start, before.end).trim() === "";
  levels[line] = Math.min(levels[line] ?? LEVEL.anyLine, 2 * depth + (isAfterBlank ? 0 : 1));
}

function visit(
  cursor: TreeCursor,
  {
    child: { from, to },
    place,
    outlining,
  }: { readonly child: Child; readonly place: Place; readonly outlining: Outlining },
): void {
  const isLarge = to > from && !outlining.fits(from, to);
  const isSeen = !place.isInFunction || to > from;
  const found = isSeen ? readDefinition(cursor, { ...outlining, isInside: place.path.length > 0 }) : null;
  const inner = { ...place, depth: place.depth + 1 };
  if (found === null) {
    const isWrapper = WRAPPER.test(cursor.nodeType);
    if (!isLarge && (place.isInFunction || (to === from && !isWrapper))) return;
    const isInFunction = place.isInFunction || FUNCTION.test(cursor.nodeType);
    visitChildren(cursor, { ...inner, isInFunction }, outlining);
    return;
  }
  const { name, isContainer, isGroup, signature } = found;
  const path = [...place.path, ...name];
  outlining.definitions.push({ path, from, to, isContainer, isGroup, signature });
  if (isContainer || isLarge) {
    visitChildren(cursor, { ...inner, path, isInFunction: place.isInFunction || !isContainer }, outlining);
  }
}
