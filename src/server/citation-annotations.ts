import type { Citation } from "../domain/answer.ts";
import { createCitationPicker, MARKER_PATTERN } from "../domain/cited-markers.ts";
import type { UrlAnnotation } from "./schemas/chat-completion-schema.ts";

/** Where the cited documents are shown. */
export interface AnnotationOptions {
  readonly citations: readonly Citation[];
  readonly collection: string;
  /** Address of the web page without a slash at its end, such as `http://127.0.0.1:8080`. */
  readonly baseUrl: string;
}

/** The citations of a text in OpenAI's form: one annotation for each place where a marker stands. */
export function annotationsOf(text: string, { citations, collection, baseUrl }: AnnotationOptions): UrlAnnotation[] {
  const pick = createCitationPicker(text, citations);
  return [...text.matchAll(new RegExp(MARKER_PATTERN, "g"))].flatMap((match) => {
    const citation = pick(Number(match[1]));
    if (citation === undefined) return [];
    return {
      type: "url_citation",
      url_citation: {
        url: baseUrl + documentLink(citation, collection),
        title: citation.title ?? citation.source,
        start_index: match.index,
        end_index: match.index + match[0].length,
      },
    };
  });
}

/** Where the web page shows a cited passage. */
function documentLink({ documentId, span }: Pick<Citation, "documentId" | "span">, collection: string): string {
  const query = new URLSearchParams({ span: `${span.start}-${span.end}`, collection });
  return `/#/documents/${encodeURIComponent(documentId)}?${query.toString()}`;
}
