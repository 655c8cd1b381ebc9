import { findDate } from "./date-wording.ts";
import { FIELD } from "./line-forms.ts";
import { isEmpty, markNumberedHeadings, NO_HEADING_END } from "./numbered-headings.ts";
import { isWrapped } from "./wrapped-lines.ts";

/** Longest heading in characters. */
const LONGEST = 100;
/** As much of a line is read, in characters: patterns run out of stack at a line of millions of marks. */
const READ = 2_000;
/** The underline of a title: one mark, about as long as the title. */
const UNDERLINE = /^[ \t]*(?:={3,}|~{3,}|\^{3,}|\*{3,}|-{3,})[ \t]*$/;
const LENGTHS_APART = 3;
/** "ARTICLE IV", "Chapter 2: Tolls", "Section 3.1. Dues", "§ 4 Fairs", "IV. Staff", "3. Staff". */
const COUNTED =
  /^(?:(\p{Lu}\p{L}{2,14}) |(§) ?)?(?:(\d{1,3}(?:\.\d{1,3}){0,4})|([IVXLC]{1,7}))(?![\p{L}\d])(?:(\.?[ \t]*[:–—-]?)[ \t]+(\S.*)|\.)?$/u;
/** "Version 3.2 (2025-06-20)", "[3.1.0] - 2025-05-01", "v2.0", "New in Gauge 7.2: night mode": a few words, a version, and the rest. */
const VERSION =
  /^(?<name>(?:\p{L}[\p{L}\p{N}-]* ){0,4}?)\[?v?(?<number>\d{1,4}(?:\.\d{1,4}){1,3})\]?(?<rest>(?:[ \t:–—-].*)?)$/u;
