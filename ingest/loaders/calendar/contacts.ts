import { headedEntry } from "../headed-entry.ts";
import type { LoadedText } from "../loader.ts";
import { type Component, type ContentLine, lineOf, lineValue, partsOf, readComponents } from "./content-lines.ts";

const LABELS: Readonly<Record<string, string>> = {
  NICKNAME: "Nickname",
  ORG: "Organization",
  TITLE: "Job title",
  ROLE: "Role",
  TEL: "Phone",
  EMAIL: "Email",
  ADR: "Address",
  BDAY: "Birthday",
  ANNIVERSARY: "Anniversary",
  URL: "Website",
  IMPP: "Messages",
  "X-SOCIALPROFILE": "Profile",
  RELATED: "Related",
  "X-ABRELATEDNAMES": "Related",
  CATEGORIES: "Categories",
  NOTE: "Note",
};
/** Types that say nothing to a reader. */
const TECHNICAL_TYPES: ReadonlySet<string> = new Set(["pref", "voice", "internet", "x-internet", "uri", "text"]);

/** Contacts (`.vcf`) as Markdown: a heading for each person, then a list. Pictures, sounds and keys are left out. */
export function loadContacts(text: string): LoadedText {
  const cards = readComponents(text).filter(({ name }) => name === "VCARD");
  return { text: cards.map(renderCard).join("\n"), title: null };
}

function renderCard(card: Component): string {
  const labels = new Map(
    card.lines.filter(({ name }) => name === "X-ABLABEL").map((line) => [line.group, lineValue(line)]),
  );
  const facts = card.lines.flatMap((line): readonly (readonly [string, string])[] => {
    const label = Object.hasOwn(LABELS, line.name) ? LABELS[line.name] : undefined;
    const kind = kindOf(line, labels);
    return label === undefined ? [] : [[`${label}${kind === "" ? "" : ` (${kind})`}`, showValue(line)]];
  });
  return headedEntry(`## ${nameOf(card)}`, { facts });
}

function nameOf(card: Component): string {
  const written = lineValue(lineOf(card, "FN"));
  if (written !== "") return written;
  const name = lineOf(card, "N");
  const [last = "", first = "", middle = ""] = name === undefined ? [] : partsOf(name);
  const full = [first, middle, last].filter((part) => part !== "").join(" ");
  const organization = lineOf(card, "ORG");
  return full || (organization === undefined ? "" : showValue(organization)) || "(no name)";
}

function showValue(line: ContentLine): string {
  if (line.name === "ADR") return addressOf(line);
  if (line.name === "ORG")
    return partsOf(line)
      .filter((part) => part !== "")
      .join(", ");
  const value = lineValue(line).replace(/^(?:tel|mailto|xmpp|sip):/i, "");
  // Dates may stand without hyphens, and without a year.
  return line.name === "BDAY" || line.name === "ANNIVERSARY"
    ? value.replace(/^(\d{4})(\d\d)(\d\d)(?:T.*)?$/, "$1-$2-$3")
    : value;
}

/** Post office box, extension, street, town, region, code, country: the code stands before the town. */
function addressOf(line: ContentLine): string {
  const [box = "", extension = "", street = "", town = "", region = "", code = "", country = ""] = partsOf(line);
  return [box, extension, street, `${code} ${town}`.trim(), region, country].filter((part) => part !== "").join(", ");
}

function kindOf({ group, parameters }: ContentLine, labels: ReadonlyMap<string, string>): string {
  const label = labels.get(group)?.replace(/^_\$!<(.*)>!\$_$/, "$1");
  if (group !== "" && label !== undefined) return label.toLowerCase();
  const types = (parameters.get("TYPE") ?? "").toLowerCase().split(",");
  return [...new Set(types)].filter((type) => type !== "" && !TECHNICAL_TYPES.has(type)).join(", ");
}
