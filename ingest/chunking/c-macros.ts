/** The name of a macro, as C and C++ write it. */
const MACRO = "[A-Z][A-Z0-9_]{2,}";
/** In front of a function: `STORE_API void open(`, `STORE_INLINE Store::Store(`. */
const IN_FRONT = new RegExp(
  `^([ \\t]*(?:(?:static|inline|extern|virtual|explicit|friend|constexpr)[ \\t]+)*)(${MACRO})(?=[ \\t]+(?:[A-Za-z_][\\w:<>, ]{0,200}[ \\t*&]+[*&]*~?[A-Za-z_][\\w:~]{0,200}|[A-Za-z_][\\w<>]{0,200}::[\\w:~<>]{1,200})[ \\t]*\\()`,
  "gm",
);
/** In front of the name of a type: `class STORE_API Store {`. */
const OF_TYPE = new RegExp(
  `(\\b(?:class|struct|union|enum)[ \\t]+)(${MACRO})(?=[ \\t]+[A-Za-z_]\\w*\\s*(?:final\\s*)?[:{])`,
  "g",
);
/** Behind the parameters: `close() STORE_NOEXCEPT {`. */
const BEHIND = new RegExp(`(\\)[ \\t]*(?:const[ \\t]+)?)(${MACRO})(?=[ \\t]*(?:[:{;]|$))`, "gm");

/**
 * Source code of C or C++ without macros in places where a grammar, which does not know what they stand for, loses its
 * way. Blanks take their place, so that every offset stays.
 */
export function withoutMacros(text: string): string {
  return [IN_FRONT, OF_TYPE, BEHIND].reduce(
    (plain, pattern) =>
      plain.replaceAll(pattern, (_whole, before: string, macro: string) => `${before}${" ".repeat(macro.length)}`),
    text,
  );
}
