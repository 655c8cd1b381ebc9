/** Words that come before a name which they define, in the languages that are common. */
const DEFINITION =
  /\b(?:def|class|function\*?|interface|type|enum|const|let|var|namespace|module|fn|func|fun|struct|trait|impl|record|protocol)\s+([\p{L}_$][\p{L}\p{N}_$]*)/gu;
/** A method of a class, which nothing but its place and its body tell. */
const METHOD =
  /^[ \t]+(?:(?:public|private|protected|internal|static|async|get|set|readonly|override|abstract|final) )*#?([\p{L}_$][\p{L}\p{N}_$]*)\s*(?:<[^>\n]*>)?\([^;\n]*\)[^;\n]*\{[ \t\r]*$/gmu;
const STATEMENT = /^(?:if|for|while|switch|catch|function|return|with)$/;
const SYMBOL_SEAM = /[^\p{L}\p{N}_$]+/u;

const cache = new WeakMap<object, readonly string[]>();

/** The names that a piece of code defines or stands inside, each once: its symbol path, and what its text says. */
export function definedNames(piece: { readonly symbol: string | null; readonly text: string }): readonly string[] {
  const known = cache.get(piece);
  if (known !== undefined) return known;
  const names = new Set((piece.symbol ?? "").split(SYMBOL_SEAM).filter((name) => name !== ""));
  for (const [, name] of piece.text.matchAll(DEFINITION)) if (name !== undefined) names.add(name);
  for (const [, name] of piece.text.matchAll(METHOD)) {
    if (name !== undefined && !STATEMENT.test(name)) names.add(name);
  }
  const found = [...names];
  cache.set(piece, found);
  return found;
}
