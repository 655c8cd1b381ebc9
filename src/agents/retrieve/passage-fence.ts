import { createHash } from "node:crypto";
import type { Passage } from "../../domain/answer.ts";
import { HEADING_SEPARATOR } from "../../domain/chunk.ts";
import { formatPages } from "../../domain/page-at.ts";

/** Makes the marker that fences the passages of one prompt. */
export type CreateMarker = () => string;

const LONGEST_LABEL = 200;

/**
 * 64 bits of a hash of the question and all passages: who writes one of them does not know the others, and finds no text
 * that holds its own hash. The same prompt always has the same marker, so that a kept reply (`cacheSeed`) fits it again.
 */
function createHashMarkers(texts: readonly string[]): CreateMarker {
  let draw = 0;
  return () => {
    draw += 1;
    return createHash("sha256")
      .update(JSON.stringify([draw, ...texts]))
      .digest("hex")
      .slice(0, 16);
  };
}

/**
 * A marker that occurs in none of the texts, so that none of them can close the fence around it. The texts are all that
 * the prompt quotes, the question among them.
 */
export function drawMarker(texts: readonly string[], createMarker: CreateMarker = createHashMarkers(texts)): string {
  for (let draw = 0; draw < 100; draw += 1) {
    const marker = createMarker();
    if (marker !== "" && !texts.some((text) => text.includes(marker))) return marker;
  }
  throw new Error("createMarker made 100 markers in a row that occur in the passages; it must make new ones.");
}

/** A passage between two lines that carry its number and the marker. */
export function fencePassage({ marker: number, hit }: Passage, marker: string): string {
  const { source, title, heading, lines, symbol } = hit;
  const pages = formatPages(hit);
  const place = [
    oneLine(source),
    title === null ? null : `"${oneLine(title)}"`,
    heading === undefined ? null : `under "${oneLine(heading.replaceAll(HEADING_SEPARATOR, " / "))}"`,
    symbol === null ? null : oneLine(symbol),
    pages === null ? null : `${pages === String(hit.page) ? "page" : "pages"} ${pages}`,
    `lines ${String(lines.start)}-${String(lines.end)}`,
  ];
  const label = place.filter((part) => part !== null).join(", ");
  return `<<${marker} passage [${String(number)}] ${label}>>\n${hit.text}\n<<${marker} end of [${String(number)}]>>`;
}

/** Names come from the documents too: they must not look like lines of the prompt. */
function oneLine(text: string): string {
  return text
    .replaceAll(/[\s\p{Cc}]+/gu, " ")
    .replaceAll(/[<>]/g, "")
    .slice(0, LONGEST_LABEL);
}
