import { CODE_STEP, createScanKernel } from "./scan-kernel.ts";
import { LONGEST_SQUARED, SHORTEST_SQUARED } from "./vector-table.ts";

/** A vector that may be among the nearest ones. */
export interface BoundedVector {
  /** Its place in {@link VectorCodes}. */
  readonly slot: number;
  readonly row: number;
  readonly window: number;
  /** Upper bound of its cosine. */
  readonly bound: number;
}

/** What {@link VectorCodes.candidates} looks for. */
export interface CodeQuery {
  readonly vector: Float32Array;
  /** How many are wanted at first. */
  readonly limit: number;
  /** 1 at the rows of the chunks to look at; null for all. */
  readonly allowed: Uint8Array | null;
}

/**
 * Vectors quantised to one byte a number, each with a bound of the error this makes. A scan over them yields all
 * vectors that can be among the nearest ones; only these have to be read in full.
 */
export interface VectorCodes {
  /** Number of vectors, including those that were dropped. */
  readonly size: number;
  add(place: { readonly row: number; readonly window: number }, vector: Float32Array): void;
  /** Drops the vectors of the chunks whose rows are marked with a 1. */
  dropRows(rows: Uint8Array): void;
  dropSlot(slot: number): void;
  /** Drops all vectors, and keeps the memory for the next ones. */
  clear(): void;
  /** Vectors by falling bound. */
  candidates(query: CodeQuery): Generator<BoundedVector>;
}

const PAGE = 65_536;
/** How many codes are multiplied in one call; their products fill one page. */
const BLOCK = 1024;
/** Places in the kernel's memory. The query may take the 64 KiB in front of the products. */
const [QUERY_AT, PRODUCTS_AT, CODES_AT] = [0, PAGE, 2 * PAGE];
const LARGEST_CODE = 127;
/** Adding and subtracting this number rounds to an integer: the sum has no bits left for fractions. */
const ROUNDER = 1.5 * 2 ** 52;
/** The rounding error that computing with floats may add: sqlite-vec adds up three sums of so many products each. */
const slackOf = (dimensions: number): number => 1e-5 + dimensions * 2 ** -23;
/**
 * For vectors whose length is outside the range of floats sqlite-vec may return anything, so that they are always
 * looked at.
 */
const UNBOUNDED = 1e9;
/** Bounds lie between -2 and 2. */
const BINS = 2048;
const BINS_PER_UNIT = BINS / 4;
/** How many candidates to take at first for each wanted vector; mostly that is enough. */
const OVERSAMPLING = 4;

/** Bytes that the code of a vector takes, including its place and bound. */
export function bytesPerCode(dimensions: number): number {
  return paddedLength(dimensions) + 18;
}

function paddedLength(dimensions: number): number {
  return Math.ceil(dimensions / CODE_STEP) * CODE_STEP;
}

/**
 * Makes an empty set of codes for vectors of that many numbers. There is room for as many vectors as expected; it grows
 * by a fifth.
 */
