import DOMPurify from "dompurify";
import { Marked, type Tokens } from "marked";
import type { Citation } from "../domain/answer.ts";
import { createCitationPicker, MARKER_PATTERN } from "../domain/cited-markers.ts";
import { escapeHtml } from "../domain/escape-html.ts";
import { lineWords } from "./words.ts";

/** A marker with the word before it and a full stop behind it, which no end of a line should part. */
const WORD_AND_MARKER =
  /(?<=[\s>])[^\s<>]{1,24} <(?:button type="button"|span) class="marker"[^>]*>\d+<\/(?:button|span)>[.,;:!?]?/g;

interface MarkerToken extends Tokens.Generic {
  readonly marker: number;
}

/**
 * An answer's Markdown as safe HTML, with a button for each marker that has a citation: `data-citation` is the
 * citation's place in the list. HTML in the answer is shown as text; markers without a citation stay text too. Null
 * stands for citations that are not checked yet.
 */
export function renderAnswer(markdown: string, citations: readonly Citation[] | null): string {
  const pick = citations === null ? null : createCitationPicker(markdown, citations);
  // The question is a heading of the second rank; those of its answer follow it without a gap.
  let rank = 2;
  const marked = new Marked({
    gfm: true,
    renderer: {
      html: ({ text }) => escapeHtml(text),
      image: ({ text }) => escapeHtml(text),
      heading({ tokens, depth }) {
        rank = Math.min(depth + 2, rank + 1, 6);
        return `<h${rank}>${this.parser.parseInline(tokens)}</h${rank}>\n`;
      },
    },
    extensions: [
      {
        name: "marker",
        level: "inline",
        start: (source) => source.search(/\[\d/),
        tokenizer(source): MarkerToken | undefined {
          const match = MARKER_PATTERN.exec(source);
          if (match?.index !== 0) return undefined;
          return { type: "marker", raw: match[0], marker: Number(match[1]) };
        },
        renderer: (token) => markerHtml(Number(token["marker"]), { citations, pick }),
      },
    ],
  });
  const html = marked.parse(markdown, { async: false }).replaceAll(WORD_AND_MARKER, '<span class="unbroken">$&</span>');
  return DOMPurify.sanitize(html, {
    ALLOWED_TAGS:
      "a blockquote br button code del em h1 h2 h3 h4 h5 h6 hr li ol p pre span strong table tbody td th thead tr ul".split(
        " ",
      ),
    ALLOWED_ATTR: ["aria-label", "class", "data-citation", "href", "rel", "start", "target", "title", "type"],
  });
}

/** An answer's words alone, as a screen reader should say them. */
export function spokenAnswer(markdown: string): string {
  const { body } = new DOMParser().parseFromString(renderAnswer(markdown, null), "text/html");
  for (const marker of body.querySelectorAll(".marker")) marker.remove();
  return body.textContent
    .replaceAll(/\s+/g, " ")
    .replaceAll(/ (?=[.,;:!?])/g, "")
    .trim();
}

function markerHtml(
  marker: number,
  {
    citations,
    pick,
  }: {
    readonly citations: readonly Citation[] | null;
    readonly pick: ((marker: number) => Citation | undefined) | null;
  },
): string {
  if (citations === null || pick === null) return `<span class="marker">${marker}</span>`;
  const citation = pick(marker);
  if (citation === undefined) return `[${marker}]`;
  const { source, lines } = citation;
  const label = escapeHtml(`Citation ${marker}: ${source}, ${lineWords(lines)}`);
  return `<button type="button" class="marker" data-citation="${citations.indexOf(citation)}" aria-label="${label}" title="${label}">${marker}</button>`;
}

DOMPurify.addHook("afterSanitizeAttributes", (node) => {
  // These scroll where they are too wide, so that the keyboard must be able to reach them.
  if (node.tagName === "PRE" || node.tagName === "TABLE") node.setAttribute("tabindex", "0");
  // Answers may link anywhere; nobody there needs to learn of this page.
  if (node.tagName !== "A") return;
  node.setAttribute("target", "_blank");
  node.setAttribute("rel", "noopener noreferrer");
});
