/** An attribute whose value is a text. */
interface TextAttribute {
  readonly name: string;
  readonly value: string;
  /** Where the value begins and ends in the text. */
  readonly start: number;
  readonly end: number;
}

/** The tag of an element or a component that begins at a place. */
export interface Tag {
  /** Empty for `<>`, which only holds others together. */
  readonly name: string;
  readonly isClosing: boolean;
  readonly attributes: readonly TextAttribute[];
  /** Behind its last character. */
  readonly end: number;
}

const BEGIN = /<(\/?)([A-Za-z][\w.:-]{0,100})?/y;
const NAME = /\s+([A-Za-z_][\w:.-]{0,100})/y;
const EQUALS = /\s*=\s*/y;
const TEXT_VALUE =
  /"([^"]{0,2000})"|'([^']{0,2000})'|\{\s*(?:"([^"\\]{0,2000})"|'([^'\\]{0,2000})'|`([^`\\$]{0,2000})`)\s*\}/y;
const BLANKS = /\s*/y;
const END = /\s*\/?>/y;
/** Longest expression in braces, in characters. */
const LONGEST_EXPRESSION = 4_000;

/** Reads the tag that begins at a `<`; null where none does. */
export function readTag(text: string, start: number): Tag | null {
  const [begin = "", slash = "", name = ""] = matchAt(BEGIN, text, start) ?? [];
  if (begin === "") return null;
  const attributes: TextAttribute[] = [];
  let at = start + begin.length;
  for (;;) {
    const end = matchAt(END, text, at)?.[0];
    if (end !== undefined) return { name, isClosing: slash !== "", attributes, end: at + end.length };
    const attribute = name === "" ? null : readAttribute(text, at);
    if (attribute === null) return null;
    if (attribute.value !== undefined) attributes.push(attribute.value);
    at = attribute.end;
  }
}

/** An attribute, or properties that are spread out of an object; null for anything else. */
function readAttribute(text: string, start: number): { readonly value?: TextAttribute; readonly end: number } | null {
  const blanks = matchAt(BLANKS, text, start)?.[0].length ?? 0;
  if (text[start + blanks] === "{") {
    const end = expressionEnd(text, start + blanks);
    return end === null ? null : { end };
  }
  const [whole = "", name = ""] = matchAt(NAME, text, start) ?? [];
  if (whole === "") return null;
  const behind = start + whole.length;
  const equals = matchAt(EQUALS, text, behind)?.[0];
  if (equals === undefined) return { end: behind };
  const at = behind + equals.length;
  const found = matchAt(TEXT_VALUE, text, at);
  if (found !== null) {
    const value = found.slice(1).find((one) => one !== undefined) ?? "";
    const end = at + found[0].length;
    return { value: { name, value, start: at, end }, end };
  }
  const end = text[at] === "{" ? expressionEnd(text, at) : null;
  return end === null ? null : { end };
}

/** The place behind the brace that closes the one at `start`. */
function expressionEnd(text: string, start: number): number | null {
  let depth = 0;
  for (let at = start; at < text.length && at < start + LONGEST_EXPRESSION; at += 1) {
    if (text[at] === "{") depth += 1;
    else if (text[at] === "}") depth -= 1;
    if (depth === 0) return at + 1;
  }
  return null;
}

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}
