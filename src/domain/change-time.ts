/**
 * The later of the two times at which a file's content and its properties changed. A program that copies or restores
 * files can set back the first, but not the second.
 */
export function changeTime({ mtimeMs, ctimeMs }: { readonly mtimeMs: number; readonly ctimeMs: number }): number {
  return Math.max(mtimeMs, ctimeMs);
}
