const SHORTEST_FENCE = 3;

/** Code between fences that are longer than every run of backticks in it. */
export function fencedCode(code: string, language: string): string {
  const longest = Array.from(code.matchAll(/`+/g)).reduce((most, [run]) => Math.max(most, run.length), 0);
  const fence = "`".repeat(Math.max(SHORTEST_FENCE, longest + 1));
  return `${fence}${language.toLowerCase()}\n${code}\n${fence}`;
}
