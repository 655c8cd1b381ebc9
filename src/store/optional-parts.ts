import type { DocumentRecord, FetchState, PageSpan } from "../domain/document.ts";
import { slices } from "../domain/slices.ts";
import { formatMetadata, parseMetadata } from "./metadata-text.ts";

const NUMBERS_A_PAGE = 3;

/**
 * The parts of a document's record that not every document has, by the names of their columns or fields, which are the
 * same in all stores; null where there is none. {@link optionalPartsOf} reads them back.
 */
export function storedParts({
  modifiedAt = null,
  fetched,
  metadata,
  pages = [],
  articles = [],
}: DocumentRecord): Record<string, string | number | null> {
  return {
    modified_at: modifiedAt,
    fetched: fetched === undefined ? null : JSON.stringify([fetched.etag, fetched.lastModified, fetched.links]),
    metadata: formatMetadata(metadata),
    pages: pages.length === 0 ? null : JSON.stringify(pages.flatMap(({ page, start, end }) => [page, start, end])),
    articles: articles.length === 0 ? null : JSON.stringify(articles),
  };
}

/** Reads what {@link storedParts} gave; anything else is left out. */
export function optionalPartsOf(
  stored: Readonly<Record<string, unknown>>,
): Pick<DocumentRecord, "modifiedAt" | "fetched" | "metadata" | "pages" | "articles"> {
  const modifiedAt = stored["modified_at"];
  const fetched = fetchStateOf(listOf(stored["fetched"]));
  const metadata = parseMetadata(stored["metadata"]);
  const pages = pagesOf(listOf(stored["pages"]));
  const articles = listOf(stored["articles"])?.filter((title) => typeof title === "string");
  return {
    ...(typeof modifiedAt === "number" && { modifiedAt }),
    ...(fetched !== undefined && { fetched }),
    ...(metadata !== undefined && { metadata }),
    ...(pages !== undefined && { pages }),
    ...(articles !== undefined && { articles }),
  };
}

function listOf(text: unknown): readonly unknown[] | undefined {
  return typeof text === "string" && text.startsWith("[") ? JSON.parse(text) : undefined;
}

function fetchStateOf(list: readonly unknown[] | undefined): FetchState | undefined {
  if (list === undefined) return undefined;
  const [etag, lastModified, links] = list;
  if (!isTextOrNull(etag) || !isTextOrNull(lastModified)) return undefined;
  const paths = Array.isArray(links) ? links.filter((link) => typeof link === "string") : null;
  return { etag, lastModified, links: paths };
}

function isTextOrNull(value: unknown): value is string | null {
  return value === null || typeof value === "string";
}

function pagesOf(numbers: readonly unknown[] | undefined): readonly PageSpan[] | undefined {
  if (numbers === undefined || !numbers.every((number) => Number.isInteger(number))) return undefined;
  return Array.from(slices(numbers, NUMBERS_A_PAGE), (some) => {
    const [page = 1, start = 0, end = 0] = some.map(Number);
    return { page, start, end };
  });
}
