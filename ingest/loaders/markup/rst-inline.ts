import { oneLine } from "../../../src/domain/one-line.ts";
import { replaceInline } from "./markup-lines.ts";

/** Roles whose text is read as code. */
const CODE_ROLES =
  /^(?:[\w-]+:)?(?:func|meth|class|mod|attr|exc|data|const|obj|type|var|macro|member|file|command|program|option|envvar|samp|kbd|keyword|code|literal|token|confval|setting|sql|bash|shell|python|js|json|html|css)$/i;
/** Roles of many projects for what is discussed under a number. */
const NUMBER_ROLES = /^(?:issue|pull|pr|gh|bug|ticket|mr)$/i;
const CALLED_ROLES = /^(?:[\w-]+:)?(?:func|meth)$/i;
const INLINE = new RegExp(
  [
    /``(?<literal>[^`]{1,2000}(?:`[^`]{1,2000}){0,9})``/.source,
    /(?<![\w:]):(?<role>[A-Za-z][\w:.+-]{0,60}):`(?<content>[^`]{1,2000})`/.source,
    /`(?<quoted>[^`]{1,2000})`(?:(?<mark>__?)(?<tail>[.,;:!?)]{0,5}))?/.source,
    /\[(?<note>[#*\w][\w.-]{0,60}|[#*])\]_(?!\w)/.source,
    /(?<![\w`])(?<word>[A-Za-z0-9](?:[\w.+-]{0,80}[A-Za-z0-9])?)(?<anonymous>__?)(?!\w)/.source,
    String.raw`\\(?<escaped>\s)`,
  ].join("|"),
  "g",
);

/** Where the names that links refer to lead, in lower case with single blanks. */
export type LinkTargets = ReadonlyMap<string, string>;

/** The name of a link target as it is compared. */
export function targetName(name: string): string {
  return oneLine(name).toLowerCase();
}

/** Turns what stands within the lines of a paragraph into Markdown; the number of line breaks stays. */
export function convertRstInline(text: string, targets: LinkTargets): string {
  return replaceInline(text, INLINE, (groups, whole) => replacementOf(whole, groups, targets) + (groups["tail"] ?? ""));
}

function replacementOf(
  whole: string,
  {
    literal,
    role,
    content,
    quoted,
    mark,
    note,
    word,
    anonymous,
    escaped,
  }: Readonly<Record<string, string | undefined>>,
  targets: LinkTargets,
): string {
  if (literal !== undefined) return literal.includes("`") ? whole : `\`${literal}\``;
  if (role !== undefined && content !== undefined) return roleText(role, content);
  if (quoted !== undefined) return mark === undefined ? `\`${shortName(quoted)}\`` : link(quoted, targets);
  if (note !== undefined) return `[${note}]`;
  if (word !== undefined) {
    if (anonymous === "__") return word;
    const url = targets.get(targetName(word));
    return url === undefined ? whole : `[${word}](${url})`;
  }
  return escaped === "\n" ? "\n" : "";
}

function roleText(role: string, content: string): string {
  const [, title, address = content] = /^([^<]*\S)\s*<([^<>]*)>$/.exec(content) ?? [];
  if (/^(?:pep|rfc)$/i.test(role)) return title ?? `${role.toUpperCase()} ${content.replace(/#.*$/s, "")}`;
  if (NUMBER_ROLES.test(role) && /^\d+$/.test(content)) return `#${content}`;
  const words = title ?? content.replace(/^\//, "");
  if (/^(?:[\w-]+:)?(?:ref|numref)$/i.test(role)) return `[${words}](#${address.trim()})`;
  if (/^(?:[\w-]+:)?doc$/i.test(role)) return `[${words}](${address.trim()}.rst)`;
  if (title !== undefined || !CODE_ROLES.test(role)) return title ?? content;
  const text = shortName(content);
  return `\`${text}${CALLED_ROLES.test(role) && !text.endsWith(")") ? "()" : ""}\``;
}

/** A name as it is shown: `~a.b.C` is C, and a mark in front only switches the link off. */
function shortName(name: string): string {
  return name.startsWith("~") ? name.replace(/^~(?:.*\.)?/s, "") : name.replace(/^[!.](?=\w)/, "");
}

function link(quoted: string, targets: LinkTargets): string {
  const [, words, address] = /^([^<]*)<([^<>]+)>$/.exec(quoted) ?? [];
  if (address === undefined) {
    const url = targets.get(targetName(quoted));
    return url === undefined ? quoted : `[${quoted}](${url})`;
  }
  const shown = (words ?? "").trimEnd();
  const target = address.replaceAll(/\s+/g, "");
  // `<name_>` leads to a target by its name.
  const url = target.endsWith("_") ? targets.get(targetName(address.replace(/_\s*$/, ""))) : target;
  if (url === undefined) return shown;
  return shown === "" ? `<${url}>` : `[${shown}](${url})`;
}
