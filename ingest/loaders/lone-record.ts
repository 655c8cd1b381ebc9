import { oneLine } from "../../src/domain/one-line.ts";
import { type ArticleCell, formatArticle, LEAST_LENGTH, TEXT_FIELDS, TITLE_FIELDS } from "./articles.ts";
import { textOf } from "./json-record.ts";
import { tidyTitle } from "./loader.ts";

/** A file with more fields is a list of settings or messages. */
const MOST_FIELDS = 30;
/** Texts for readers have so many words at least; what is shorter may be a name, a path or a value. */
const FEWEST_WORDS = 3;
/** What share of all characters stands in such texts. */
const LEAST_SHARE = 0.5;
const WORD = /(?<![^\s("'“‘])\p{L}[\p{L}\p{M}'’-]*(?=[\s,.;:!?)"'”’]|$)/gu;
const SENTENCE_END = /\p{L}{2}[)"'”’]?[.!?](?:\s|$)/u;
/** Writing without spaces between words. */
const UNSPACED = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]{6}/u;
const UNSPACED_END = /[。！？]/u;

type Value = string | number | boolean | null;

/** A field of a record. */
interface Field {
  readonly name: string;
  readonly values: readonly Value[];
  readonly isList: boolean;
}

/**
 * The one record of a JSON text as an article with its title, such as a recipe: an object of texts, numbers and lists of
 * them, not deeper, which has a title and is mostly sentences. Null for anything else, such as settings: those are better
 * read as they were written.
 */
export function loneArticle(value: unknown): { readonly text: string; readonly title: string } | null {
  const fields = fieldsOf(value);
  if (fields === null || fields.length > MOST_FIELDS) return null;
  const cells = fields.map(cellOf);
  const single = cells.filter(({ isBlock = false }) => !isBlock);
  const valueOf = (field: string): string => single.find(({ name }) => name.toLowerCase() === field)?.value ?? "";
  const named = TITLE_FIELDS.find((field) => tidyTitle(valueOf(field)) !== null) ?? "";
  const title = tidyTitle(valueOf(named));
  if (title === null || !isForReaders(fields)) return null;
  const text = TEXT_FIELDS.find((field) => valueOf(field) !== "") ?? null;
  return { text: formatArticle(cells, { title: named, text }), title };
}

/** The fields of an object; null where one holds more than plain values. */
function fieldsOf(value: unknown): readonly Field[] | null {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return null;
  const fields = Object.entries(value).map(([name, held]: [string, unknown]): Field | null => {
    const isList = Array.isArray(held);
    const values: readonly unknown[] = isList ? held : [held];
    return values.every(isPlain) ? { name, values, isList } : null;
  });
  return fields.every((field) => field !== null) ? fields : null;
}

function isPlain(value: unknown): value is Value {
  return value === null || typeof value !== "object";
}

/**
 * Whether most of a record is for readers: it holds a text as long as an article's or a list with sentences, and beside
 * them little that is no text.
 */
function isForReaders(fields: readonly Field[]): boolean {
  const hasText = fields.some(({ values, isList }) =>
    textsOf(values).some((text) => isSentence(text) && (isList || text.length >= LEAST_LENGTH)),
  );
  const texts = fields.flatMap(({ values }) => textsOf(values));
  return hasText && lengthOf(texts.filter(hasWords)) >= lengthOf(texts) * LEAST_SHARE;
}

function textsOf(values: readonly Value[]): readonly string[] {
  return values.filter((value) => typeof value === "string");
}

function hasWords(text: string): boolean {
  return (text.match(WORD)?.length ?? 0) >= FEWEST_WORDS || UNSPACED.test(text);
}

function isSentence(text: string): boolean {
  return hasWords(text) && (SENTENCE_END.test(text) || UNSPACED_END.test(text));
}

function lengthOf(texts: readonly string[]): number {
  return texts.reduce((sum, { length }) => sum + length, 0);
}

/** A field as a cell: several values are a list under the field's name. */
function cellOf({ name, values }: Field): ArticleCell {
  const texts = values.filter((value) => value !== null).map(textOf);
  if (texts.length < 2) return { name, value: texts[0] ?? "" };
  return { name, value: texts.map((text) => `- ${oneLine(text)}`).join("\n"), isBlock: true };
}
