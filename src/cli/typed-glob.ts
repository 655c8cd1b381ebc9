import path from "node:path";

/** A source or glob as it was typed, with `/`: on Windows people and completion write `\`, which there can mean nothing else. */
export function typedGlob(typed: string, { sep }: Pick<typeof path, "sep"> = path): string {
  return sep === "\\" ? typed.replaceAll("\\", "/") : typed;
}
