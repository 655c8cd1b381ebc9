import { asksForAddress } from "./answer-type.ts";
import type { PassageSentence } from "./passage-sentence.ts";

const ADDRESS = /\bhttps?:\/\/[^\s"'<>)\]]+/g;
/** An address in a line of its own, perhaps behind its key: `"url": "https://mill.example/visit",`. */
const ADDRESS_ALONE = /^\W*(?:[\p{L}\p{N}_. -]{1,30}["'*_`]*\s*[:=]\W*)?https?:\/\/\S+$/u;

/** Whether an address may be what a question asks for. */
export function mayAskForAddress(question: string): boolean {
  return asksForAddress(question) || /\b(?:where|pages?)\b/i.test(question);
}

/** Whether a line only says an address. */
export function isAddressAlone({ kind, text }: PassageSentence): boolean {
  return kind !== "code" && ADDRESS_ALONE.test(text);
}

/** What a sentence says beside addresses: `https://mill.example/opening-hours` tells nothing of these. Code stays as it is. */
export function withoutAddresses({ kind, text }: PassageSentence): string {
  return kind === "code" ? text : text.replaceAll(ADDRESS, " ");
}
