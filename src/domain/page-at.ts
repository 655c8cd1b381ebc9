import type { PageStart, Span } from "./document.ts";
import type { Hit } from "./hit.ts";

/** The page on which a place of a text lies; null in front of the first one, and where there are no pages. */
export function pageAt(pages: readonly PageStart[], offset: number): number | null {
  return pages.findLast(({ start }) => start <= offset)?.page ?? null;
}

/**
 * The pages of a stretch of text: the one on which its first word stands, and those that begin behind that. The blank
 * between two pages belongs to neither.
 */
export function pagesOfText(
  pages: readonly PageStart[],
  { text, span }: { readonly text: string; readonly span: Span },
): Pick<Hit, "page" | "pageStarts"> {
  const from = span.start + text.length - text.trimStart().length;
  const page = pageAt(pages, from);
  const later = pages.filter(({ start }) => start > from && start < span.end);
  if (later.length === 0) return { page };
  return { page, pageStarts: later.map((one) => ({ page: one.page, start: one.start })) };
}

/** Where each page of a hit begins; empty for a document without pages. */
export function pageStartsOf({ page, span, pageStarts = [] }: Pick<Hit, "page" | "span" | "pageStarts">): PageStart[] {
  return page === null ? [] : [{ page, start: span.start }, ...pageStarts];
}

/** The numbers of a hit's pages (`3`, `3-5`); null for a document without pages. */
export function formatPages({ page, pageStarts = [] }: Pick<Hit, "page" | "pageStarts">): string | null {
  const last = pageStarts.at(-1)?.page ?? page;
  if (page === null || last === null) return null;
  return page === last ? String(page) : `${String(page)}-${String(last)}`;
}
