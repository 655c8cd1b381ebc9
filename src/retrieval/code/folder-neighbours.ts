import { posix } from "node:path";
import { addGains, givingFiles, type ScoredFile } from "./score-files.ts";

/** The share of its score that the best other file of a folder gives, if the two are alone in it. */
const WEIGHT = 0.1;

/**
 * Adds to each file a share of the score of the best other found file in its folder: files that change together are
 * mostly in one folder. The more files of a folder are found, the smaller the share; it also shrinks with how little of
 * the task's words a file holds. Tests give and get nothing unless they are asked for.
 */
export function addFolderNeighbours(
  files: readonly ScoredFile[],
  { tests }: { readonly tests: boolean },
): ScoredFile[] {
  const taking = givingFiles(files, tests);
  const best = taking[0]?.score ?? 0;
  if (best <= 0) return [...files];
  const shares = new Map<ScoredFile, number>();
  for (const folder of Map.groupBy(taking, folderOf).values()) {
    for (const file of folder) {
      // Best first, as all lists of files are.
      const other = folder.find((one) => one !== file);
      if (other === undefined) continue;
      const fit = Math.max(0, file.score / best);
      shares.set(file, ((Math.max(0, other.score) / best) * fit) / Math.sqrt(folder.length - 1));
    }
  }
  return addGains(files, { part: "siblings", gainOf: (file) => WEIGHT * (shares.get(file) ?? 0) });
}

function folderOf({ chunks: [{ chunk }] }: ScoredFile): string {
  return `${chunk.root}\u0000${posix.dirname(chunk.source)}`;
}
