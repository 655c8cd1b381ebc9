import type { Passage } from "../../domain/answer.ts";
import type { Span } from "../../domain/document.ts";

/** What kind of line a sentence stands on. */
export type SentenceKind = "prose" | "list" | "table" | "code" | "heading" | "fence";

/** One sentence of a passage with its surroundings. */
export interface PassageSentence {
  readonly passage: Passage;
  /** What a reader sees of it: no leading list marker, no targets of links, no marks of a quoted block. Code is exact. */
  readonly text: string;
  /** Place in the passage's text, of all that is written there. */
  readonly span: Span;
  readonly kind: SentenceKind;
  /** Position among the passage's sentences. */
  readonly position: number;
  /** The headings above it within the passage, and the document's title. */
  readonly headings: string;
  /** Which fenced block it stands in; null outside of code. */
  readonly block: number | null;
  /** The names of the columns of a table's row, where the passage holds them; null otherwise. */
  readonly columns: readonly string[] | null;
}
