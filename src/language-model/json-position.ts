/** Where a JSON text is wrong, and what could stand there. */
export interface JsonFault {
  /** From 1. */
  readonly line: number;
  /** From 1. */
  readonly column: number;
  readonly expected: string;
}

const SPACE = /[ \t\r\n]*/y;
const STRING_SOURCE = String.raw`"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[\da-fA-F]{4}))*"`;
const NUMBER_SOURCE = String.raw`-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.])`;
const STRING = new RegExp(STRING_SOURCE, "y");
const SCALAR = new RegExp(String.raw`${STRING_SOURCE}|${NUMBER_SOURCE}|(?:true|false|null)(?!\w)`, "y");

type Place = "value" | "first-item" | "first-key" | "key" | "colon" | "after-value" | "end";

const EXPECTED: Readonly<Record<Place, string>> = {
  value: "a value",
  "first-item": 'a value or "]"',
  "first-key": 'a name in double quotes or "}"',
  key: "a name in double quotes",
  colon: '":"',
  "after-value": '","',
  end: "the end of the text",
};

/**
 * The first place at which a text stops being JSON; null for correct JSON. `JSON.parse` repeats the text around the place
 * in its message, which must not happen where the text holds keys.
 */
export function findJsonFault(text: string): JsonFault | null {
  const open: ("{" | "[")[] = [];
  let place: Place = "value";
  let position = 0;
  for (;;) {
    position = skip(SPACE, text, position);
    if (place === "end" && position === text.length) return null;
    const step = advance(place, { text, position, open });
    if (step === null) return faultAt(text, { position, place, inside: open.at(-1) });
    ({ place, position } = step);
  }
}

interface Standing {
  readonly text: string;
  readonly position: number;
  readonly open: ("{" | "[")[];
}

function advance(place: Place, standing: Standing): { place: Place; position: number } | null {
  const { text, position, open } = standing;
  const character = text[position];
  if (place === "end" || character === undefined) return null;
  if (place === "colon") return character === ":" ? { place: "value", position: position + 1 } : null;
  if (place === "after-value") return afterValue(standing);
  if (place === "key" || place === "first-key") {
    if (place === "first-key" && character === "}") return close(open, position);
    const end = skip(STRING, text, position);
    return end === position ? null : { place: "colon", position: end };
  }
  if (place === "first-item" && character === "]") return close(open, position);
  if (character === "{" || character === "[") {
    open.push(character);
    return { place: character === "{" ? "first-key" : "first-item", position: position + 1 };
  }
  const end = skip(SCALAR, text, position);
  return end === position ? null : { place: open.length === 0 ? "end" : "after-value", position: end };
}

function afterValue({ text, position, open }: Standing): { place: Place; position: number } | null {
  const inside = open.at(-1);
  if (text[position] === ",") return { place: inside === "{" ? "key" : "value", position: position + 1 };
  return text[position] === (inside === "{" ? "}" : "]") ? close(open, position) : null;
}

function close(open: ("{" | "[")[], position: number): { place: Place; position: number } {
  open.pop();
  return { place: open.length === 0 ? "end" : "after-value", position: position + 1 };
}

function skip(pattern: RegExp, text: string, position: number): number {
  pattern.lastIndex = position;
  return pattern.exec(text) === null ? position : pattern.lastIndex;
}

function faultAt(
  text: string,
  { position, place, inside }: { position: number; place: Place; inside: "{" | "[" | undefined },
): JsonFault {
  const before = text.slice(0, position).split("\n");
  const closing = place === "after-value" ? ` or "${inside === "{" ? "}" : "]"}"` : "";
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1, expected: EXPECTED[place] + closing };
}
