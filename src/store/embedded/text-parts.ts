import { cutPlace } from "../cut-place.ts";

/**
 * Distance between the beginnings of two parts of a text, in UTF-16 code units. A part begins at a multiple of it, or
 * one unit earlier where a surrogate pair lies across; so no part is longer than 32,768.
 */
export const PART_STEP = 32_767;

/** How many parts one message to the thread holds: a megabyte or two, however long the text is. */
const PARTS_PER_MESSAGE = 32;

/** A stretch of a document's text, as it is stored. */
export interface TextPart {
  /** Its position among the parts of the text, from 0. */
  readonly part: number;
  /** Where it begins in the text. */
  readonly start: number;
  readonly text: string;
}

/** Cuts a text into lists of parts, each small enough for one message; an empty text gives one empty list. */
export function* partLists(text: string): Generator<readonly TextPart[]> {
  let list: TextPart[] = [];
  for (let part = 0, start = 0; start < text.length; part += 1) {
    const end = cutPlace(text, (part + 1) * PART_STEP);
    list.push({ part, start, text: text.slice(start, end) });
    start = end;
    if (list.length < PARTS_PER_MESSAGE && start < text.length) continue;
    yield list;
    list = [];
  }
  if (text === "") yield list;
}
