/** A definition that begins on a line of source code. */
export interface Definition {
  readonly name: string;
  /** Whether it stands at the left margin. */
  readonly isTopLevel: boolean;
}

const MODIFIERS =
  "(?:(?:export|default|declare|async|public|private|protected|internal|static|abstract|final|sealed|override|unsafe|extern|inline|virtual|open|data|partial|pub(?:\\([^)]*\\))?)\\s+)*";
const KEYWORDS =
  "(?:class|interface|enum|struct|trait|impl(?:<[^>]*>)?|type|namespace|module|mod|object|record|protocol|extension|function\\s?\\*?|func|fun|fn|def|defp|defmodule|sub|proc|message|service|contract)";

const PATTERNS: readonly RegExp[] = [
  // `class Name`, `export async function name`, `func (receiver) name`
  new RegExp(`^\\s*${MODIFIERS}${KEYWORDS}\\s+(?:\\([^)]*\\)\\s*)?([\\p{L}_$][\\p{L}\\p{N}_$]*)`, "u"),
  // `const name = (…) =>`, `const name = function`
  /^\s*(?:export\s+)?(?:const|let|var)\s+([\w$]+)\s*(?::[^=]+)?=\s*(?:async\s*)?(?:\(|function\b|<|[\w$]+\s*=>)/,
  /^\s*create\s+(?:or\s+replace\s+)?(?:table|view|function|procedure|trigger|index|type)\s+(?:if\s+not\s+exists\s+)?["`]?([\w.]+)/i,
];
/** A method in braces: `async name(…) {`. */
const METHOD =
  /^\s+(?:(?:async|static|get|set|public|private|protected|override|readonly)\s+)*([\w$#]+)\s*\(.*\)\s*(?::[^{]+)?\{\s*$/;
/** A C function at the left margin: `static int name(…`. */
const C_FUNCTION = /^[A-Za-z_][\w\s*&:<>,]*[\s*&]([A-Za-z_~][\w:~]*)\s*\([^;]*$/;
const STATEMENTS: ReadonlySet<string> = new Set(
  "if for while switch catch return function else do with using lock foreach sizeof typeof".split(" "),
);
/** Languages of data and markup, which define nothing. */
const WITHOUT_DEFINITIONS: ReadonlySet<string> = new Set(
  "json jsonl yaml toml xml ini csv css scss sass less diff makefile dockerfile cmake terraform".split(" "),
);

/**
 * The definition that begins on a line, else null. It is a guess by regular expressions, which may be wrong and still
 * gives good cuts.
 */
export function findDefinition(line: string, language: string): Definition | null {
  if (WITHOUT_DEFINITIONS.has(language) || line.length > 400) return null;
  const isTopLevel = !/^\s/.test(line);
  for (const pattern of isTopLevel && (language === "c" || language === "cpp") ? [...PATTERNS, C_FUNCTION] : PATTERNS) {
    const name = pattern.exec(line)?.[1];
    if (name !== undefined && !STATEMENTS.has(name)) return { name, isTopLevel };
  }
  const method = isTopLevel ? undefined : METHOD.exec(line)?.[1];
  return method === undefined || STATEMENTS.has(method) ? null : { name: method, isTopLevel: false };
}

/** Whether a line is a comment or a decorator, which belongs to the definition below it. */
export function introducesDefinition(line: string): boolean {
  return /^\s*(?:\/\/|\/\*|\*|#(?!include|define|if|endif|else|pragma)|@|--|"""|;;)/.test(line);
}
