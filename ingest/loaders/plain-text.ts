import type { LoadedText } from "./loader.ts";

/** Plain text is taken as it is; it has no title of its own. */
export function loadPlainText(text: string): LoadedText {
  return { text, title: null };
}
