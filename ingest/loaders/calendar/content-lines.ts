import { oneLine } from "../../../src/domain/one-line.ts";

/** A line such as `TEL;TYPE=CELL:+47 911 22 333`, of which calendars (iCalendar) and contacts (vCard) consist. */
export interface ContentLine {
  /** In capitals, without the group before it (`item1.TEL`). */
  readonly name: string;
  /** The prefix that groups lines, such as `item1`; empty if there is none. */
  readonly group: string;
  /** Values by name in capitals; vCard 2.1's bare ones (`TEL;CELL`) under `TYPE`. */
  readonly parameters: ReadonlyMap<string, string>;
  /** As it is written, with its escapes. */
  readonly value: string;
}

/** A component, from its `BEGIN` to its `END`. */
export interface Component {
  /** Such as `VEVENT`, in capitals. */
  readonly name: string;
  readonly lines: readonly ContentLine[];
  readonly parts: readonly Component[];
}

interface GrowingComponent extends Component {
  readonly lines: ContentLine[];
  readonly parts: GrowingComponent[];
}

const LINE = /^(?:([\w-]+)\.)?([\w-]+)((?:;(?:[^":;]|"[^"]*")*)*):(.*)$/s;
const SOFT_BREAK = /=$/;

/**
 * Reads the components of a calendar or of contacts. Invalid lines are ignored, and a component without an end ends
 * with the text: a single bad line must not cost all the others.
 */
export function readComponents(text: string): readonly Component[] {
  const top: GrowingComponent[] = [];
  const open: GrowingComponent[] = [];
  for (const line of contentLines(text)) {
    const around = open.at(-1);
    if (line.name === "BEGIN") {
      const component = { name: line.value.trim().toUpperCase(), lines: [], parts: [] };
      (around?.parts ?? top).push(component);
      open.push(component);
    } else if (line.name === "END") open.pop();
    else around?.lines.push(line);
  }
  return top;
}

function* contentLines(text: string): Generator<ContentLine> {
  // A line continues in the next one if that begins with white space.
  const lines = text.replaceAll(/\r?\n[ \t]/g, "").split(/\r\n|\n|\r/);
  for (let index = 0; index < lines.length; index += 1) {
    const [, group = "", name, parameters = "", value = ""] = LINE.exec(lines[index] ?? "") ?? [];
    if (name === undefined) continue;
    const read = readParameters(parameters);
    const line = { name: name.toUpperCase(), group, parameters: read, value };
    if (read.get("ENCODING")?.toUpperCase() !== "QUOTED-PRINTABLE") {
      yield line;
      continue;
    }
    let whole = value;
    while (SOFT_BREAK.test(whole) && index + 1 < lines.length) {
      index += 1;
      whole = whole.slice(0, -1) + (lines[index] ?? "");
    }
    yield { ...line, value: decodeQuotedPrintable(whole, read.get("CHARSET")) };
  }
}

function readParameters(written: string): ReadonlyMap<string, string> {
  const parameters = new Map<string, string>();
  for (const [, name = "", value] of written.matchAll(/;([^=;":]*)(?:=((?:[^";]|"[^"]*")*))?/g)) {
    const isBare = value === undefined;
    const key = isBare ? (isEncoding(name) ? "ENCODING" : "TYPE") : name.toUpperCase();
    const one = (isBare ? name : value).replaceAll('"', "");
    const before = parameters.get(key);
    parameters.set(key, before === undefined ? one : `${before},${one}`);
  }
  return parameters;
}

function isEncoding(bare: string): boolean {
  return ["QUOTED-PRINTABLE", "BASE64"].includes(bare.toUpperCase());
}

function decodeQuotedPrintable(written: string, charset = "utf-8"): string {
  const bytes = Buffer.from(
    written.replaceAll(/=([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    "latin1",
  );
  try {
    return new TextDecoder(charset).decode(bytes);
  } catch (error) {
    // An encoding that the platform does not know.
    if (error instanceof RangeError) return new TextDecoder().decode(bytes);
    throw error;
  }
}

/** The first line of a name, else undefined. */
export function lineOf({ lines }: Component, name: string): ContentLine | undefined {
  return lines.find((line) => line.name === name);
}

/** A value without its escapes (`\,`, `\n`), with its line breaks. */
export function textValue(value: string): string {
  return value.replaceAll(/\\([\\;,:nN])/g, (_, escaped: string) => (/n/i.test(escaped) ? "\n" : escaped)).trim();
}

/** A value without its escapes on one line; empty where there is none. */
export function lineValue(line: ContentLine | undefined): string {
  return line === undefined ? "" : oneLine(textValue(line.value));
}

/** The parts of a value such as a name or an address (`Holm;Ingrid;;Ms.;`), without their escapes. */
export function partsOf({ value }: ContentLine): readonly string[] {
  return value.split(/(?<!\\);/).map((part) => oneLine(textValue(part)));
}
