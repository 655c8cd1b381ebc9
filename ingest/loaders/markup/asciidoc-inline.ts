import { replaceInline } from "./markup-lines.ts";

const INLINE = new RegExp(
  [
    /`\+?(?<code>[^`\n]{1,2000}?)\+?`/.source,
    /\+\+(?<passed>[^+\n`]{1,200})\+\+/.source,
    /(?<![\w+\\])\+(?<literal>[^\s+`](?:[^+\n`]{0,200}[^\s+`])?)\+(?![\w+])/.source,
    /(?:link:|(?<![\w/]))(?<url>(?:https?|ftp|mailto):?[^\s[\]<>]{1,2000})\[(?<words>[^\]]{0,2000})\]/.source,
    /link:(?<file>[^\s[\]]{1,2000})\[(?<fileWords>[^\]]{0,2000})\]/.source,
    /<<(?<id>[^<>,]{1,500})(?:,(?<idWords>[^<>]{1,2000}))?>>/.source,
    /xref:(?<ref>[^\s[\]]{1,2000})\[(?<refWords>[^\]]{0,2000})\]/.source,
    /footnote:[\w-]{0,80}\[(?<note>[^\]]{0,2000})\]/.source,
    /(?<macro>kbd|btn|menu|pass|image|icon|stem|latexmath|asciimath|anchor|indexterm2?):[^\s[\]:]{0,500}\[(?<macroWords>[^\]]{0,2000})\]/
      .source,
    // A macro of the project's own, such as `linkgit:git-add[1]`.
    /(?<![\w/:])(?<own>[a-z][\w-]{1,30}):(?<ownTarget>[\w@.#/-]{1,300})\[(?<ownWords>[^\]]{0,500})\]/.source,
    /\[\[[^\][\n]{1,500}\]\]/.source,
    /\[[.#][^\][\n]{1,200}\]#(?<marked>[^#\n]{1,2000})#/.source,
    /\(\(\([^()]{1,500}\)\)\)/.source,
    /\(\((?<term>[^()]{1,500})\)\)/.source,
    /\{[\w-]{1,80}\}[^\s[\]{}]{0,500}\[(?<unknownWords>[^\]]{1,2000})\]/.source,
    / \+(?=\n|$)/.source,
  ].join("|"),
  "g",
);
const ATTRIBUTE = /`[^`\n]{1,2000}`|\{(?<attribute>[\w-]{1,80})\}/g;
/** Macros whose words nobody reads. */
const MUTE = new Set(["icon", "anchor", "indexterm"]);

/** Values of a document's own attributes by their names. */
export type Attributes = ReadonlyMap<string, string>;

/** Turns what stands within the lines of a paragraph into Markdown; the number of line breaks stays. */
export function convertAsciidocInline(text: string, attributes: Attributes): string {
  const filled = text.replaceAll(ATTRIBUTE, (whole: string, name: string | undefined) =>
    name === undefined ? whole : (attributes.get(name.toLowerCase()) ?? whole),
  );
  return replaceInline(filled, INLINE, replacementOf);
}

function replacementOf(groups: Readonly<Record<string, string | undefined>>): string {
  const { code, passed, literal, url, words, file, fileWords, id, idWords, ref, refWords, note, macro, macroWords } =
    groups;
  if (code !== undefined || passed !== undefined || literal !== undefined)
    return `\`${code ?? passed ?? literal ?? ""}\``;
  if (url !== undefined) return link(url, words);
  if (file !== undefined) return link(file, fileWords);
  if (id !== undefined) return link(`#${id.replace(/^.*#(?=.)/, "")}`, idWords);
  if (ref !== undefined) return link(ref, refWords);
  if (note !== undefined) return ` (${note})`;
  if (macro !== undefined) return MUTE.has(macro) ? "" : shown(macroWords ?? "");
  const { unknownWords, marked, term, ownTarget, ownWords = "" } = groups;
  // Behind the name of a manual page stands its section.
  if (ownTarget !== undefined)
    return /^\d\w?$/.test(ownWords) ? `${ownTarget}(${ownWords})` : shown(ownWords) || ownTarget;
  return unknownWords === undefined ? (marked ?? term ?? "") : shown(unknownWords);
}

function link(url: string, words: string | undefined): string {
  const text = shown(words ?? "");
  if (text !== "") return `[${text}](${url})`;
  return /^[a-z]+:\/\//.test(url) ? `<${url}>` : `[${url.replace(/^#/, "")}](${url})`;
}

/** The words between the brackets of a macro, without its settings. */
function shown(words: string): string {
  return words
    .replace(/,\s*(?:window|role|opts|options|title|width|height|align|id)=.*$/s, "")
    .replace(/\^$/, "")
    .replaceAll(/^"|"$/g, "")
    .trim();
}
