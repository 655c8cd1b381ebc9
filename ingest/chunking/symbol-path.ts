import type { CodeDefinition } from "./outline.ts";
import type { LineRegion } from "./pack-lines.ts";

/** The symbol that names a piece of code, with signatures. */
export interface PieceSymbol {
  /** Names joined with dots; null if the piece defines nothing and lies in no definition. */
  readonly symbol: string | null;
  /** Signature of the definition of which the piece is a later part, else empty. */
  readonly inside: string;
  /** Signature of the only definition that the piece begins or is a part of; null if there are several or none. */
  readonly signature: string | null;
}

/**
 * Finds the symbol path of a piece: that of its only definition, down to its only member; of several definitions the
 * path they have in common (`VectorStore`), or if they have none but that of a namespace, the path of the longest.
 * `first` is the piece's first line that does more than close something.
 */
export function symbolOf(
  piece: LineRegion & { readonly first: number },
  definitions: readonly CodeDefinition[],
): PieceSymbol {
  const all = definitions.filter(({ from }) => from >= piece.from && from < piece.to);
  const members = all.filter(({ isGroup }) => isGroup !== true);
  const begun = members.length > 0 ? members : all;
  const around = definitions.findLast(({ from, to }) => from < piece.from && to >= piece.first) ?? null;
  const inside = around?.signature ?? "";
  const outermost = begun.filter((one) => !begun.some((other) => other !== one && holds(other, one)));
  const [first] = outermost;
  const signature = outermost.length > 1 ? null : ((first ?? around)?.signature ?? null);
  if (first === undefined) return { symbol: around === null ? null : toSymbol(around.path), inside, signature };
  if (outermost.length === 1 && (around === null || startsWith(first.path, around.path))) {
    return { symbol: toSymbol(onlyMember(first, begun)), inside, signature };
  }
  // What groups a whole file, such as a namespace, tells nothing of a piece.
  const container = around?.isGroup === true ? null : around;
  const common = [...outermost.slice(1), ...(container === null ? [] : [container])]
    .map(({ path }) => path)
    .reduce(commonStart, outermost.length > 1 && container === null ? parentOf(first.path, outermost) : first.path);
  const isTelling = !definitions.some(({ isGroup, path }) => isGroup === true && path.length >= common.length);
  if (common.length > 0 && isTelling) return { symbol: toSymbol(common), inside, signature };
  return { symbol: toSymbol((container ?? largest(outermost) ?? first).path), inside, signature };
}

function largest(definitions: readonly CodeDefinition[]): CodeDefinition | undefined {
  const size = ({ from, to }: CodeDefinition): number => to - from;
  return definitions.toSorted((left, right) => size(right) - size(left))[0];
}

function holds(outer: CodeDefinition, inner: CodeDefinition): boolean {
  return outer.from <= inner.from && outer.to >= inner.to && outer.path.length < inner.path.length;
}

function startsWith(path: readonly string[], start: readonly string[]): boolean {
  return start.every((name, index) => path[index] === name);
}

/**
 * Overloads, and the parts of one class, share their whole path; other definitions share the path of what they stand
 * in.
 */
function parentOf(path: readonly string[], definitions: readonly CodeDefinition[]): readonly string[] {
  const isShared = definitions.every((one) => startsWith(one.path, path));
  return isShared ? path : path.slice(0, -1);
}

function onlyMember(definition: CodeDefinition, begun: readonly CodeDefinition[]): readonly string[] {
  if (!definition.isContainer) return definition.path;
  const members = begun.filter(
    (one) => holds(definition, one) && one.path.length === definition.path.length + 1 && one !== definition,
  );
  const [member] = members;
  return members.length === 1 && member !== undefined ? onlyMember(member, begun) : definition.path;
}

function commonStart(left: readonly string[], right: readonly string[]): readonly string[] {
  const end = left.findIndex((name, index) => right[index] !== name);
  return end === -1 ? left : left.slice(0, end);
}

function toSymbol(path: readonly string[]): string {
  return path.join(".");
}
