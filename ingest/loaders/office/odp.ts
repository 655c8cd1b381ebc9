import { oneLine } from "../../../src/domain/one-line.ts";
import type { LoadedText, Unreadable } from "../loader.ts";
import { bodyOf, openDocumentFile } from "./open-document.ts";
import { readBlocks, type TextReading } from "./open-document-text.ts";
import { renderSlides, type Slide } from "./slides.ts";
import { childAt, childrenOf, type XmlNode } from "../xml-elements.ts";

/** What repeats on every slide. */
const AROUND_TEXT: ReadonlySet<string> = new Set(["header", "footer", "date-time", "page-number", "page"]);

/** An OpenDocument presentation (`.odp`) as Markdown, a page for each slide, with the speaker's notes. */
export function loadOdp(bytes: Uint8Array): LoadedText | Unreadable {
  const file = openDocumentFile(bytes);
  if ("unreadable" in file) return file;
  const reading = { ...file, footnotes: [], isSlide: true };
  const pages = childrenOf(bodyOf(file.content, "presentation"), "page");
  return renderSlides(
    pages.map((page) => readSlide(page, reading)),
    file.title,
  );
}

function readSlide(page: XmlNode, reading: TextReading): Slide {
  const classOf = ({ attributes }: XmlNode): string => attributes["presentation:class"] ?? "";
  // What a placeholder says before somebody writes into it is in the file as well.
  const isShown = (shape: XmlNode): boolean =>
    !AROUND_TEXT.has(classOf(shape)) && shape.attributes["presentation:placeholder"] !== "true";
  const shapes = childrenOf(page).filter(isShown);
  const titled = shapes.find((shape) => classOf(shape) === "title");
  const title = readBlocks(titled === undefined ? [] : [titled], reading).join(" ");
  const notes = childrenOf(childAt(page, "notes")).filter((shape) => shape.name === "frame" && isShown(shape));
  const visibility = reading.styles.propertyOf(page.attributes["draw:style-name"], "presentation:visibility");
  return {
    title: oneLine(title.replace(/^#+ /, "")),
    body: shapes.filter((shape) => shape !== titled).flatMap((shape) => readBlocks([shape], reading)),
    notes: readBlocks(notes, reading),
    isHidden: visibility === "hidden",
  };
}
