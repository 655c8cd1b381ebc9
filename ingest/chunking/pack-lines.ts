import type { CodeLine } from "./code-lines.ts";

/** A run of lines; `to` is exclusive. */
export interface LineRegion {
  readonly from: number;
  readonly to: number;
}

/** Options of {@link packLines}. */
export interface PackOptions {
  readonly text: string;
  /** How bad a cut before each line is; smaller is better. */
  readonly levels: readonly number[];
  /** Most tokens of a piece. */
  readonly budget: number;
  /** Most lines of a piece. */
  readonly maxLines: number;
}

/** A piece that fills less than this share of the limit is joined with a neighbour. */
const SMALL = 0.25;
/**
 * How often each line is looked at on average, at most; then the rest is halved. Of 6,000 files of packages, with up to
 * 45,000 lines, none takes more than 21 looks a line; a file of lines in the order of their hashes would take hours.
 */
const MOST_LOOKS = 40;
/** How many characters of a line are hashed. */
const MARK_LENGTH = 120;

/**
 * Cuts lines into pieces within both limits. A stretch over the limits is cut in two at the best level, and each half
 * again. Among equal places a hash of the line decides, as in content-defined chunking: so a cut depends on the lines
 * around it and not on earlier cuts, and an edit moves no cut further away.
 */
export function packLines(lines: readonly CodeLine[], options: PackOptions): LineRegion[] {
  const packer = createPacker(lines, options);
  const done: LineRegion[] = [];
  const waiting: LineRegion[] = lines.length === 0 ? [] : [{ from: 0, to: lines.length }];
  for (let region = waiting.pop(); region !== undefined; region = waiting.pop()) {
    const cut = packer.fillOf(region) <= 1 ? null : packer.findCut(region);
    if (cut === null) done.push(region);
    else waiting.push({ from: cut, to: region.to }, { from: region.from, to: cut });
  }
  return joinSmall(done, packer, options.levels);
}

interface Packer {
  /** The share of the tighter of both limits that a region fills; empty lines at its end do not count. */
  fillOf(region: LineRegion): number;
  findCut(region: LineRegion): number | null;
}

function createPacker(lines: readonly CodeLine[], { text, levels, budget, maxLines }: PackOptions): Packer {
  const tokensBefore = new Float64Array(lines.length + 1);
  const filledBefore = new Int32Array(lines.length + 1);
  for (const [index, { tokens, start, end }] of lines.entries()) {
    tokensBefore[index + 1] = (tokensBefore[index] ?? 0) + tokens;
    filledBefore[index + 1] = text.slice(start, end).trim() === "" ? (filledBefore[index] ?? 0) : index + 1;
  }
  const marks = new Map<number, number>();
  const markOf = (index: number): number => {
    const known = marks.get(index);
    if (known !== undefined) return known;
    const mark = hashLine(text, lines[index]);
    marks.set(index, mark);
    return mark;
  };
  const fill = ({ from, to }: LineRegion): number => {
    const tokens = (tokensBefore[to] ?? 0) - (tokensBefore[from] ?? 0);
    const count = Math.max(0, (filledBefore[to] ?? 0) - from);
    return Math.max(tokens / budget, count / maxLines);
  };
  let looks = 0;
  return {
    fillOf: fill,
    findCut(region) {
      const whole = fill(region);
      const middle = (region.from + region.to) / 2;
      looks += region.to - region.from;
      if (looks > MOST_LOOKS * lines.length) return region.to - region.from > 1 ? Math.floor(middle) : null;
      let best: readonly number[] | null = null;
      let cut: number | null = null;
      for (let at = region.from + 1; at < region.to; at += 1) {
        const level = levels[at] ?? 0;
        if (best !== null && level > (best[0] ?? 0)) continue;
        const left = fill({ from: region.from, to: at });
        // A cut must not leave only empty lines on one side.
        if (left === 0 || (filledBefore[region.to] ?? 0) <= at) continue;
        const balance = balanceOf(left, fill({ from: at, to: region.to }), whole);
        const key = [level, balance, markOf(at), Math.abs(at - middle)];
        if (best !== null && !isLess(key, best)) continue;
        best = key;
        cut = at;
      }
      return cut;
    },
  };
}

/** Penalty for halves of bad sizes; 0 if both are of a good size. */
function balanceOf(left: number, right: number, whole: number): number {
  const smaller = Math.min(left, right);
  if (whole > 2) return smaller >= 0.5 ? 0 : 1;
  if (Math.max(left, right) > 1) return 2;
  return smaller >= SMALL ? 0 : 1;
}

function isLess(left: readonly number[], right: readonly number[]): boolean {
  for (const [index, value] of left.entries()) {
    const other = right[index] ?? 0;
    if (value !== other) return value < other;
  }
  return false;
}

/** FNV-1a over the beginning of a line, with its bits mixed so that similar lines get unrelated hashes. */
function hashLine(text: string, line: CodeLine | undefined): number {
  if (line === undefined) return 0;
  let hash = 0x811c9dc5;
  const end = Math.min(line.end, line.start + MARK_LENGTH);
  for (let index = line.start; index < end; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** Joins a small piece with the neighbour that it belongs to more closely: the one beyond the worse place to cut. */
function joinSmall(regions: readonly LineRegion[], packer: Packer, levels: readonly number[]): LineRegion[] {
  const fits = (left: LineRegion, right: LineRegion): boolean => packer.fillOf({ from: left.from, to: right.to }) <= 1;
  const joined: LineRegion[] = [];
  for (const [index, region] of regions.entries()) {
    const previous = joined.at(-1);
    const next = regions[index + 1];
    const goesWithNext =
      next !== undefined && fits(region, next) && (levels[next.from] ?? 0) > (levels[region.from] ?? 0);
    if (
      previous !== undefined &&
      fits(previous, region) &&
      (packer.fillOf(previous) < SMALL || (packer.fillOf(region) < SMALL && !goesWithNext))
    ) {
      joined[joined.length - 1] = { from: previous.from, to: region.to };
    } else joined.push(region);
  }
  return joined;
}
