import { replaceInline } from "./markup-lines.ts";

const BEFORE = String.raw`(?<=^|[\s({'"\-—])`;
const AFTER = String.raw`(?=$|[\s.,;:!?'")}\[\-—\\])`;
const INLINE = new RegExp(
  [
    String.raw`\[\[(?<target>[^\][]{1,2000})\](?:\[(?<words>(?:[^\][]|\[[^\][]{0,200}\]){1,2000})\])?\]`,
    String.raw`${BEFORE}(?<mark>[~=])(?<code>(?!\s|\k<mark>)[^\n]{0,300}?(?:\n[^\n]{1,300}?)?(?<!\s))\k<mark>${AFTER}`,
    String.raw`${BEFORE}\*(?<bold>[^\s*](?:[^*\n]{0,300}[^\s*])?)\*${AFTER}`,
  ].join("|"),
  "gm",
);

/** Turns what stands within the lines of a paragraph into Markdown; the number of line breaks stays. */
export function convertOrgInline(text: string): string {
  return replaceInline(text, INLINE, ({ target, words, code, bold }, whole) => {
    if (code !== undefined) return code.includes("`") ? whole : `\`${code}\``;
    if (bold !== undefined) return `**${bold}**`;
    return link((target ?? "").replaceAll(/\s+/g, " "), words);
  });
}

function link(target: string, words: string | undefined): string {
  const address = target.replace(/^file:/, "").replace(/::.*$/, "");
  const isOutside = /^[a-z][\w+.-]*:|^[./~]|\.\w{1,5}$/i.test(address);
  if (words === undefined) return isOutside && /^https?:/.test(address) ? `<${address}>` : target.replace(/^[*#]/, "");
  return isOutside || address.startsWith("#") ? `[${words}](${address.replaceAll(/\s/g, "%20")})` : words;
}
