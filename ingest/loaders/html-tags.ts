import { Parser, Tokenizer } from "htmlparser2";
import type { Span } from "../../src/domain/document.ts";

/** Is told what is in the markup, however elements are nested. */
export interface MarkupListener {
  /** A tag that begins an element, from its bracket on. */
  readonly onOpen?: (name: string, start: number) => void;
  /** The end of such a tag; offset behind its bracket. */
  readonly onOpened?: (end: number) => void;
  /** A tag that ends an element, with its brackets. */
  readonly onClose?: (name: string, tag: Span) => void;
  /** Text, with entities filled in; one stretch may come in several parts. */
  readonly onText?: (text: string) => void;
  /** The text between `<!` and `>`, such as the document type. */
  readonly onDeclaration?: (content: string, declaration: Span) => void;
}

/** Reads markup tag by tag, in linear time. */
export function readMarkup(html: string, listener: MarkupListener): void {
  const ignore = (): void => undefined;
  const ended = (end: number): void => listener.onOpened?.(end + 1);
  const tokenizer = new Tokenizer(
    { decodeEntities: true },
    {
      onopentagname: (start, end) => listener.onOpen?.(html.slice(start, end).toLowerCase(), start - "<".length),
      onopentagend: ended,
      onselfclosingtag: ended,
      onclosetag: (start, end) => {
        const close = html.indexOf(">", end);
        const tag = { start: start - "</".length, end: close === -1 ? html.length : close + 1 };
        listener.onClose?.(html.slice(start, end).toLowerCase(), tag);
      },
      ontext: (start, end) => listener.onText?.(html.slice(start, end)),
      ontextentity: (code) => listener.onText?.(String.fromCodePoint(code)),
      ondeclaration: (start, end) =>
        listener.onDeclaration?.(html.slice(start, end), { start: start - "<!".length, end: end + 1 }),
      onattribname: ignore,
      onattribdata: ignore,
      onattribentity: ignore,
      onattribend: ignore,
      oncomment: ignore,
      oncdata: ignore,
      onprocessinginstruction: ignore,
      onend: ignore,
    },
  );
  tokenizer.write(html);
  tokenizer.end();
}

/** How many characters are parsed at a time, so that a page that turns out too deep is not parsed any further. */
const STEP = 65_536;

/** Limits for the elements of a page. */
export interface MarkupLimits {
  /** Elements within each other. */
  readonly depth: number;
  /** Attributes of one element. */
  readonly attributes: number;
}

/** The limit that a page exceeds; null for none. Parses only as much as it takes to know that. */
export function limitBroken(limits: MarkupLimits, html: string): keyof MarkupLimits | null {
  const seen: { depth: number; attributes: number; broken: keyof MarkupLimits | null } = {
    depth: 0,
    attributes: 0,
    broken: null,
  };
  const breaks = (limit: keyof MarkupLimits): void => {
    seen.broken = limit;
    // Each further tag costs the parser more, the deeper it is.
    parser.reset();
  };
  const parser = new Parser({
    onopentagname: () => {
      seen.attributes = 0;
    },
    onattribute: () => {
      seen.attributes += 1;
      if (seen.attributes > limits.attributes) breaks("attributes");
    },
    onopentag: () => {
      seen.depth += 1;
      if (seen.depth > limits.depth) breaks("depth");
    },
    onclosetag: () => {
      seen.depth -= 1;
    },
  });
  for (let start = 0; start < html.length && seen.broken === null; start += STEP) {
    parser.write(html.slice(start, start + STEP));
  }
  return seen.broken;
}

const FRAME: ReadonlySet<string> = new Set(["html", "head", "body"]);

/** A page without the document type and the tags around its head and its body. */
export function withoutFrameTags(html: string): string {
  const parts: string[] = [];
  let from = 0;
  let isFrame = false;
  const leaveOut = ({ start, end }: Span): void => {
    parts.push(html.slice(from, start));
    from = end;
  };
  let openedAt = 0;
  readMarkup(html, {
    onOpen: (name, start) => {
      isFrame = FRAME.has(name);
      openedAt = start;
    },
    onOpened: (end) => {
      if (isFrame) leaveOut({ start: openedAt, end });
    },
    onClose: (name, tag) => {
      if (FRAME.has(name)) leaveOut(tag);
    },
    onDeclaration: (content, declaration) => {
      if (/^doctype\b/i.test(content)) leaveOut(declaration);
    },
  });
  parts.push(html.slice(from));
  return parts.join("");
}
