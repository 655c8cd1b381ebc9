import { analyse } from "../../lexical/analyse.ts";

/** Words in italics or bold, as Markdown marks them, up to sixty characters. */
const SET_OFF =
  /(?<![\p{L}\p{N}_*\\])(\*\*|__|\*|_)(?=[\p{L}\p{N}])([^*_`\n]{1,60}?)(?<=[\p{L}\p{N})])\1(?![\p{L}\p{N}_*])/gu;
/** "A _sluice_ lets water through", "The _tide_ is …": it begins with the term, and a verb follows. "The **sluice** key …" tells of a key. */
const BEGINS = /^\W*((?:an?|the)\b)?\s*$/i;
const VERB_OF_ONE = /^(?:\s*\([^)]{1,80}\))?\s+(?:\p{Ll}+ly\s+)?(?:\p{Ll}+s|can|may|must|will|should)\b/u;
const GOES_ON = /^(?:\s*\([^)]{1,80}\))?\s+(?!(?:and|or|nor|but|in|of|for|on|at|by|with|to|from|as|than|vs)\b)\p{Ll}/u;
/** "Gates without a lock are _blind_", "the concept of a _sluice_". */
const NAMES =
  /\b(?:is|are|be|called|named|termed|known as|referred to as|(?:term|word|concept|notion) (?:of|for)|term|say)\s+(?:an?\s+|the\s+)?["“(]*$/i;

/**
 * How a sentence introduces a term of a subject, in the italics or bold in which books and manuals set a term where they
 * explain it: `"whole"` where it begins with the term ("A _sluice_ lets …"), `"named"` where it leads up to it ("… are
 * called _sluices_", or for a blind gate "Gates without a lock are _blind_"); null where it does neither.
 */
export function introduces(sentence: string, subject: string): "whole" | "named" | null {
  const wanted = analyse(subject);
  if (wanted.length === 0 || !/[*_]/.test(sentence)) return null;
  const own = new Set(analyse(sentence));
  if (!wanted.every((term) => own.has(term))) return null;
  for (const { 0: whole, 2: inner = "", index } of sentence.matchAll(SET_OFF)) {
    const term = analyse(inner);
    if (term.length === 0 || !term.every((one) => wanted.includes(one))) continue;
    const [ahead, behind] = [sentence.slice(0, index), sentence.slice(index + whole.length)];
    const begins = BEGINS.exec(ahead);
    const goesOn = begins?.[1] === undefined ? GOES_ON : VERB_OF_ONE;
    if (term.length === wanted.length && begins !== null && goesOn.test(behind)) return "whole";
    if (NAMES.test(ahead)) return "named";
  }
  return null;
}