/** What stands between a version and its date or title. */
const AROUND = /^[ \t:–—()-]+|[ \t():]+$/g;
/** What stands over a picture or a table is no heading of what follows it. */
const CAPTION = /^(?:fig|table|tab|chart|abb|tafel|box|example|listing)/i;
const CAPITAL = /^["'“‘«(]*[\p{Lu}\p{Lt}\p{Lo}\d]/u;
/** Columns, cells, what stands in code, and the end of a sentence before the next one. */
const NO_TITLE = /\S[ \t]{3,}\S|[|{}<>;\\=]|\S\t|\p{L}{3}[.!?] \p{Lu}/u;
const WORD = /\p{L}{2}|\p{Lo}/u;
const CAPITALS = /^(?=.*\p{Lu}{3})[^\p{Ll}]+$/u;
/** Lines in capital letters are headings where they are at most this share of a text, and most of them differ. */
const MOST_CAPITALS = 0.2;
const LEAST_DIFFERENT = 0.6;
/** So many headings a text has of those that only their numbers or capital letters show. */
const FEWEST = 2;
/** How many fields a record has. */
const FEWEST_FIELDS = 3;
const ROMAN: Readonly<Record<string, number>> = { I: 1, V: 5, X: 10, L: 50, C: 100 };
/** What Markdown would take for a heading, or for the underline of one. */
const MARK = /^ {0,3}(?=#{1,6}(?:[ \t]|$)|=+[ \t]*$|-{2,}[ \t]*$)/;
const DEEPEST = 6;

/** A line that may be a heading. */
interface Candidate {
  /** Which line of the text it is. */
  readonly at: number;
  /** What headings of one level have in common: the underline's mark, the word before the number, how deep the number is. */
  readonly form: string;
  /** `[3, 1]` for 3.1. */
  readonly path: readonly number[];
  /** What stands behind the number. */
  readonly words: string;
}

/** Options of {@link markPlainHeadings}. */
export interface PlainHeadingOptions {
  /** The text's first line, where that is a title. */
  readonly title: string | null;
  /**
   * For a part of a text, the headings that it begins under, from the outermost: lines of their forms are headings too.
   * @default []
   */
  readonly above?: readonly string[];
}

/**
 * The lines of a plain text with marks as in Markdown for its headings: underlined titles, lines that stand apart and count
 * on (`ARTICLE IV`, `3. Staff`), lines in capital letters, and the first lines of records. Of their forms the one that comes
 * first is the highest. Every line stays on its place; an underline becomes an empty line. Null for a text without such
 * headings.
 */
export function markPlainHeadings(
  lines: readonly string[],
  { title, above: given }: PlainHeadingOptions,
): readonly string[] | null {
  const above = given ?? [];
  const over = above.flatMap((heading) => [heading, ""]);
  const capitals = above.some((heading) => CAPITALS.test(heading));
  const marked =
    markWholeText([...over, ...lines], { title, areCapitals: capitals, isPart: given !== undefined })?.slice(
      over.length,
    ) ?? null;
  if (!lines.some((line) => above.includes(line.trim()))) return marked;
  return (marked ?? lines).map((line, at) => {
    const level = above.indexOf(line.trim());
    return level === -1 || line !== lines[at] ? line : `${"#".repeat(Math.min(DEEPEST, level + 2))} ${line.trim()}`;
  });
}

function markWholeText(
  written: readonly string[],
  {
    title,
    areCapitals,
    isPart,
  }: { readonly title: string | null; readonly areCapitals: boolean; readonly isPart: boolean },
): readonly string[] | null {
  const lines = written.map((line) => line.slice(0, READ));
  const headings = new Map<number, string>();
  const numbered = [...counted(lines), ...versionsIn(lines, isPart)];
  for (const { at, form } of [...underlined(lines), ...numbered]) if (!headings.has(at)) headings.set(at, form);
  for (const at of recordsIn(lines)) headings.set(at, "record");
  const first = lines.findIndex((line) => !isEmpty(line));
  // A first line with a number is no title of those that count on from it.
  const isTitled = lines[first]?.trim() === title && !numbered.some(({ at }) => at === first);
  if (isTitled) headings.delete(first);
  for (const at of inCapitals(lines, { headings, from: isTitled ? first + 1 : first, areKnown: areCapitals }))
    headings.set(at, "capitals");
  if (headings.size === 0) return null;
  if (isTitled) headings.set(first, "title");
  const marked = written.map((line) => (line.length > READ ? line : line.replace(MARK, "    ")));
  const levels = new Map([[isTitled ? "title" : "", 1]]);
  for (const [at, form] of [...headings].toSorted(([left], [right]) => left - right)) {
    const level = levels.get(form) ?? levels.size + 1;
    levels.set(form, level);
    marked[at] = `${"#".repeat(Math.min(DEEPEST, level))} ${(lines[at] ?? "").trim()}`;
    if (isUnderline(lines, at)) marked[at + 1] = "";
    if (UNDERLINE.test(lines[at - 1] ?? "") && !headings.has(at - 2)) marked[at - 1] = "";
  }
  return marked;
}

function* underlined(lines: readonly string[]): Generator<Pick<Candidate, "at" | "form">> {
  for (const [at, line] of lines.entries()) {
    if (isUnderline(lines, at) && isTitle(line.trim())) yield { at, form: lines[at + 1]?.trim().charAt(0) ?? "" };
  }
}

/** Whether the line below one underlines it: it is as long, and what stands above is empty or an overline. */
function isUnderline(lines: readonly string[], at: number): boolean {
  const [above = "", line = "", below = ""] = [lines[at - 1], lines[at], lines[at + 1]];
  if (isEmpty(line) || UNDERLINE.test(line) || !UNDERLINE.test(below)) return false;
  return (
    (isEmpty(above) || UNDERLINE.test(above)) && Math.abs(below.trim().length - line.trim().length) <= LENGTHS_APART
  );
}

/**
 * The lines of a text in which the headings that numbers show have marks as in Markdown, as {@link markNumberedHeadings}
 * does it, and where that finds none, those that stand apart and count on (`1 Position`, `2 Notice`).
 */
export function markCountedHeadings(lines: readonly string[]): readonly string[] {
  const marked = markNumberedHeadings(lines);
  if (marked !== lines) return marked;
  const forms = new Map([...counted(lines)].map(({ at, form }) => [at, form]));
  const levels = [...new Set(forms.values())];
  return lines.map((line, at) => {
    const form = forms.get(at);
    return form === undefined ? line : `${"#".repeat(Math.min(DEEPEST, levels.indexOf(form) + 2))} ${line.trim()}`;
  });
}

/** The headings that numbers show: those with numbers one level deeper below them, and those that count on. */
function* counted(lines: readonly string[]): Generator<Pick<Candidate, "at" | "form">> {
  const proven = new Set(markNumberedHeadings(lines).flatMap((line, at) => (line === lines[at] ? [] : at)));
  const candidates = lines.flatMap((_, at) => candidateAt(lines, { at, isProven: proven.has(at) }) ?? []);
  for (const [form, all] of Map.groupBy(candidates, (one) => one.form)) {
    const places = new Set(all.map(({ at }) => at));
    const counting = all.filter((one, index) => follows(all[index - 1], one) || follows(one, all[index + 1]));
    const withText = counting.filter(({ at }) => !places.has(nextFilled(lines, at)));
    const isSeries = counting.length >= FEWEST && withText.length * 2 > counting.length;
    const counts = new Set(counting.map(({ at }) => at));
    for (const { at, path, words } of all) {
      const isCounted = isSeries && (path.at(-1) === 1 || counts.has(at));
      if (!isCounted && !proven.has(at)) continue;
      yield { at, form };
      const below = isEmpty(lines[at + 1]) ? at + 2 : at + 1;
      const isNamedBelow = words === "" && isEmpty(lines[below + 1]) && isTitle((lines[below] ?? "").trim());
      if (isNamedBelow) yield { at: below, form: `${form} title` };
    }
  }
}

function candidateAt(
  lines: readonly string[],
  { at, isProven }: { readonly at: number; readonly isProven: boolean },
): Candidate | null {
  const line = (lines[at] ?? "").trim();
  if (line === "" || line.length > LONGEST) return null;
  const [, word, sign, digits, roman, mark = "", words = ""] = COUNTED.exec(line) ?? [];
  const name = (word ?? sign ?? "").toLowerCase();
  if ((digits ?? roman) === undefined || CAPTION.test(name)) return null;
  const path = digits === undefined ? [valueOf(roman ?? "")] : digits.split(".").map(Number);
  const form = `${roman === undefined ? "" : "roman"} ${name} ${String(path.length)}`;
  if (isProven) return words === "" || isTitle(words) ? { at, form, path, words } : null;
  if (!isEmpty(lines[at - 1]) || isWrapped(lines[at] ?? "", lines[at + 1] ?? "")) return null;
  // A number alone is a page's, a letter may be a word, and an item of a list has its text right below.
  const isSure = words !== "" && (path.length > 1 || isEmpty(lines[at + 1])) && (roman === undefined || mark !== "");
  if (name === "" && !isSure) return null;
  return words === "" || isTitle(name === "" ? words : words.replace(/\.$/, "")) ? { at, form, path, words } : null;
}

function valueOf(roman: string): number {
  const values = roman.split("").map((letter) => ROMAN[letter] ?? 0);
  return values.reduce((sum, value, at) => (value < (values[at + 1] ?? 0) ? sum - value : sum + value), 0);
}

function follows(before: Candidate | undefined, next: Candidate | undefined): boolean {
  if (before === undefined || next === undefined || before.path.length !== next.path.length) return false;
  const depth = next.path.length - 1;
  if (next.path[depth] !== (before.path[depth] ?? 0) + 1) return false;
  return next.path.slice(0, depth).every((number, index) => before.path[index] === number);
}

/**
 * The lines that stand apart and name versions of one thing which count down, as in notes about releases, the newest first.
 * In a part of a text one alone is enough that has its date.
 */
function versionsIn(lines: readonly string[], isPart: boolean): readonly Pick<Candidate, "at" | "form">[] {
  const named = lines.flatMap((line, at) => {
    const { name = "", number, rest = "" } = VERSION.exec(line.trim())?.groups ?? {};
    if (number === undefined || line.length > LONGEST || !isEmpty(lines[at - 1])) return [];
    const words = rest.replaceAll(AROUND, "");
    const isDated = words !== "" && findDate(words)?.words === words;
    const path = number.split(".").map(Number);
    return isDated || words === "" || isTitle(words) ? [{ at, name: name.toLowerCase(), path, isDated }] : [];
  });
  const places = new Set(named.map(({ at }) => at));
  return [...Map.groupBy(named, ({ name }) => name).values()].flatMap((all) => {
    const falling = all.filter((one, index) => isOlder(all[index + 1], one));
    const withText = all.filter(({ at }) => nextFilled(lines, at) < lines.length && !places.has(nextFilled(lines, at)));
    const isSeries = all.length < FEWEST ? isPart && all[0]?.isDated === true : falling.length * 2 >= all.length;
    return isSeries && withText.length * 2 > all.length ? all.map(({ at }) => ({ at, form: "version" })) : [];
  });
}

function isOlder(one: Pick<Candidate, "path"> | undefined, other: Pick<Candidate, "path">): boolean {
  const at = one?.path.findIndex((number, depth) => number !== other.path[depth]) ?? -1;
  if (one === undefined) return false;
  return at === -1 ? one.path.length < other.path.length : (one.path[at] ?? 0) < (other.path[at] ?? 0);
}

/**
 * The first lines of records that stand one behind another, such as `Name: Mara Quist` above her role and telephone: blocks of
 * fields, each another one, which all begin with the same field.
 */
function recordsIn(lines: readonly string[]): readonly number[] {
  const starts = lines.flatMap((line, at) => (!isEmpty(line) && isEmpty(lines[at - 1]) ? at : []));
  const blocks = starts.map((at) => {
    let end = at;
    while (!isEmpty(lines[end])) end += 1;
    return { at, keys: lines.slice(at, end).map((line) => FIELD.exec(line)?.groups?.["name"] ?? "") };
  });
  const records = blocks.filter(
    ({ keys }) => keys.length >= FEWEST_FIELDS && !keys.includes("") && new Set(keys).size === keys.length,
  );
  const [key] = records[0]?.keys ?? [];
  const areRecords = records.length >= FEWEST && records.every(({ keys }) => keys[0] === key);
  return areRecords ? records.map(({ at }) => at) : [];
}

/** The lines in capital letters that stand above others, where there are some, and not too many or always the same. */
function inCapitals(
  lines: readonly string[],
  {
    headings,
    from,
    areKnown,
  }: { readonly headings: ReadonlyMap<number, string>; readonly from: number; readonly areKnown: boolean },
): readonly number[] {
  const isCapitals = (at: number): boolean => CAPITALS.test(lines[at] ?? "");
  const all: number[] = [];
  for (let at = from; at < lines.length; at = nextFilled(lines, at)) {
    if (headings.has(at) || !isCapitals(at) || !isTitle((lines[at] ?? "").trim())) continue;
    const isApart = isEmpty(lines[at - 1]) || headings.has(at - 1) || all.at(-1) === at - 1;
    const below = nextFilled(lines, at);
    // Three such lines in a row are a text in capital letters.
    if (isApart && below < lines.length && !(isCapitals(below) && isCapitals(nextFilled(lines, below)))) all.push(at);
  }
  if (areKnown) return all;
  const different = new Set(all.map((at) => lines[at]?.trim()));
  const lengthOf = (some: readonly string[]): number => some.reduce((sum, line) => sum + line.trim().length, 0);
  const isSmall = lengthOf(all.map((at) => lines[at] ?? "")) <= lengthOf(lines) * MOST_CAPITALS;
  const areHeadings = isSmall && different.size >= FEWEST && different.size >= all.length * LEAST_DIFFERENT;
  return areHeadings ? all : [];
}

function isTitle(words: string): boolean {
  return (
    words.length <= LONGEST &&
    CAPITAL.test(words) &&
    WORD.test(words) &&
    !NO_HEADING_END.test(words) &&
    !NO_TITLE.test(words)
  );
}

/** The next line with anything on it; the number of lines where there is none. */
function nextFilled(lines: readonly string[], at: number): number {
  let next = at + 1;
  while (next < lines.length && isEmpty(lines[next])) next += 1;
  return next;
}
