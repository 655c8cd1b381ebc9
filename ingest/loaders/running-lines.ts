/** How many lines at the top and at the bottom of a page may belong to its head and foot. */
const EDGE_LINES = 4;
/** On fewer pages a line may repeat by chance. */
const FEWEST_PAGES = 4;
/** On this share of the pages a line has to stand. */
const LEAST_SHARE = 0.5;
const LONGEST = 200;

/**
 * Pages without the lines that repeat at the top or bottom of at least half of them, such as a running title, "Page 3 of
 * 12" or the address that a page was printed from: numbers may differ. They cut sentences in two that go on over the
 * page, and stand in what is quoted. On the first page that has it a line stays, so that nothing is lost.
 */
export function withoutRunningLines(pages: readonly string[]): readonly string[] {
  const filled = pages.filter((page) => page !== "").length;
  if (filled < FEWEST_PAGES) return pages;
  const counts = new Map<string, number>();
  for (const page of pages) {
    for (const form of new Set(edgeForms(page.split("\n")).values())) counts.set(form, (counts.get(form) ?? 0) + 1);
  }
  const least = Math.max(FEWEST_PAGES, filled * LEAST_SHARE);
  const seen = new Set<string>();
  return pages.map((page) => {
    const lines = page.split("\n");
    const running = [...edgeForms(lines)].filter(([, form]) => (counts.get(form) ?? 0) >= least);
    const repeated = new Set(running.filter(([, form]) => seen.has(form)).map(([at]) => at));
    for (const [, form] of running) seen.add(form);
    const rest = lines
      .filter((_, at) => !repeated.has(at))
      .join("\n")
      .trim();
    // A page of nothing else is no empty one.
    return rest === "" ? page : rest;
  });
}

/** The places of the lines at both edges of a page, with what each looks like whatever its numbers are. */
function edgeForms(lines: readonly string[]): ReadonlyMap<number, string> {
  const written = [...lines.keys()].filter((at) => lines[at]?.trim() !== "");
  const edges = new Map<number, string>();
  const add = (places: readonly number[], edge: string): void => {
    for (const at of places) {
      const line = lines[at] ?? "";
      if (line.length <= LONGEST)
        edges.set(at, `${edge} ${line.trim().replaceAll(/\s+/g, " ").replaceAll(/\d+/g, "#")}`);
    }
  };
  add(written.slice(0, EDGE_LINES), "top");
  add(written.slice(Math.max(EDGE_LINES, written.length - EDGE_LINES)), "bottom");
  return edges;
}
