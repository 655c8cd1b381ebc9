import { asBuffer } from "../as-buffer.ts";
import { type LoadedText, tidyTitle } from "../loader.ts";
import { createRtfDecoder, type RtfDecoder } from "./rtf-decoder.ts";
import { createRtfStyles, type RtfStyles } from "./rtf-styles.ts";
import { createRtfText, type RtfText } from "./rtf-text.ts";
import { rtfTokens, type RtfToken } from "./rtf-tokens.ts";

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
/** Groups whose words go elsewhere than into the text. */
const INTO: ReadonlyMap<string, Group["into"]> = new Map([
  ["fonttbl", "fonts"],
  ["stylesheet", "styles"],
  ["title", "title"],
  ["listtext", "list"],
  ["pntext", "list"],
  ["footnote", "footnote"],
]);
const CHARACTERS: ReadonlyMap<string, string> = new Map([
  ["emdash", "—"],
  ["endash", "–"],
  ["lquote", "‘"],
  ["rquote", "’"],
  ["ldblquote", "“"],
  ["rdblquote", "”"],
  ["bullet", "•"],
  ["tab", " "],
  ["line", "\n"],
  ["~", " "],
  ["_", "-"],
]);

/** How far a file is read. */
interface Reading {
  readonly text: RtfText;
  readonly styles: RtfStyles;
  readonly decoder: RtfDecoder;
  /** The groups around this one. */
  readonly around: Group[];
  group: Group;
  title: string;
  /** Whether the group has only begun: its first word says what it is for. */
  isNew: boolean;
  /** Whether old programs may pass the group over. */
  mayBeUnknown: boolean;
}

/**
 * A rich text file (`.rtf`) as Markdown: headings, lists, table rows, footnotes at the end. Hidden and deleted text,
 * comments, headers, footers and pictures are left out.
 */
export function loadRtf(bytes: Uint8Array): LoadedText {
  const styles = createRtfStyles();
  const text = createRtfText(styles);
  const reading: Reading = {
    text,
    styles,
    decoder: createRtfDecoder(),
    around: [],
    group: { into: "text", substitutes: 1, font: null, isHidden: false },
    title: "",
    isNew: false,
    mayBeUnknown: false,
  };
  const source = asBuffer(bytes).toString("latin1");
  for (const token of rtfTokens(source)) readToken(reading, token);
  addPending(reading);
  return { text: text.finish(), title: text.firstHeading() ?? tidyTitle(reading.title) };
}

function readToken(reading: Reading, token: RtfToken): void {
  const { decoder, around, group } = reading;
  if (token.kind === "bytes") {
    reading.isNew = false;
    reading.mayBeUnknown = false;
    decoder.add(token.bytes);
    return;
  }
  addPending(reading);
  if (token.kind === "word") {
    if (token.name !== "u") decoder.skip(0);
    readWord(reading, token);
  } else if (token.kind === "open") {
    around.push(group);
    reading.isNew = true;
  } else {
    if (group.into === "styles") reading.styles.endStyle();
    reading.group = around.pop() ?? group;
  }
}

function addPending(reading: Reading): void {
  addWords(reading, reading.decoder.flush(reading.group.font));
}

function addWords(reading: Reading, words: string): void {
  const { text, styles, group } = reading;
  if (group.into === "title") reading.title += words;
  else if (group.into === "styles") styles.addName(words);
  else if (group.isHidden) return;
  else if (group.into === "text") text.add(words);
  else if (group.into === "list") text.addMarker(words);
  else if (group.into === "footnote") text.addNote(words);
}

type RtfWord = Extract<RtfToken, { kind: "word" }>;

function readWord(reading: Reading, word: RtfWord): void {
  const { decoder, group } = reading;
  const { name, value } = word;
  const isFirst = reading.isNew;
  reading.isNew = false;
  if (name === "*") {
    // Within a group it means nothing.
    reading.mayBeUnknown = isFirst;
    reading.isNew = isFirst;
    return;
  }
  const isBeginning = isFirst && beginsGroup(reading, name);
  reading.mayBeUnknown = false;
  if (isBeginning) return;
  const character = CHARACTERS.get(name);
  if (decoder.takeWord(name, value) || setsGroup(reading, word)) return;
  if (name === "u" && value !== null) {
    addWords(reading, String.fromCharCode(value < 0 ? value + 65_536 : value));
    decoder.skip(group.substitutes);
  } else if (character !== undefined) addWords(reading, character);
  else if (group.into === "text") reading.text.word(name, value);
  else if (group.into === "styles") reading.styles.word(name, value);
  else if (group.into === "footnote" && name === "par") reading.text.addNote(" ");
}

/** Whether the first word of a group says where its words go. */
function beginsGroup(reading: Reading, name: string): boolean {
  const { text, group, mayBeUnknown } = reading;
  const into = INTO.get(name);
  const isUnknown = mayBeUnknown && !TEXT_OF_NEW.has(name) && into === undefined;
  if (isUnknown || NO_TEXT.has(name)) {
    reading.group = { ...group, into: "nowhere" };
    return true;
  }
  // The title stands within the properties.
  if (into === undefined || (group.into === "nowhere" && name !== "title")) return false;
  reading.group = { ...group, into };
  if (name === "footnote") text.openNote();
  return true;
}

/** Whether a word sets how the words behind it are read. */
function setsGroup(reading: Reading, { name, value }: RtfWord): boolean {
  const { group } = reading;
  if (name === "uc") reading.group = { ...group, substitutes: value ?? 1 };
  else if (name === "f" && group.into === "fonts") reading.decoder.defineFont(value ?? 0);
  else if (name === "f") reading.group = { ...group, font: value };
  else if (name === "v" || name === "deleted") reading.group = { ...group, isHidden: value !== 0 };
  else if (name === "plain") reading.group = { ...group, isHidden: false, font: null };
  else return false;
  return true;
}
