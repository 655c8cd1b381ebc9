import type { PageSpan } from "../domain/document.ts";

const NUMBERS_A_PAGE = 3;

/** Where the pages of a document lie as one short text, for stores; null where there are none. */
export function formatPageSpans(pages: readonly PageSpan[] | undefined): string | null {
  if (pages === undefined || pages.length === 0) return null;
  return JSON.stringify(pages.flatMap(({ page, start, end }) => [page, start, end]));
}

/** Reads what {@link formatPageSpans} wrote. Undefined for anything else. */
export function parsePageSpans(text: unknown): readonly PageSpan[] | undefined {
  if (typeof text !== "string" || !text.startsWith("[")) return undefined;
  const numbers: unknown = JSON.parse(text);
  if (!Array.isArray(numbers) || !numbers.every((number) => Number.isInteger(number))) return undefined;
  return Array.from({ length: Math.floor(numbers.length / NUMBERS_A_PAGE) }, (_, index) => {
    const [page, start, end] = numbers.slice(index * NUMBERS_A_PAGE, (index + 1) * NUMBERS_A_PAGE).map(Number);
    return { page: page ?? 1, start: start ?? 0, end: end ?? 0 };
  });
}
