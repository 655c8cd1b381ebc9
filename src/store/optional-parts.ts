import type { DocumentRecord } from "../domain/document.ts";
import { parseArticles } from "./article-text.ts";
import { parseFetchState } from "./fetch-state.ts";
import { parseMetadata } from "./metadata-text.ts";
import { parsePageSpans } from "./page-text.ts";

/** The parts of a document's record that not every document has, read from columns or fields of one name in all stores. */
export function optionalPartsOf(
  stored: Readonly<Record<string, unknown>>,
): Pick<DocumentRecord, "modifiedAt" | "fetched" | "metadata" | "pages" | "articles"> {
  const modifiedAt = stored["modified_at"];
  const fetched = parseFetchState(stored["fetched"]);
  const metadata = parseMetadata(stored["metadata"]);
  const pages = parsePageSpans(stored["pages"]);
  const articles = parseArticles(stored["articles"]);
  return {
    ...(typeof modifiedAt === "number" && { modifiedAt }),
    ...(fetched !== undefined && { fetched }),
    ...(metadata !== undefined && { metadata }),
    ...(pages !== undefined && { pages }),
    ...(articles !== undefined && { articles }),
  };
}
