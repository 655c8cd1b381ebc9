import type { LoadedDocument } from "../../src/domain/document.ts";
import { hasSlides } from "../../src/domain/slides.ts";
import type { Chunker } from "./chunker.ts";

/**
 * A chunker of the same cuts, but that no piece of a presentation goes over from one slide to the next: a piece has the
 * number of the page that it begins on, and what stands on a slide is cited by its number.
 */
export function slideBySlide(chunker: Chunker): Chunker {
  return {
    *cut(document, note) {
      const { language, text, pages = [] } = document;
      if (!hasSlides(language) || pages.length === 0) {
        yield* chunker.cut(document, note);
        return;
      }
      for (const { start, end } of pages) {
        const slide: Pick<LoadedDocument, "text" | "language"> = { language, text: text.slice(start, end) };
        for (const piece of chunker.cut(slide, note)) {
          yield { ...piece, span: { start: piece.span.start + start, end: piece.span.end + start } };
        }
      }
    },
  };
}
