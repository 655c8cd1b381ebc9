import { Readability } from "@mozilla/readability";
import { parseHTML } from "linkedom";
import TurndownService from "turndown";
import { loadFlatHtml } from "./flat-html.ts";
import { limitBroken, withoutFrameTags } from "./html-tags.ts";
import { joinLines } from "./join-lines.ts";
import { type LoadedText, tidyTitle } from "./loader.ts";
import { hasHead } from "../../src/lexical/table-head.ts";

const NEVER_TEXT =
  "script, style, noscript, template, iframe, object, svg, canvas, title, meta, link, base, head > *, [hidden]";
const AROUND_TEXT = "nav, header[role=banner], footer, aside, form, [role=navigation], [aria-hidden=true]";
/**
 * Largest page whose main article is extracted, in characters. That takes seconds for each megabyte, and large pages
 * are references.
 */
const MAX_ARTICLE_PAGE = 1_000_000;
/**
 * Deepest nesting of a page whose main article is extracted. The cost grows with the third power of the depth: at 800
 * levels it took 11 s, at 5,000 it did not end. Pages are usually some 30 levels deep.
 */
const MAX_ARTICLE_DEPTH = 100;
/**
 * Deepest nesting that is converted to Markdown: each level costs the time for everything inside. Replies to replies of
 * mails come near it.
 */
const MAX_DEPTH = 250;
/** The most attributes of an element; the parser compares each with all of them. */
const MAX_ATTRIBUTES = 1_000;
/** Longest markup that is parsed into a tree, in characters: the tree takes some twenty times its size. */
const MAX_LENGTH = 16_000_000;
/** Marks cells and rows of tables that only lay out what stands in them, as in mails of shops. */
const LAYOUT = "data-layout";
/** Marks a row that names the columns, with the number of its cells. */
const HEAD = "data-head";
/** Stands behind such a cell until its row is written; no page can hold it. */
const CELL_END = "\0";
/** Marks first-level headings, which the article extraction turns into second-level ones. */
const TOP_HEADING = "data-top-heading";
/** An extracted article replaces the page if it has at least this share of the page's text. */
const LEAST_ARTICLE = 0.6;

/** An HTML page or fragment as Markdown text, without scripts, styles and navigation; links keep their words. */
export function loadHtml(html: string): LoadedText {
  const flat = flatReason(html);
  if (flat !== null) return { ...loadFlatHtml(html), notes: [flat] };
  const page = parsePage(html);
  const heading = page.querySelector("h1")?.textContent;
  const title = tidyTitle(page.querySelector("title")?.textContent) ?? tidyTitle(heading);
  for (const element of page.querySelectorAll(NEVER_TEXT)) element.remove();
  const article = extractArticle(html, page.body.textContent ?? "");
  for (const element of article === null ? page.querySelectorAll(AROUND_TEXT) : []) element.remove();
  return { text: toMarkdown(article ?? page), title };
}

/** Markup without scripts and the like as Markdown text; empty, or ended by a line break. */
export function htmlToMarkdown(html: string): string {
  if (flatReason(html) !== null) return loadFlatHtml(html).text;
  const page = parsePage(html);
  for (const element of page.querySelectorAll(NEVER_TEXT)) element.remove();
  return toMarkdown(page);
}

/** Why only the words of a page are read; null if its elements can be read. */
function flatReason(html: string): string | null {
  const words = "so its words were read without lists and tables";
  if (html.length > MAX_LENGTH) return `a page of more than ${MAX_LENGTH.toLocaleString("en")} characters, ${words}`;
  const broken = limitBroken({ depth: MAX_DEPTH, attributes: MAX_ATTRIBUTES }, html);
  if (broken === null) return null;
  return broken === "depth"
    ? `the page's elements are nested more than ${MAX_DEPTH} levels deep, ${words}`
    : `an element of the page has more than ${MAX_ATTRIBUTES.toLocaleString("en")} attributes, ${words}`;
}

function toMarkdown(page: Page): string {
  const tables = [...page.querySelectorAll("table")];
  const around = new Set(tables.flatMap((table) => table.parentElement?.closest("table") ?? []));
  markLayout(page, tables, around);
  markHeads(tables.filter((table) => !around.has(table)));
  const text = createConverter().turndown(page.body.innerHTML).replaceAll(CELL_END, "\n\n").trim();
  return text === "" ? "" : `${text}\n`;
}

/** A table around other tables, or around one cell, holds no rows of data. */
function markLayout(page: Page, tables: readonly PageElement[], around: ReadonlySet<PageElement>): void {
  const frames = tables.filter((table) => !around.has(table) && [...table.querySelectorAll("td, th")].length === 1);
  const layout = new Set([...around, ...frames]);
  if (layout.size === 0) return;
  for (const part of page.querySelectorAll("td, th, tr")) {
    const table = part.closest("table");
    if (table !== null && layout.has(table)) part.setAttribute(LAYOUT, "");
  }
}

/** The first row of a table of data, where it names the columns, gets a rule below it as in Markdown. */
function markHeads(tables: readonly PageElement[]): void {
  for (const table of tables) {
    const rows = [...table.querySelectorAll("tr")].filter((row) => row.textContent?.trim() !== "");
    const read = rows.map((row) => {
      const cells = [...row.children];
      return {
        cells: cells.map(({ textContent }) => textContent ?? ""),
        isMarked: cells.every(({ localName }) => localName === "th"),
      };
    });
    if (hasHead(read)) rows[0]?.setAttribute(HEAD, String(read[0]?.cells.length ?? 0));
  }
}

