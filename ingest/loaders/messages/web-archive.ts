import { loadHtml } from "../html.ts";
import { type LoadedText, tidyTitle, type Unreadable } from "../loader.ts";

/** A page saved by a browser or a program with all that belongs to it (`.mht`, `.mhtml`), read as its HTML is. */
export async function loadWebArchive(bytes: Uint8Array): Promise<LoadedText | Unreadable> {
  const { default: PostalMime } = await import("postal-mime");
  const { html, text = "", subject } = await PostalMime.parse(bytes);
  if (html === undefined) return text.trim() === "" ? { unreadable: "no page in it" } : { text, title: null };
  const page = loadHtml(html);
  return { ...page, title: page.title ?? tidyTitle(subject) };
}
