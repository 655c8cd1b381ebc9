import type { Passage } from "../../domain/answer.ts";
import type { Span } from "../../domain/document.ts";
import { lineStart } from "../../lexical/line-start.ts";
import type { Turn } from "../../lexical/turns.ts";

/** What kind of line a sentence stands on; a setting is a line between the rules at the top of a file. */
export type SentenceKind = "prose" | "list" | "table" | "code" | "heading" | "fence" | "setting";

/** One sentence of a passage with its surroundings. */
export interface PassageSentence {
  readonly passage: Passage;
  /** What a reader sees of it: no leading list marker, no targets of links, no marks of a quoted block. Code is exact. */
  readonly text: string;
  /** Place in the passage's text, of all that is written there. */
  readonly span: Span;
  readonly kind: SentenceKind;
  /** All sentences of its passage, in order, and its place among them. */
  readonly siblings: readonly PassageSentence[];
  readonly position: number;
  /** The headings above it within the passage, and the document's title. */
  readonly headings: string;
  /** The fenced block that it is in; absent outside of code. */
  readonly block?: number | undefined;
  /** For an item of a checklist, whether it is ticked off; otherwise absent. */
  readonly isDone?: boolean | undefined;
  /** For a table's row, the names of the columns if the passage holds them; otherwise absent. */
  readonly columns?: readonly string[] | undefined;
  /** What somebody says that it is part of; absent outside of chats and interviews. */
  readonly turn?: Turn | undefined;
  /** For a line of YAML or JSON, the keys above it, which say what it is about; absent elsewhere. */
  readonly label?: string;
}

/** The sentence so many places behind one in its passage; before it for a negative number. */
export function beside({ siblings, position }: PassageSentence, places: number): PassageSentence | undefined {
  return siblings[position + places];
}

/** The heading right above a sentence, or the document's title; may be empty. */
export function lastHeading({ headings }: Pick<PassageSentence, "headings">): string {
  return headings.split("\n").at(-1) ?? "";
}

/** What stands before a sentence on its line: its indentation, and the marker of an item. */
export function beforeOnLine({ passage, span: { start } }: PassageSentence): string {
  const { text } = passage.hit;
  return text.slice(lineStart(text, start), start);
}

/** The blanks and tabs that the line of a sentence begins with. */
export function indentationOf(sentence: PassageSentence): string {
  return /^[ \t]*/.exec(beforeOnLine(sentence))?.[0] ?? "";
}

/** How far the line of a sentence is indented, in blanks; a tab counts as four. */
export function indentOf(sentence: PassageSentence): number {
  return indentationOf(sentence).replaceAll("\t", "    ").length;
}
