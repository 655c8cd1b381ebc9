import { hasSlides } from "../../src/domain/slides.ts";
import type { Chunker } from "./chunker.ts";

/**
 * Wraps a chunker so that no piece of a presentation goes over from one slide to the next: a piece is cited by the page
 * on which it begins.
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
        const slide = { language, text: text.slice(start, end) };
        for (const piece of chunker.cut(slide, note)) {
          yield { ...piece, span: { start: piece.span.start + start, end: piece.span.end + start } };
        }
      }
    },
  };
}
