/** Letters that are none with a mark. */
const SPELT: Readonly<Record<string, string>> = { ß: "ss", æ: "ae", Æ: "Ae", ø: "o", Ø: "O", œ: "oe", ł: "l", Ł: "L" };
const LONGEST = 100;

/** The name of a collection that comes nearest to what was written: "Mandat Müller" gives `Mandat-Muller`; empty for none. */
export function collectionNameFor(written: string): string {
  return written
    .normalize("NFD")
    .replaceAll(/\p{M}/gu, "")
    .replaceAll(/\P{ASCII}/gu, (letter) => SPELT[letter] ?? " ")
    .replaceAll(/[^A-Za-z0-9._\s-]/g, "")
    .trim()
    .replaceAll(/\s+/g, "-")
    .replace(/^[^A-Za-z0-9]+/, "")
    .slice(0, LONGEST);
}
