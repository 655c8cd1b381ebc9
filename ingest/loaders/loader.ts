import type { DocumentMetadata } from "../../src/domain/document-metadata.ts";
import type { PageSpan } from "../../src/domain/document.ts";
import type { KnownFormat } from "./languages.ts";
import { oneLine } from "../../src/domain/one-line.ts";

/** What a loader makes of a source. */
export interface LoadedText {
  /** The text that every offset refers to. */
  readonly text: string;
  /** A title the source really has, else null. */
  readonly title: string | null;
  /** What the document is, if that differs from what the source's name says. */
  readonly format?: Pick<KnownFormat, "language" | "mediaType">;
  /** Where each page lies in the text, for paged formats. */
  readonly pages?: readonly PageSpan[];
  /** The metadata that the source holds, within the limits of metadata. */
  readonly metadata?: DocumentMetadata;
  /** Notes for readers on how the source was read; sentences without a full stop. */
  readonly notes?: readonly string[];
}

/** Why an intact source cannot be read, such as one with a password; for a damaged source the loader throws instead. */
export interface Unreadable {
  readonly unreadable: string;
}

/**
 * Longest title that is kept, in characters; a longer heading is a sentence, and would fill the chunk it is put in
 * front of.
 */
const MAX_TITLE_LENGTH = 200;

/** A title on one line without space around it, or null where nothing is left. */
export function tidyTitle(title: string | null | undefined): string | null {
  const tidy = oneLine(title ?? "");
  return tidy === "" || tidy.length > MAX_TITLE_LENGTH ? null : tidy;
}