/** The part of a page's tree that is used; the library's own types need those of a browser. */
interface PageElement {
  readonly textContent: string | null;
  readonly innerHTML: string;
  readonly localName: string;
  readonly children: Iterable<PageElement>;
  readonly parentElement: PageElement | null;
  querySelectorAll(selector: string): Iterable<PageElement>;
  closest(selector: string): PageElement | null;
  remove(): void;
  setAttribute(name: string, value: string): void;
}

interface Page {
  readonly body: PageElement;
  querySelector(selector: string): PageElement | null;
  querySelectorAll(selector: string): Iterable<PageElement>;
}

function parsePage(html: string): Page {
  const { document } = parseHTML(html);
  if (hasWholeFrame(document.documentElement)) return document;
  // The parser does not add missing elements: text outside head and body would be lost.
  return parseHTML(`<!doctype html><html><head></head><body>${withoutFrameTags(html)}</body></html>`).document;
}

function hasWholeFrame(root: { readonly localName: string; readonly children: Iterable<PageElement> } | null): boolean {
  if (root?.localName !== "html") return false;
  const [first = "", ...others] = Array.from(root.children, ({ localName }) => localName).filter(
    (name) => !["script", "style", "noscript"].includes(name),
  );
  return others.length === 0 ? first === "body" : first === "head" && others.join(" ") === "body";
}

/**
 * The page's main article if it holds most of the page's text, else null: what looks like decoration may be content.
 */
function extractArticle(html: string, whole: string): Page | null {
  if (html.length > MAX_ARTICLE_PAGE) return null;
  const page = parsePage(html);
  if (isDeeperThan(MAX_ARTICLE_DEPTH, page)) return null;
  for (const element of page.querySelectorAll("script, style, noscript, template, title, meta, link, base"))
    element.remove();
  for (const element of page.querySelectorAll("h1")) element.setAttribute(TOP_HEADING, "");
  const found = findArticle(page);
  if (found?.content === undefined || found.content === null) return null;
  const article = parsePage(found.content);
  return visibleLength(article.body.textContent ?? "") >= visibleLength(whole) * LEAST_ARTICLE ? article : null;
}

function findArticle(page: Page): ReturnType<Readability["parse"]> {
  try {
    return new Readability(page, { charThreshold: 200 }).parse();
  } catch (error) {
    // The library passes all children of an element as arguments of one call, which allows some 100,000.
    if (error instanceof RangeError) return null;
    throw error;
  }
}

/** Whether elements are nested more deeply. Checked level by level, since recursion would overflow the stack. */
function isDeeperThan(limit: number, { body }: Page): boolean {
  let level: readonly PageElement[] = [body];
  for (let depth = 0; depth <= limit; depth += 1) {
    if (level.length === 0) return false;
    level = level.flatMap((element) => [...element.children]);
  }
  return level.length > 0;
}

function visibleLength(text: string): number {
  return text.replaceAll(/\s+/g, "").length;
}

/** A row of cells that lay out: a line where each of them is one, else one below the other. */
function layoutRow(content: string): string {
  const cells = content
    .split(CELL_END)
    .map((cell) => cell.trim())
    .filter((cell) => cell !== "");
  const isLine = cells.length > 1 && cells.every((cell) => !cell.includes("\n") && !cell.startsWith("|"));
  return isLine ? `\n| ${cells.join(" | ")} |` : `\n\n${cells.join("\n\n")}\n\n`;
}

/** The rule below a row that names the columns; empty for any other row. */
function ruleBelow(node: object): string {
  if (!("getAttribute" in node) || typeof node.getAttribute !== "function") return "";
  const count = Number(node.getAttribute(HEAD) ?? 0);
  return count === 0 ? "" : `\n|${" --- |".repeat(count)}`;
}

function createConverter(): TurndownService {
  const converter = new TurndownService({ headingStyle: "atx", codeBlockStyle: "fenced", bulletListMarker: "-" });
  // The text is read, quoted and searched, never rendered: `snake_case` must stay as it is.
  converter.escape = (text) => text;
  converter.addRule("top headings", {
    filter: (node) => node.nodeName === "H2" && node.hasAttribute(TOP_HEADING),
    replacement: (content) => `\n\n# ${content.trim()}\n\n`,
  });
  converter.addRule("links", { filter: "a", replacement: (content) => content });
  converter.addRule("images", {
    filter: "img",
    replacement: (_content, node) => ("getAttribute" in node ? (node.getAttribute("alt") ?? "") : ""),
  });
  const isLayout = (node: object): boolean =>
    "hasAttribute" in node && typeof node.hasAttribute === "function" && node.hasAttribute(LAYOUT) === true;
  converter.addRule("cells", {
    filter: ["td", "th"],
    replacement: (content, node) => (isLayout(node) ? content.trim() + CELL_END : `| ${joinLines(content.trim())} `),
  });
  converter.addRule("rows", {
    filter: "tr",
    replacement: (content, node) =>
      isLayout(node) ? layoutRow(content) : /^[|\s]*$/.test(content) ? "" : `\n${content}|${ruleBelow(node)}`,
  });
  converter.addRule("parts of tables", {
    filter: ["thead", "tbody", "tfoot"],
    replacement: (content) => `\n${content.trim()}`,
  });
  converter.addRule("tables", { filter: "table", replacement: (content) => `\n\n${content.trim()}\n\n` });
  return converter;
}
