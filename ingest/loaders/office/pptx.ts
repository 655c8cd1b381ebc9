import type { LoadedText, Unreadable } from "../loader.ts";
import { type OfficePackage, openOfficePackage, relationId } from "./office-package.ts";
import { readShapes } from "./pptx-shapes.ts";
import { renderSlides, type Slide } from "./slides.ts";
import { childAt, childrenOf } from "../xml-elements.ts";

/**
 * A PowerPoint presentation (`.pptx`, `.pptm`, `.ppsx`) as Markdown, a page for each slide: title, lists, tables, charts,
 * diagrams, descriptions of pictures, and the speaker's notes. Comments and what stands on the master slides are left out.
 */
export function loadPptx(bytes: Uint8Array): LoadedText | Unreadable {
  const file = openOfficePackage(bytes);
  if (file === null) return { unreadable: "too large when unpacked" };
  const targets = new Map(file.relationsOf(file.main).map(({ id, target }) => [id, target]));
  const missing: number[] = [];
  const slides = childrenOf(childAt(file.tree(file.main), "sldIdLst"), "sldId").map((entry, index): Slide => {
    const slide = readSlide(file, targets.get(relationId(entry)) ?? "");
    if (slide === null) missing.push(index + 1);
    return slide ?? { title: "", body: [], notes: [], isHidden: false };
  });
  const loaded = renderSlides(slides, file.title);
  const notes =
    missing.length === 0
      ? []
      : [`the presentation lacks its ${missing.length === 1 ? "slide" : "slides"} ${missing.join(", ")}`];
  return { ...loaded, notes: [...notes, ...(loaded.notes ?? [])] };
}

/** A slide; null where its part is missing. */
function readSlide(file: OfficePackage, part: string): Slide | null {
  const slide = file.tree(part);
  if (slide === undefined) return null;
  const { title, body } = readShapes(slide, { file, part });
  const notesPart = file.relationsOf(part).find(({ type }) => type === "notesSlide")?.target ?? "";
  const { body: notes } = readShapes(file.tree(notesPart), { file, part: notesPart });
  return { title, body, notes, isHidden: ["0", "false"].includes(slide.attributes["show"] ?? "1") };
}
