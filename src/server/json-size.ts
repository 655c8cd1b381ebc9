const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const BRACKET = 0x5b;
const BRACE = 0x7b;

/**
 * Whether JSON has more values, in lists and objects of any depth, than `most`. Read before it is parsed: a hundred
 * megabytes of brackets would become gigabytes of empty lists, one of text does not.
 */
export function hasMoreValues(json: Uint8Array, most: number): boolean {
  let values = 0;
  let isText = false;
  for (let at = 0; at < json.length; at += 1) {
    const byte = json[at];
    if (isText) {
      if (byte === BACKSLASH) at += 1;
      else if (byte === QUOTE) isText = false;
    } else if (byte === QUOTE) {
      isText = true;
    } else if (byte === COMMA || byte === BRACKET || byte === BRACE) {
      // Each stands for one value more.
      values += 1;
      if (values > most) return true;
    }
  }
  return false;
}
