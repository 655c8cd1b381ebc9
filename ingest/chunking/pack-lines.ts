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
 * around it and not on earlier cuts, and an edit moves no cut further away. Works as far as it is asked, since a text of
 * millions of lines takes long; the pieces follow one another without gaps.
 */
export function* packLines(lines: readonly CodeLine[], options: PackOptions): Generator<LineRegion, undefined> {
  const packer = createPacker(lines, options);
  yield* joinSmall(halve(lines, packer), packer, options.levels);
}

/** The pieces within the limits, in order. */
function* halve(lines: readonly CodeLine[], packer: Packer): Generator<LineRegion, undefined> {
  const waiting: LineRegion[] = lines.length === 0 ? [] : [{ from: 0, to: lines.length }];
  for (let region = waiting.pop(); region !== undefined; region = waiting.pop()) {
    const cut = packer.fillOf(region) <= 1 ? null : packer.findCut(region);
    if (cut === null) yield region;
    else waiting.push({ from: cut, to: region.to }, { from: region.from, to: cut });
  }
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
  // Written as they are needed; 0 means not yet, which no more than costs a second look.
  const marks = new Uint32Array(lines.length);
  const markOf = (index: number): number => (marks[index] ||= hashLine(text, lines[index]));
  const fill = (from: number, to: number): number => {
    const tokens = (tokensBefore[to] ?? 0) - (tokensBefore[from] ?? 0);
    const count = Math.max(0, (filledBefore[to] ?? 0) - from);
    return Math.max(tokens / budget, count / maxLines);
  };
  let looks = 0;
  return {
    fillOf: ({ from, to }) => fill(from, to),
    findCut(region) {
      const whole = fill(region.from, region.to);
      const middle = (region.from + region.to) / 2;
      looks += region.to - region.from;
      if (looks > MOST_LOOKS * lines.length) return region.to - region.from > 1 ? Math.floor(middle) : null;
      let cut: number | null = null;
      let bestLevel = Number.POSITIVE_INFINITY;
      let bestBalance = 0;
      for (let at = region.from + 1; at < region.to; at += 1) {
        const level = levels[at] ?? 0;
        if (level > bestLevel) continue;
        const left = fill(region.from, at);
        // A cut must not leave only empty lines on one side.
        if (left === 0 || (filledBefore[region.to] ?? 0) <= at) continue;
        const balance = balanceOf(left, fill(at, region.to), whole);
        const order =
          cut === null
            ? -1
            : level - bestLevel ||
              balance - bestBalance ||
              markOf(at) - markOf(cut) ||
              Math.abs(at - middle) - Math.abs(cut - middle);
        if (order >= 0) continue;
        [cut, bestLevel, bestBalance] = [at, level, balance];
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
function* joinSmall(
  regions: Iterator<LineRegion, undefined>,
  packer: Packer,
  levels: readonly number[],
): Generator<LineRegion, undefined> {
  const fits = (left: LineRegion, right: LineRegion): boolean => packer.fillOf({ from: left.from, to: right.to }) <= 1;
  let previous: LineRegion | undefined;
  let region = regions.next().value;
  while (region !== undefined) {
    const next = regions.next().value;
    const goesWithNext =
      next !== undefined && fits(region, next) && (levels[next.from] ?? 0) > (levels[region.from] ?? 0);
    if (
      previous !== undefined &&
      fits(previous, region) &&
      (packer.fillOf(previous) < SMALL || (packer.fillOf(region) < SMALL && !goesWithNext))
    ) {
      previous = { from: previous.from, to: region.to };
    } else {
      if (previous !== undefined) yield previous;
      previous = region;
    }
    region = next;
  }
  if (previous !== undefined) yield previous;
}