export function createVectorCodes(dimensions: number, expected = 0): VectorCodes {
  const length = paddedLength(dimensions);
  const slack = slackOf(dimensions);
  const kernel = createScanKernel(CODES_AT / PAGE);
  let size = 0;
  let capacity = 0;
  let rows = new Uint32Array();
  let windows = new Uint16Array();
  let scales = new Float32Array();
  let errors = new Float32Array();
  let bounds = new Float32Array();

  function grow(): void {
    capacity = Math.max(BLOCK, expected, Math.ceil(capacity * 1.2));
    const pages = Math.ceil((CODES_AT + capacity * length) / PAGE) - kernel.memory.buffer.byteLength / PAGE;
    if (pages > 0) kernel.memory.grow(pages);
    rows = grown(rows, new Uint32Array(capacity));
    windows = grown(windows, new Uint16Array(capacity));
    scales = grown(scales, new Float32Array(capacity));
    errors = grown(errors, new Float32Array(capacity));
    bounds = new Float32Array(capacity);
  }

  /** Writes an upper bound of each vector's cosine into `bounds`; resolves to how many fall into each bin. */
  function scan({ vector, allowed }: CodeQuery): Uint32Array {
    const code = new Int16Array(kernel.memory.buffer, QUERY_AT, dimensions);
    const { scale, error } = encode(vector, code, largestInQuery(dimensions));
    const products = new Int32Array(kernel.memory.buffer, PRODUCTS_AT, BLOCK);
    const bins = new Uint32Array(BINS + 1);
    for (let first = 0; first < size; first += BLOCK) {
      const count = Math.min(BLOCK, size - first);
      kernel.scan({ query: QUERY_AT, codes: CODES_AT + first * length, count, length, out: PRODUCTS_AT });
      for (let at = 0; at < count; at += 1) {
        const slot = first + at;
        if (allowed !== null && allowed[rows[slot] ?? 0] !== 1) {
          bounds[slot] = -Infinity;
          continue;
        }
        const lost = errors[slot] ?? 0;
        const bound = (products[at] ?? 0) * (scales[slot] ?? 0) * scale + lost + (1 + lost) * error + slack;
        bounds[slot] = bound;
        if (bound > -2) bins[binOf(bound)] = (bins[binOf(bound)] ?? 0) + 1;
      }
    }
    return bins;
  }

  return {
    get size() {
      return size;
    },
    add({ row, window }, vector) {
      if (size === capacity) grow();
      const code = new Int8Array(kernel.memory.buffer, CODES_AT + size * length, dimensions);
      const { scale, error } = encode(vector, code, LARGEST_CODE);
      rows[size] = row;
      windows[size] = window;
      scales[size] = scale;
      errors[size] = error;
      size += 1;
    },
    dropRows(gone) {
      for (let slot = 0; slot < size; slot += 1) if (gone[rows[slot] ?? 0] === 1) errors[slot] = -Infinity;
    },
    dropSlot(slot) {
      errors[slot] = -Infinity;
    },
    clear() {
      size = 0;
    },
    *candidates(query) {
      const bins = scan(query);
      let wanted = query.limit * OVERSAMPLING;
      for (let bin = BINS; bin >= 0;) {
        const above = bin;
        for (let found = 0; bin >= 0 && found < wanted; bin -= 1) found += bins[bin] ?? 0;
        const slots: number[] = [];
        for (let slot = 0; slot < size; slot += 1) {
          const bound = bounds[slot] ?? -Infinity;
          if (bound > -2 && binOf(bound) > bin && binOf(bound) <= above) slots.push(slot);
        }
        slots.sort((left, right) => (bounds[right] ?? 0) - (bounds[left] ?? 0));
        for (const slot of slots) {
          yield { slot, row: rows[slot] ?? 0, window: windows[slot] ?? 0, bound: bounds[slot] ?? 0 };
        }
        wanted *= OVERSAMPLING;
      }
    },
  };
}

function binOf(bound: number): number {
  return Math.min(BINS, Math.floor((bound + 2) * BINS_PER_UNIT));
}

function grown<Numbers extends Uint32Array | Uint16Array | Float32Array>(old: Numbers, larger: Numbers): Numbers {
  larger.set(old);
  return larger;
}

/**
 * Quantises a vector: writes integers up to `most` which, times the scale, approximate the vector normalised to length
 * one. The error is the length of the difference, so that no product with another vector of length one is off by more.
 */
function encode(
  vector: Float32Array,
  code: Int8Array | Int16Array,
  most: number,
): { readonly scale: number; readonly error: number } {
  let sum = 0;
  let largest = 0;
  // An index loop, since iterating takes ten times as long.
  for (let at = 0; at < vector.length; at += 1) {
    const value = vector[at] ?? 0;
    sum += value * value;
    if (value > largest) largest = value;
    else if (-value > largest) largest = -value;
  }
  if (!(sum >= SHORTEST_SQUARED && sum <= LONGEST_SQUARED)) {
    code.fill(0);
    return { scale: 0, error: sum === 0 ? 0 : UNBOUNDED };
  }
  const step = largest / most;
  const perStep = most / largest;
  let missing = 0;
  for (let at = 0; at < vector.length; at += 1) {
    const value = vector[at] ?? 0;
    const rounded = value * perStep + ROUNDER - ROUNDER;
    code[at] = rounded;
    const rest = value - rounded * step;
    missing += rest * rest;
  }
  const norm = Math.sqrt(sum);
  return { scale: step / norm, error: Math.sqrt(missing) / norm };
}

/** The largest number that the quantised query may hold, so that no sum of products overflows 32 bits. */
function largestInQuery(dimensions: number): number {
  return Math.min(32_767, Math.floor((2 ** 31 - 1) / (LARGEST_CODE * dimensions)));
}
