import type { PageSpan } from "../../../src/domain/document.ts";
import { type LoadedText, tidyTitle } from "../loader.ts";
import { hiddenNotes } from "./hidden-notes.ts";

/** One slide of a presentation. */
export interface Slide {
  /** Empty where it has none. */
  readonly title: string;
  /** The rest of it as Markdown, one text a shape. */
  readonly body: readonly string[];
  /** What only the speaker sees, as Markdown. */
  readonly notes: readonly string[];
  readonly isHidden: boolean;
}

/** Titles that programs put in by themselves. */
const NO_TITLE =
  /^(?:power\s?point[ -]|présentation|presentazione|presentación|folie|slide|diapositiv)[^.]{0,20}$|\.(?:pptx?|odp)$/i;

/**
 * A presentation as Markdown: each slide is a page with its title as heading, and its number where it has no title. Pages
 * are counted as the program counts slides, hidden ones among them; they are marked. The title is that of the properties,
 * else that of the first slide.
 */
export function renderSlides(slides: readonly Slide[], properties: string | null): LoadedText {
  const pages: PageSpan[] = [];
  const hidden: number[] = [];
  let text = "";
  for (const [index, { title, body, notes, isHidden }] of slides.entries()) {
    const page = index + 1;
    const spoken = notes.filter((part) => part !== "");
    const shown = body.filter((part) => part !== "");
    if (title === "" && shown.length === 0 && spoken.length === 0) continue;
    if (isHidden) hidden.push(page);
    const heading = `# ${title === "" ? `Slide ${page}` : title}${isHidden ? " (hidden slide)" : ""}`;
    const parts = [heading, ...shown, ...(spoken.length === 0 ? [] : ["## Speaker notes", ...spoken])];
    if (text !== "") text += "\n";
    const start = text.length;
    text += `${parts.join("\n\n")}\n`;
    pages.push({ page, start, end: text.length });
  }
  const named = properties === null || NO_TITLE.test(properties) ? null : properties;
  return { text, title: named ?? tidyTitle(slides[0]?.title), pages, notes: hiddenNotes("slide", hidden) };
}
