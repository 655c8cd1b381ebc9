import { getDocumentProxy } from "unpdf";
import type { PageSpan } from "../../src/domain/document.ts";
import { listFirst } from "../../src/domain/list-first.ts";
import { joinHyphenated } from "./join-hyphens.ts";
import { type LoadedText, tidyTitle, type Unreadable } from "./loader.ts";
import { markCountedHeadings } from "../../src/lexical/plain-headings.ts";
import { markTabbedTables } from "./tabbed-tables.ts";
import { withoutRunningLines } from "./running-lines.ts";

/** A line that would be a heading in Markdown, such as a comment in code. */
const HASH = /^#{1,6}(?=[ \t]|$)/;
/** What stands between two pages. */
const PAGE_BREAK = "\n\n";
/** The same within a sentence: the first page ends in its middle, and the second one goes on with small letters. */
const LINE_BREAK = "\n";
const ENDS = /[.!?:;…。！？]["'”’»)\]]*$/u;
/** Distance of two lines, in heights of a letter, from which a paragraph lies between them. */
const PARAGRAPH_GAP = 1.75;
/** The same as a multiple of the distance of lines within sentences, where that is wide: theses, drafts and lecture notes. */
const WIDER_THAN_LINES = 1.2;
/** So many sentences have to go on in a next line to tell how far lines are apart. */
const FEWEST_WRAPPED = 5;
const WRAPPED = /^\p{Ll}/u;
/** From which ratio of their letters' heights on two lines are no lines of one paragraph. */
const OTHER_SIZE = 1.15;
const WORD = /\p{L}{3}/u;
/** Width of a gap within a line, in heights of a letter, from which it keeps two columns apart. */
const COLUMN_GAP = 1.5;
/** Page numbers that a note lists. */
const PAGES_NAMED = 10;
/** Titles that programs put in by themselves. */
const NO_TITLE =
  /^(?:\(.*\)|about:[a-z]+|untitled.*|unbenannt.*|anonymous|(?:document|presentation|slide) ?\d*|powerpoint[- ]pr\S+|.*\.(?:docx?|xlsx?|pptx?|dvi|tex|indd|qxd|pub|ps|eps|pdf|rtf|od[tps]|txt|html?|exe))$/i;

/**
 * The text of a PDF page by page, with the place of each page in it. Its title is that of its properties. Nothing is
 * recognised in pictures: a scanned document has no text.
 */
export async function loadPdf(bytes: Uint8Array): Promise<LoadedText | Unreadable> {
  let pdf: Awaited<ReturnType<typeof getDocumentProxy>>;
  try {
    // The parser keeps the bytes for itself, so it gets its own.
    pdf = await getDocumentProxy(Uint8Array.from(bytes), { verbosity: 0 });
  } catch (error) {
    if (error instanceof Error && error.name === "PasswordException") {
      return { unreadable: "encrypted: it needs a password to be opened; save it without one" };
    }
    throw error;
  }
  try {
    const pages: PageSpan[] = [];
    const empty: number[] = [];
    let text = "";
    const written: PagePart[][] = [];
    for (let page = 1; page <= pdf.numPages; page += 1) written.push(await partsOfPage(pdf, page));
    const paragraphGap = paragraphGapOf(written);
    const contents = written.map((parts) => pageText(parts, paragraphGap));
    for (const [index, content] of asMarkdown(joinHyphenated(withoutRunningLines(contents))).entries()) {
      const page = index + 1;
      if (content === "") empty.push(page);
      if (text !== "" && content !== "") text += !ENDS.test(text) && /^\p{Ll}/u.test(content) ? LINE_BREAK : PAGE_BREAK;
      pages.push({ page, start: text.length, end: text.length + content.length });
      text += content;
    }
    if (text === "")
      return {
        unreadable: "no text in it: it seems to be scanned; a program for text recognition (OCR) can add the text",
      };
    const { info } = await pdf.getMetadata();
    const notes = empty.length === 0 ? [] : [`no text on ${pagesOf(empty)} of ${pdf.numPages}: scanned, or empty`];
    return { text: `${text}\n`, title: titleOf(info), pages: pages.filter(({ start, end }) => end > start), notes };
  } finally {
    await pdf.loadingTask.destroy();
  }
}

/** A piece of a page's text. */
interface PagePart {
  readonly text: string;
  /** How far below the line before it begins a new one, in heights of a letter; 0 where it goes on, or is not below. */
  readonly gap: number;
  /** Height of its letters; 0 where it is blank. */
  readonly height: number;
}

async function partsOfPage(pdf: Awaited<ReturnType<typeof getDocumentProxy>>, number: number): Promise<PagePart[]> {
  const page = await pdf.getPage(number);
  const { items } = await page.getTextContent();
  const parts: PagePart[] = [];
  let last: { readonly y: number; readonly height: number } | null = null;
  let isNewLine = false;
  for (const item of items) {
    if (!("str" in item)) continue;
    const [, , skew = 0, scale = 0, , y = 0] = item.transform.map(Number);
    let gap = 0;
    const height = item.str.trim() === "" ? 0 : Math.hypot(skew, scale);
    if (height > 0) {
      if (isNewLine && last !== null) gap = (last.y - y) / Math.max(height, last.height);
      last = { y, height };
    }
    const isGap = item.str.trim() === "" && item.width > COLUMN_GAP * Math.hypot(skew, scale);
    const text = (isGap ? "\t" : item.str) + (item.hasEOL ? "\n" : "");
    parts.push({ text, gap, height });
    if (text !== "") isNewLine = item.hasEOL;
  }
  page.cleanup();
  return apartBySize(parts);
}

/**
 * A line in other letters than the one above it stands apart, as a heading does that has its text right below it. Marks
 * above the line, first letters over several lines and sentences that go on in smaller letters do not count.
 */
function apartBySize(parts: readonly PagePart[]): PagePart[] {
  const lines: PagePart[][] = [[]];
  for (const part of parts) {
    if (part.gap > 0) lines.push([]);
    lines.at(-1)?.push(part);
  }
  return lines.flatMap((line, at) => {
    const [first, ...rest] = line;
    const above = lines[at - 1];
    if (first === undefined || above === undefined || WRAPPED.test(first.text) || !differInSize(above, line))
      return line;
    return [{ ...first, gap: Infinity }, ...rest];
  });
}

function differInSize(above: readonly PagePart[], below: readonly PagePart[]): boolean {
  const [one, other] = [above, below].map((line) => line.flatMap(({ height }) => (height > 0 ? [height] : [])));
  const isLarger = (left: number[] = [], right: number[] = []): boolean =>
    Math.min(...left) > OTHER_SIZE * Math.max(...right);
  const haveWords = [above, below].every((line) => WORD.test(line.map(({ text }) => text).join("")));
  return haveWords && (isLarger(one, other) || isLarger(other, one));
}

/** From which distance of two lines on a paragraph lies between them: further than lines are apart within a sentence. */
function paragraphGapOf(pages: readonly (readonly PagePart[])[]): number {
  const gaps: number[] = [];
  for (const parts of pages) {
    let before = "";
    for (const { text, gap } of parts) {
      if (gap > 0 && WRAPPED.test(text) && !ENDS.test(before)) gaps.push(gap);
      if (text.trim() !== "") before = text.trimEnd();
    }
  }
  const usual = gaps.toSorted((left, right) => left - right)[Math.floor(gaps.length / 2)] ?? 0;
  return gaps.length < FEWEST_WRAPPED ? PARAGRAPH_GAP : Math.max(PARAGRAPH_GAP, WIDER_THAN_LINES * usual);
}

function pageText(parts: readonly PagePart[], paragraphGap: number): string {
  let text = "";
  for (const part of parts) text += (part.gap > paragraphGap ? "\n" : "") + part.text;
  return (
    text
      // oxlint-disable-next-line no-control-regex -- control characters are what must not be there.
      .replaceAll(/[\u0000-\u0008\u000b-\u001f]/g, "")
      .replaceAll(/(?<![ \t])[ \t]+\n/g, "\n")
      .replaceAll(/\n{3,}/g, "\n\n")
      .trim()
  );
}

/** Pages whose tables and numbered headings are as in Markdown, and no other lines have marks of headings. */
function asMarkdown(pages: readonly string[]): readonly string[] {
  const lines = pages.map((page) => markTabbedTables(page.split("\n")).map((line) => line.replaceAll(/\t+/g, " ")));
  const marked = markCountedHeadings(lines.flat().map((line) => (HASH.test(line) ? `    ${line}` : line)));
  let start = 0;
  return lines.map(({ length }) => {
    const page = marked.slice(start, start + length).join("\n");
    start += length;
    return page;
  });
}

function titleOf(info: object): string | null {
  const title = "Title" in info && typeof info.Title === "string" ? tidyTitle(info.Title) : null;
  const plain = title?.replace(/^Microsoft (?:Office )?(?:Word|PowerPoint) - /, "") ?? "";
  return plain === "" || NO_TITLE.test(plain) ? null : plain;
}

function pagesOf(numbers: readonly number[]): string {
  return `${numbers.length === 1 ? "page" : "pages"} ${listFirst(numbers, PAGES_NAMED)}`;
}
