import type { LoadedText } from "./loader.ts";

/** Source code is taken as it is, so that lines are the file's lines; it has no title, but symbols and a path. */
export function loadSourceCode(text: string): LoadedText {
  return { text, title: null };
}
