import type { Chunk } from "../../domain/chunk.ts";
import { typedFunctions } from "./typed-functions.ts";

/** Keywords in front of a name that is defined, in common languages. */
const DEFINITION =
  /\b(?:def|class|function\*?|interface|type|enum|const|let|var|namespace|module|fn|func|fun|struct|trait|impl|record|protocol)\s+([\p{L}_$][\p{L}\p{N}_$]*)/gu;
/** In C, `const` and `struct` also stand in front of types that are used. */
const DEFINITION_IN_C =
  /\b(?:class|enum|namespace|struct|union)\s+(?:[A-Z_]+\s+)?([\p{L}_][\p{L}\p{N}_]*)(?=[\s:<>,\w]{0,200}\{)|^[ \t]*#[ \t]*define[ \t]+([\p{L}_][\p{L}\p{N}_]*)/gmu;
/** A method of Go, behind its receiver; an extension of Kotlin, behind its type. */
const BEHIND_TYPE =
  /\bfunc\s+\([^)\n]{0,100}\)\s*([\p{L}_][\p{L}\p{N}_]*)|\bfun\s+(?:<[^>\n]{0,100}>\s*)?[\p{L}_][\p{L}\p{N}_.<>?]{0,100}\.([\p{L}_][\p{L}\p{N}_]*)\s*\(/gu;
const COMMENT = /^[ \t]*(?:\/\/|\/?\*|#(?![ \t]*(?:define|\[))|--).*$/gmu;
/** A method of a class, which only its place and its body tell. */
const METHOD =
  /^[ \t]+(?:(?:public|private|protected|internal|static|async|get|set|readonly|override|abstract|final) )*#?([\p{L}_$][\p{L}\p{N}_$]*)\s*(?:<[^>\n]*>)?\([^;\n]*\)[^;\n]*\{[ \t\r]*$/gmu;
const STATEMENT = /^(?:if|for|while|switch|catch|function|return|with)$/;
const SYMBOL_SEAM = /[^\p{L}\p{N}_$]+/u;

/** A definition at the beginning of a line; behind `func`, a receiver may stand. */
const BEGINS =
  /^([ \t]*)(?:(?:export|default|declare|public|private|protected|internal|static|async|abstract|final|override|open|sealed|data|unsafe|const|pub(?:\([^)\n]*\))?) +)*(?:def|class|function\*?|interface|type|enum|namespace|module|fn|func|fun|struct|trait|impl|record|protocol)\s+(?:\((?:[^)\n]*?\*?([\p{L}_][\p{L}\p{N}_]*)(?:\[[^\]\n]*\])?)\)\s*)?([\p{L}_$][\p{L}\p{N}_$]*)/u;
/** A value that is assigned to a name: more often than not a function. */
const KEPT = /^([ \t]*)(?:export +)?(?:const|let|var) +([\p{L}_$][\p{L}\p{N}_$]*)/u;
const ASSIGNED = /^([ \t]*)([\p{L}_$][\p{L}\p{N}_$]*(?:\.[\p{L}_$][\p{L}\p{N}_$]*)+)\s*=\s*(?:async\s+)?function\b/u;

/** A line that begins a definition. */
export interface DefinitionLine {
  /** From 0. */
  readonly line: number;
  /** The blanks in front of it. */
  readonly indent: string;
  /** Its name as the line writes it: with the receiver of a method in Go, and all of `Reply.prototype.send`. */
  readonly path: string;
  /** Whether it is a constructor by its form: its name is also that of its class. */
  readonly isConstructor?: boolean;
  /** Whether it is a namespace, which may hold what is not indented. */
  readonly isGroup?: boolean;
}

/** The lines of a piece of code that begin a definition, as far as single lines tell. */
export function definitionLines(text: string): readonly DefinitionLine[] {
  const typed = new Map(
    Array.from(typedFunctions(text), ({ line, indent, name, owner, isConstructor }) => {
      const path = owner === "" ? name : `${owner.replaceAll("::", ".")}.${name}`;
      return [line, [{ line, indent, path, ...(isConstructor && { isConstructor }) }]];
    }),
  );
  return text.split(/\r\n|\n|\r/).flatMap((content, line): readonly DefinitionLine[] => {
    const [, indent, receiver, name] = BEGINS.exec(content) ?? [];
    if (indent !== undefined && name !== undefined) {
      const isGroup = /^\s*(?:inline +)?namespace\b/.test(content);
      const path = receiver === undefined ? name : `${receiver}.${name}`;
      return [{ line, indent, path, ...(isGroup && { isGroup }) }];
    }
    const [, blanks, path] = ASSIGNED.exec(content) ?? KEPT.exec(content) ?? [];
    if (blanks !== undefined && path !== undefined) return [{ line, indent: blanks, path }];
    const method = Array.from(content.matchAll(METHOD), ([whole, named = ""]) => ({ whole, named }))[0];
    if (method === undefined || STATEMENT.test(method.named)) return typed.get(line) ?? [];
    const isConstructor = /^\p{Lu}/u.test(method.named);
    const blanksBefore = /^[ \t]*/.exec(method.whole)?.[0] ?? "";
    return [{ line, indent: blanksBefore, path: method.named, ...(isConstructor && { isConstructor }) }];
  });
}

const cache = new WeakMap<object, readonly string[]>();

/** A piece of code, as {@link definedNames} reads it. */
export type NamingPiece = Pick<Chunk, "symbol" | "text"> & Partial<Pick<Chunk, "language">>;

/**
 * The names that a piece of code defines or stands inside, each once: those of its symbol path and those in its text,
 * apart from comments.
 */
export function definedNames(piece: NamingPiece): readonly string[] {
  const known = cache.get(piece);
  if (known !== undefined) return known;
  const { symbol, language } = piece;
  const text = piece.text.replaceAll(COMMENT, "");
  const isC = language === "c" || language === "cpp";
  const names = new Set((symbol ?? "").split(SYMBOL_SEAM));
  for (const [, name = "", macro = name] of text.matchAll(isC ? DEFINITION_IN_C : DEFINITION)) names.add(macro);
  for (const [, method = "", extension = method] of text.matchAll(BEHIND_TYPE)) names.add(extension);
  for (const [, name = ""] of text.matchAll(METHOD)) if (!STATEMENT.test(name)) names.add(name);
  for (const { name } of typedFunctions(text)) names.add(name);
  names.delete("");
  const found = [...names];
  cache.set(piece, found);
  return found;
}
