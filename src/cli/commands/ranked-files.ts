import type { CodeResult } from "../../domain/code.ts";
import type { Hit, SearchResult } from "../../domain/hit.ts";
import type { CommandContext } from "../command-context.ts";
import { createResultMatcher, createWordMatcher } from "../../domain/match-words.ts";
import { bestLine } from "../output/pick-lines.ts";
import { formatPlace, pathOf } from "../output/source-link.ts";

/** A file that a search found, as `search --files` gives it. */
export interface RankedFile {
  /** From 1. */
  readonly rank: number;
  readonly score: number;
  /** A path by which the file can be opened from the working folder; for a web page its address. */
  readonly path: string;
  readonly root: string;
  readonly source: string;
  /** The line that fits best. */
  readonly line: number;
}

/** The files of hits, each once, in the order of their best hits. */
export function filesOfHits(result: SearchResult, context: CommandContext): readonly RankedFile[] {
  const matcher = createResultMatcher(result);
  const best = new Map<string, Hit>();
  for (const hit of result.hits) if (!best.has(hit.documentId)) best.set(hit.documentId, hit);
  return Array.from(best.values(), (hit, index) => ({
    rank: index + 1,
    score: hit.score,
    path: pathOf(hit, context.io.cwd),
    root: hit.root,
    source: hit.source,
    line: bestLine(hit.text, { matcher, firstLine: hit.lines.start }),
  }));
}

/** The files for a task. */
export function filesOfCode({ task, files }: CodeResult, context: CommandContext): readonly RankedFile[] {
  const matcher = createWordMatcher(task);
  return files.map(({ rank, score, root, source, places: [place] }) => ({
    rank,
    score,
    path: pathOf({ root, source }, context.io.cwd),
    root,
    source,
    line: place === undefined ? 1 : bestLine(place.text, { matcher, firstLine: place.lines.start }),
  }));
}

/** One file on each line: `path:line` as a link for a person, only the path for other programs. */
export function formatFiles(files: readonly RankedFile[], context: CommandContext): string {
  return files.map((file) => (context.io.isTerminal.stdout ? formatPlace(file, context) : file.path)).join("\n");
}
