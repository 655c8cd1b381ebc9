import { tidyTitle } from "./loader.ts";
import { lowerHeadings } from "./lower-headings.ts";
import { oneLine } from "../../src/domain/one-line.ts";
import type { NamedCell } from "./table-rows.ts";

/** Which fields of a file's records hold the title and the text of an article. */
export interface ArticleFields {
  readonly title: string;
  /** Null where each text stands under a heading of its own. */
  readonly text: string | null;
}

/** A value of an article. */
export interface ArticleCell extends NamedCell {
  /**
   * Whether it is Markdown that stands under a heading, however short it is.
   * @default false
   */
  readonly isBlock?: boolean;
}

/** Fields that name a record, and fields that hold its text, the likelier first; in any case. */
export const TITLE_FIELDS: readonly string[] = ["title", "headline", "heading", "subject", "name"];
export const TEXT_FIELDS: readonly string[] = [
  "text",
  "body",
  "content",
  "contents",
  "article",
  "passage",
  "document",
  "markdown",
  "abstract",
  "description",
];
/** What share of the records must have both. */
const LEAST_SHARE = 0.9;
/** Average length from which texts are articles, in characters. Shorter ones read better as cells of a row. */
export const LEAST_LENGTH = 200;
/** A longer value is a text of its own below the article's, in characters. */
const LONGEST_FACT = 200;

/** The fields that make the records of a file articles with titles; null if they are rows of a table. */
export function articleFields(records: readonly (readonly NamedCell[])[]): ArticleFields | null {
  const least = Math.max(1, records.length * LEAST_SHARE);
  const title = TITLE_FIELDS.find(
    (field) => records.filter((record) => tidyTitle(valueOf(record, field)) !== null).length >= least,
  );
  if (title === undefined) return null;
  const text = TEXT_FIELDS.find((field) => {
    const lengths = records.map((record) => valueOf(record, field).trim().length);
    const total = lengths.reduce((sum, length) => sum + length, 0);
    return lengths.filter((length) => length > 0).length >= least && total >= lengths.length * LEAST_LENGTH;
  });
  return text === undefined ? null : { title, text };
}

/**
 * A record as an article in Markdown: its title as a heading of level 1, its text, and below it what else the record holds,
 * short values as a list and longer ones under headings.
 */
export function formatArticle(record: readonly ArticleCell[], fields: ArticleFields): string {
  const named = cellOf(record, fields.title);
  const text = fields.text === null ? undefined : cellOf(record, fields.text);
  const title = tidyTitle(named?.value);
  const others = record
    .filter((cell) => cell !== text && (cell !== named || title === null))
    .map(({ name, value, isBlock = isLong(value) }) => ({ name: oneLine(name), value: value.trim(), isBlock }))
    .filter(({ value }) => value !== "");
  const facts = others.filter(({ isBlock }) => !isBlock).map(({ name, value }) => `- ${name}: ${oneLine(value)}`);
  const longer = others.filter(({ isBlock }) => isBlock).map(({ name, value }) => `## ${name}\n\n${bodyOf(value)}`);
  const parts = [`# ${title ?? "(no title)"}`, bodyOf(text?.value ?? ""), facts.join("\n"), ...longer];
  return `${parts.filter((part) => part !== "").join("\n\n")}\n`;
}

/** The first cell of a field. */
function cellOf(record: readonly ArticleCell[], field: string): ArticleCell | undefined {
  return record.find(({ name }) => name.toLowerCase() === field);
}

/** The first value of a field; empty where the record has none. */
function valueOf(record: readonly NamedCell[], field: string): string {
  return cellOf(record, field)?.value ?? "";
}

function isLong(value: string): boolean {
  return value.length > LONGEST_FACT;
}

function bodyOf(text: string): string {
  return lowerHeadings(text.trim(), 1);
}
