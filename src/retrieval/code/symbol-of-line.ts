import { definitionLines, type DefinitionLine } from "./defined-names.ts";

/** A comment, an attribute or a decorator, which belongs to the definition below it. */
const BELONGS_TO_NEXT = /^\s*(?:\/\/|\/\*|\*|#|@|--|;;|<!--)/;

/**
 * The symbol path of a line in a piece of code. The piece's own path names one of its definitions: a line of another
 * definition gets that one's name, and a line in front of all of them none. Lines are counted from 0; those before
 * `until` are shown.
 */
export function symbolOfLine(
  symbol: string | null,
  { text, line, until }: { readonly text: string; readonly line: number; readonly until: number },
): string | null {
  if (symbol === null) return null;
  const definitions = definitionLines(text);
  const own = definitions.find(
    ({ path, isConstructor }) => isConstructor !== true && (symbol === path || symbol.endsWith(`.${path}`)),
  );
  // The path names what the whole piece lies in, unless that ends before the line.
  if (own === undefined) return symbolBehind(definitions, { text, line }) ?? symbol;
  // A namespace is around the others rather than beside them.
  const siblings = definitions.filter((one) => one === own || (one.indent === own.indent && one.isGroup !== true));
  const lines = text.split(/\r\n|\n|\r/);
  const next = siblings.find((one) => one.line > line);
  const isBefore = next !== undefined && lines.slice(line, next.line).every((one) => BELONGS_TO_NEXT.test(one));
  const above = siblings.findLast((one) => one.line <= line);
  const found = isBefore ? next : (above ?? (next !== undefined && next.line < until ? next : undefined));
  if (found === undefined || found === own) return found === undefined ? null : symbol;
  if (own.isGroup === true && own.line < found.line) return `${symbol}.${found.path}`;
  return pathBeside(symbol, { own, found, definitions });
}

/** The definition of a line behind the end of what a piece begins in: both stand at the left edge. */
function symbolBehind(
  definitions: readonly DefinitionLine[],
  { text, line }: { readonly text: string; readonly line: number },
): string | null {
  const lines = text.split(/\r\n|\n|\r/);
  const end = /^\s/.test(lines[0] ?? "") ? lines.findIndex((one) => /^[})\]]|^end\b/.test(one)) : -1;
  if (end === -1 || line <= end) return null;
  const outside = definitions.filter((one) => one.line > end && one.indent === "");
  const next = outside.find((one) => one.line > line);
  const isBefore = next !== undefined && lines.slice(line, next.line).every((one) => BELONGS_TO_NEXT.test(one));
  const found = isBefore ? next : outside.findLast((one) => one.line <= line);
  return found?.path ?? null;
}

function pathBeside(
  symbol: string,
  {
    own,
    found,
    definitions,
  }: { readonly own: DefinitionLine; readonly found: DefinitionLine; readonly definitions: readonly DefinitionLine[] },
): string {
  const [from, to] = own.line < found.line ? [own.line, found.line] : [found.line, own.line];
  const isElsewhere = definitions.some(({ line, indent }) => line > from && line < to && indent < own.indent);
  const around = symbol.slice(0, symbol.length - own.path.length);
  return isElsewhere ? found.path : `${around}${found.path}`;
}
