import { type LoadedText, tidyTitle } from "../loader.ts";
import { createRtfText } from "./rtf-text.ts";
import { encodingOfCharset, encodingOfCodePage, rtfTokens, type RtfToken } from "./rtf-tokens.ts";

/** What a group sets, and its end takes back. */
interface Group {
  /** Where its words go. */
  readonly into: "text" | "title" | "list" | "footnote" | "fonts" | "styles" | "nowhere";
  /** Characters that stand for one of Unicode where a program does not know that. */
  readonly substitutes: number;
  readonly font: number | null;
  /** Hidden, or deleted while changes were tracked. */
  readonly isHidden: boolean;
}

/** Groups that hold no text of the document. */
const NO_TEXT: ReadonlySet<string> = new Set(
  (
    "colortbl info pict header headerl headerr headerf footer footerl footerr footerf ftnsep ftnsepc aftnsep aftnsepc " +
    "nonesttables xe tc txe sp private themedata datastore xmlnstbl objdata objclass author"
  ).split(" "),
);
/** Groups that are marked as unknown to old programs, and hold text all the same. */
const TEXT_OF_NEW: ReadonlySet<string> = new Set(["shpinst", "shptxt", "nesttableprops", "ud"]);
const INTO: Readonly<Record<string, Group["into"]>> = {
  fonttbl: "fonts",
  stylesheet: "styles",
  title: "title",
  listtext: "list",
  pntext: "list",
  footnote: "footnote",
};
const CHARACTERS: Readonly<Record<string, string>> = {
  emdash: "—",
  endash: "–",
  lquote: "‘",
  rquote: "’",
  ldblquote: "“",
  rdblquote: "”",
  bullet: "•",
  tab: " ",
  line: "\n",
  "~": " ",
  _: "-",
};

/**
 * A rich text file (`.rtf`) as Markdown: headings, lists, table rows, footnotes at the end. Hidden and deleted text,
 * comments, headers, footers and pictures are left out.
 */
export function loadRtf(bytes: Uint8Array): LoadedText {
  const text = createRtfText();
  const fonts = new Map<number, string>();
  let encoding = "windows-1252";
  let group: Group = { into: "text", substitutes: 1, font: null, isHidden: false };
  const stack: Group[] = [];
  let pending = "";
  let toSkip = 0;
  let isNew = false;
  let mayBeUnknown = false;
  let fontDefined = 0;
  let title = "";

  const add = (words: string): void => {
    if (group.into === "title") title += words;
    else if (group.into === "styles") text.nameStyle(words);
    else if (group.into !== "nowhere" && group.into !== "fonts" && !group.isHidden) text.add(words, group.into);
  };
  const flush = (): void => {
    if (pending === "") return;
    const name = fonts.get(group.font ?? -1) ?? encoding;
    add(new TextDecoder(name).decode(Buffer.from(pending, "latin1")));
    pending = "";
  };
  const addBytes = (given: string): void => {
    const skipped = Math.min(toSkip, given.length);
    toSkip -= skipped;
    pending += given.slice(skipped);
  };
  const readWord = (name: string, value: number | null): void => {
    const isFirst = isNew;
    isNew = false;
    if (name === "*") {
      // Within a group it means nothing.
      mayBeUnknown = isFirst;
      isNew = isFirst;
      return;
    }
    const isUnknown = mayBeUnknown && isFirst && !TEXT_OF_NEW.has(name) && INTO[name] === undefined;
    mayBeUnknown = false;
    if (isFirst && (isUnknown || NO_TEXT.has(name))) group = { ...group, into: "nowhere" };
    // The title stands within the properties.
    else if (isFirst && INTO[name] !== undefined && (group.into !== "nowhere" || name === "title")) {
      group = { ...group, into: INTO[name] };
      if (name === "footnote") text.openFootnote();
    } else if (name === "u" && value !== null) {
      add(String.fromCharCode(value < 0 ? value + 65_536 : value));
      toSkip = group.substitutes;
    } else if (name === "uc") group = { ...group, substitutes: value ?? 1 };
    else if (name === "ansicpg") encoding = encodingOfCodePage(value ?? 1_252);
    else if (name === "mac") encoding = "macintosh";
    else if (name === "fcharset") {
      const own = encodingOfCharset(value ?? 0);
      if (own !== null) fonts.set(fontDefined, own);
    } else if (name === "f" && group.into === "fonts") fontDefined = value ?? 0;
    else if (name === "f") group = { ...group, font: value };
    else if (name === "v" || name === "deleted") group = { ...group, isHidden: value !== 0 };
    else if (name === "plain") group = { ...group, isHidden: false, font: null };
    else if (CHARACTERS[name] !== undefined) add(CHARACTERS[name]);
    else if (group.into !== "nowhere" && group.into !== "fonts") text.word(name, value, group.into);
  };
  const read = (token: RtfToken): void => {
    if (token.kind === "bytes") {
      isNew = false;
      mayBeUnknown = false;
      addBytes(token.bytes);
      return;
    }
    flush();
    if (token.kind === "word") {
      if (token.name !== "u") toSkip = 0;
      readWord(token.name, token.value);
    } else if (token.kind === "open") {
      stack.push(group);
      isNew = true;
    } else {
      const closed = group;
      group = stack.pop() ?? group;
      if (closed.into !== group.into || closed.into === "styles") text.close(closed.into);
    }
  };
  for (const token of rtfTokens(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("latin1")))
    read(token);
  flush();
  return { text: text.finish(), title: text.firstHeading() ?? tidyTitle(title) };
}
