import { readFile, stat } from "node:fs/promises";
import path from "node:path";
import { changeTime } from "../domain/change-time.ts";
import type { ToolLines } from "./tool-outputs.ts";

/** A place in a document, as it is stored. */
export interface StoredPlace extends ToolLines {
  /** Source, relative to its root. */
  readonly path: string;
  readonly root: string;
}

/** How to read and compare places. */
export interface CheckPlacesOptions<Place> {
  /** Since when files may have changed without being indexed, in milliseconds since 1970; null checks nothing. */
  readonly since: number | null;
  /** Text of a place's lines; the first and the last one may be cut. */
  readonly textOf: (place: Place) => string;
  /**
   * Whether lines that have moved are shown with their new numbers.
   * @default true
   */
  readonly follows?: boolean;
  /**
   * Whether the places reach to the end of their documents.
   * @default false
   */
  readonly endsDocument?: boolean;
}

/** The places as they are in their files now, in order, with sentences on those that have changed. */
export interface CheckedPlaces<Place> {
  readonly places: readonly Place[];
  readonly notes: readonly string[];
  /** Whether all of them are where they were. */
  readonly isInStep: boolean;
}

/** File systems may round times by this much, in milliseconds. */
const GRAIN_MS = 20;
/** A larger file is not read for it. */
const MOST_BYTES = 10_000_000;

/**
 * Compares what is about to be shown with its files, if these changed after the index was last in step with them: an
 * edit may come in between, or another process may keep it from being stored. Lines that have moved get their new
 * numbers; of other lines a sentence says that they may be old. What has no file, such as uploads and web pages, stays
 * as it is.
 */
export async function checkPlaces<Place extends StoredPlace>(
  places: readonly Place[],
  options: CheckPlacesOptions<Place>,
): Promise<CheckedPlaces<Place>> {
  const { since, textOf, follows = true, endsDocument = false } = options;
  if (since === null) return { places, notes: [], isInStep: true };
  const files = new Map<string, Promise<FileNow>>();
  const gone = new Set<string>();
  const old = new Set<string>();
  const checked: Place[] = [];
  let isInStep = true;
  for (const place of places) {
    const key = JSON.stringify([place.root, place.path]);
    const reading = files.get(key) ?? readChanged(place, since);
    files.set(key, reading);
    const now = await reading;
    const by = typeof now === "string" ? 0 : findPlace(place, { text: textOf(place), lines: now, endsDocument });
    if (now === "gone") gone.add(place.path);
    else if (now === "large" || by === null || (by !== 0 && !follows)) old.add(place.path);
    isInStep &&= by === 0 && now !== "gone" && now !== "large";
    const moved = follows ? (by ?? 0) : 0;
    checked.push({ ...place, start_line: place.start_line + moved, end_line: place.end_line + moved });
  }
  return { places: checked, notes: [...describeGone([...gone]), ...describeOld([...old])], isInStep };
}

function describeGone(paths: readonly string[]): readonly string[] {
  if (paths.length === 0) return [];
  const [are, them, they] = paths.length === 1 ? ["is", "it", "it was"] : ["are", "them", "they were"];
  return [`${namesOf(paths)} ${are} gone; what is shown of ${them} was there when ${they} indexed.`];
}

function describeOld(paths: readonly string[]): readonly string[] {
  if (paths.length === 0) return [];
  const [them, they] = paths.length === 1 ? ["it", "it was"] : ["them", "they were"];
  return [`${namesOf(paths)} may have changed since ${they} indexed: what is shown of ${them} may be old.`];
}

/** How many files a note names. */
const MOST_NAMED = 3;

function namesOf(paths: readonly string[]): string {
  const more = paths.length > MOST_NAMED ? [`${paths.length - MOST_NAMED} more`] : [];
  return new Intl.ListFormat("en-GB").format([...paths.slice(0, MOST_NAMED), ...more]);
}

/** The lines of a file that has changed, or what else is known of it; `same` if it has not changed. */
type FileNow = readonly string[] | "same" | "gone" | "large";

async function readChanged({ root, path: source }: StoredPlace, since: number): Promise<FileNow> {
  if (!path.isAbsolute(root)) return "same";
  const rootState = await stat(root).catch(() => null);
  // A missing root, as on another machine, says nothing about its files.
  if (rootState === null) return "same";
  const file = rootState.isDirectory() ? path.join(root, source) : root;
  try {
    const state = await stat(file);
    if (changeTime(state) < since - GRAIN_MS) return "same";
    return state.size > MOST_BYTES ? "large" : linesOf(await readFile(file, "utf8"));
  } catch {
    return "gone";
  }
}

function linesOf(text: string): readonly string[] {
  return text.replace(/^\uFEFF/, "").split(/\r\n|\n|\r/);
}

/** By how many lines a place has moved down; null if it is gone, or if that cannot be told. */
function findPlace(
  { start_line: start }: StoredPlace,
  { text, lines, endsDocument }: { readonly text: string; readonly lines: readonly string[]; endsDocument: boolean },
): number | null {
  const wanted = linesOf(text);
  const isThere = (at: number): boolean =>
    standsAt(wanted, lines, at) && (!endsDocument || isEnd(lines, at + wanted.length));
  if (isThere(start - 1)) return 0;
  const found = [...lines.keys()].filter(isThere);
  const [only] = found;
  return only === undefined || found.length > 1 ? null : only - (start - 1);
}

function standsAt(wanted: readonly string[], lines: readonly string[], at: number): boolean {
  const last = wanted.length - 1;
  return wanted.every((line, index) => {
    const there = lines[at + index];
    // A break at the very end opens no further line.
    if (there === undefined) return line === "" && at + index === lines.length;
    if (last === 0) return there.includes(line);
    if (index === 0) return there.endsWith(line);
    return index === last ? there.startsWith(line) : there === line;
  });
}

function isEnd(lines: readonly string[], at: number): boolean {
  return at >= lines.length || (at === lines.length - 1 && lines.at(-1) === "");
}
