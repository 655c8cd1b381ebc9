import { LIST_ITEM } from "../../src/lexical/line-forms.ts";
import type { Paragraph } from "./paragraphs.ts";

/** Paragraphs that belong together: a table, a list or a fence of code, or one paragraph of prose. */
export interface Block {
  readonly kind: "prose" | "table" | "list" | "fence";
  readonly paragraphs: readonly Paragraph[];
}

const INDENTED = /^(?: {2}|\t)/;
/** How many paragraphs a block may have; a longer one is not kept whole. */
const MOST_PARAGRAPHS = 1_000;

/** Gathers the paragraphs of a text into blocks. */
export function* blocks(text: string, paragraphs: Iterable<Paragraph>): Generator<Block> {
  let open: { kind: Block["kind"]; paragraphs: Paragraph[] } | null = null;
  for (const paragraph of paragraphs) {
    const last = open?.paragraphs.at(-1);
    const content = text.slice(paragraph.start, paragraph.end);
    if (
      open !== null &&
      last !== undefined &&
      open.paragraphs.length < MOST_PARAGRAPHS &&
      continues(open.kind, paragraph, { last, content, gap: text.slice(last.end, paragraph.start) })
    ) {
      open.paragraphs.push(paragraph);
      continue;
    }
    if (open !== null) yield open;
    open = { kind: kindOf(paragraph, content), paragraphs: [paragraph] };
  }
  if (open !== null) yield open;
}

function kindOf({ isHeading, isVerbatim, isRow, fence }: Paragraph, content: string): Block["kind"] {
  if (isHeading) return "prose";
  if (fence !== null) return "fence";
  if (isRow) return "table";
  return !isVerbatim && LIST_ITEM.test(content) ? "list" : "prose";
}

function continues(
  kind: Block["kind"],
  { isHeading, isRow, fence }: Paragraph,
  { last, content, gap }: { readonly last: Paragraph; readonly content: string; readonly gap: string },
): boolean {
  if (isHeading) return false;
  switch (kind) {
    case "prose":
      return false;
    case "fence":
      return fence !== null && fence === last.fence;
    case "table":
      return isRow && !/(?:\r\n|\n|\r).*(?:\r\n|\n|\r)/.test(gap);
    case "list":
      return INDENTED.test(content);
  }
}
