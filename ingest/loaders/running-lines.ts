import { oneLine } from "../../src/domain/one-line.ts";

/** How many lines at the top and at the bottom of a page may belong to its head and foot. */
const EDGE_LINES = 6;
/** On fewer pages a line may repeat by chance. */
const FEWEST_PAGES = 4;
/** On this share of the pages a line has to stand. */
const LEAST_SHARE = 0.5;
const LONGEST = 200;
/** "2.0. General" at the top of each page is the heading of what follows there. */
const SECTION = /^\d{1,3}(?:\.\d{1,3})+\.? \p{L}/u;
const NUMBER = /\d+/g;

/** A line at the edge of a page. */
interface EdgeLine {
  readonly page: number;
  /** Which line of the page it is. */
  readonly at: number;
  /** The edge and the words, with a `#` for each number. */
  readonly form: string;
  readonly numbers: readonly number[];
}

/**
 * Pages without the lines that repeat at the top or bottom of at least half of them, such as a running title, "Page 3 of
 * 12" or the address that a page was printed from: a number is the same on all pages or counts them. They cut sentences in
 * two that go on over the page, and stand in what is quoted. On the first page that has it a line stays, so that nothing
 * is lost.
 */
export function withoutRunningLines(pages: readonly string[]): readonly string[] {
  const filled = pages.filter((page) => page !== "").length;
  if (filled < FEWEST_PAGES) return pages;
  const least = Math.max(FEWEST_PAGES, filled * LEAST_SHARE);
  const edges = pages.flatMap((text, page) => edgeLines(text.split("\n"), page));
  const repeated = pages.map(() => new Set<number>());
  for (const alike of Map.groupBy(edges, ({ form }) => form).values()) {
    const running = withRunningNumbers(alike);
    if (new Set(running.map(({ page }) => page)).size < least) continue;
    for (const { page, at } of running) if (page !== running[0]?.page) repeated[page]?.add(at);
  }
  return pages.map((page, index) => {
    const lines = page.split("\n").filter((_, at) => repeated[index]?.has(at) !== true);
    const rest = lines.join("\n").trim();
    // A page of nothing else is no empty one.
    return rest === "" ? page : rest;
  });
}

/** Those of some lines with the same words whose numbers are what most of them have, or are as far from the page's as in most. */
function withRunningNumbers(lines: readonly EdgeLine[]): readonly EdgeLine[] {
  const count = lines[0]?.numbers.length ?? 0;
  const usual = Array.from({ length: count }, (_, place) => ({
    same: mostFrequent(lines.map(({ numbers }) => numbers[place])),
    distance: mostFrequent(lines.map(({ numbers, page }) => (numbers[place] ?? 0) - page)),
  }));
  return lines.filter(({ page, numbers }) =>
    usual.every(({ same, distance }, place) => {
      const number = numbers[place] ?? 0;
      return number === same || number - page === distance;
    }),
  );
}

function mostFrequent(values: readonly (number | undefined)[]): number | undefined {
  const groups = [...Map.groupBy(values, (value) => value)];
  return groups.toSorted(([, one], [, other]) => other.length - one.length)[0]?.[0];
}

/** The lines at both edges of a page. */
function edgeLines(lines: readonly string[], page: number): readonly EdgeLine[] {
  const written = [...lines.keys()].filter((at) => lines[at]?.trim() !== "");
  const at = (edge: string, places: readonly number[]): EdgeLine[] =>
    places.flatMap((place) => {
      const line = oneLine(lines[place] ?? "");
      if (line.length > LONGEST || SECTION.test(line)) return [];
      const form = `${edge} ${line.replaceAll(NUMBER, "#")}`;
      return [{ page, at: place, form, numbers: Array.from(line.matchAll(NUMBER), ([digits]) => Number(digits)) }];
    });
  return [
    ...at("top", written.slice(0, EDGE_LINES)),
    ...at("bottom", written.slice(Math.max(EDGE_LINES, written.length - EDGE_LINES))),
  ];
}
