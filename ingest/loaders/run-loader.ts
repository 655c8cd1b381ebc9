import { systemErrorCode } from "../../src/errors.ts";
import { type AttachedFile, type AttachedReader, type AttachedText, createAttachedReader } from "./attached-files.ts";
import type { LoaderName } from "./languages.ts";
import type { LoadedText, Unreadable } from "./loader.ts";
import { openContent } from "./open-content.ts";

/** Options of {@link runLoader}. */
export interface RunLoaderOptions {
  /**
   * Reads what is attached to mails; null for mails without it.
   * @default a reader for this source alone
   */
  readonly attached?: AttachedReader | null;
}

/**
 * Turns a source into text. Each loader comes with its library only when it is first needed. Throws where the source is
 * damaged.
 */
export async function runLoader(
  loader: LoaderName,
  content: string | Uint8Array,
  { attached = createAttachedReader({ load: loadAttached }) }: RunLoaderOptions = {},
): Promise<LoadedText | Unreadable> {
  try {
    return await (typeof content === "string"
      ? runTextLoader(loader, content)
      : runPackedLoader(loader, content, attached));
  } catch (error) {
    throw clearer(error);
  }
}

/** Errors of the platform in words of our own. */
function clearer(error: unknown): unknown {
  if (!(error instanceof RangeError)) return error;
  // Loaders of libraries that go down into each level end so.
  if (error.message.includes("call stack")) return new Error("its parts are nested too deeply", { cause: error });
  // A number is read where a binary file has ended.
  const isCut = ["ERR_OUT_OF_RANGE", "ERR_BUFFER_OUT_OF_BOUNDS"].includes(systemErrorCode(error) ?? "");
  return isCut ? new Error("it is damaged: a part of it is missing", { cause: error }) : error;
}

async function runTextLoader(loader: LoaderName, content: string): Promise<LoadedText | Unreadable> {
  switch (loader) {
    case "markdown":
      return await loadAnyMarkdown(content);
    case "mdx":
      return (await import("./markup/mdx.ts")).loadMdx(content);
    case "html":
      return (await import("./html.ts")).loadHtml(content);
    case "restructured-text":
      return (await import("./markup/restructured-text.ts")).loadRestructuredText(content);
    case "asciidoc":
      return (await import("./markup/asciidoc.ts")).loadAsciidoc(content);
    case "org":
      return (await import("./markup/org.ts")).loadOrg(content);
    case "latex":
      return (await import("./markup/latex.ts")).loadLatex(content);
    case "table":
      return await (await import("./table.ts")).loadTable(content);
    case "json-lines":
      return (await import("./json-lines.ts")).loadJsonLines(content);
    case "json":
      return (await import("./json.ts")).loadJson(content);
    case "notebook":
      return (await import("./notebook.ts")).loadNotebook(content);
    case "calendar":
      return (await import("./calendar/calendar.ts")).loadCalendar(content);
    case "contacts":
      return (await import("./calendar/contacts.ts")).loadContacts(content);
    case "subtitles":
      return (await import("./subtitles.ts")).loadSubtitles(content);
    case "chat":
      return (await import("./messages/chat-export.ts")).loadChatExport(content);
    case "plain":
      return { text: content, title: null };
    default:
      throw new TypeError(`the loader ${loader} reads bytes, not text`);
  }
}

/** Markdown as it is; with components where it imports some. */
async function loadAnyMarkdown(content: string): Promise<LoadedText> {
  if (content.includes("import ")) {
    const { importsComponents, loadMdx } = await import("./markup/mdx.ts");
    if (importsComponents(content)) return loadMdx(content);
  }
  return (await import("./markdown.ts")).loadMarkdown(content);
}

async function loadAttached(
  { name, bytes, mediaType }: AttachedFile,
  inner: AttachedReader,
): Promise<AttachedText | Unreadable> {
  const opened = await openContent({ source: name, bytes, mediaType });
  if ("reason" in opened) return { unreadable: opened.reason };
  const loaded = await runLoader(opened.loader, opened.content, { attached: inner });
  if ("unreadable" in loaded) return loaded;
  const notes = [opened.note, ...(loaded.notes ?? [])].filter((note) => note !== "");
  return { ...loaded, notes, language: (loaded.format ?? opened.format).language };
}

async function runPackedLoader(
  loader: LoaderName,
  bytes: Uint8Array,
  attached: AttachedReader | null,
): Promise<LoadedText | Unreadable> {
  switch (loader) {
    case "pdf":
      return await (await import("./pdf.ts")).loadPdf(bytes);
    case "docx":
      return await (await import("./office/docx.ts")).loadDocx(bytes);
    case "pptx":
      return (await import("./office/pptx.ts")).loadPptx(bytes);
    case "xlsx":
      return (await import("./office/xlsx.ts")).loadXlsx(bytes);
    case "odt":
      return (await import("./office/odt.ts")).loadOdt(bytes);
    case "odp":
      return (await import("./office/odp.ts")).loadOdp(bytes);
    case "ods":
      return (await import("./office/ods.ts")).loadOds(bytes);
    case "rtf":
      return (await import("./office/rtf.ts")).loadRtf(bytes);
    case "doc":
      return (await import("./office/doc/doc.ts")).loadDoc(bytes);
    case "xls":
      return (await import("./office/xls/xls.ts")).loadXls(bytes);
    case "epub":
      return (await import("./epub.ts")).loadEpub(bytes);
    case "mail":
      return await (await import("./messages/mail.ts")).loadMail(bytes, attached);
    case "web-archive":
      return await (await import("./messages/web-archive.ts")).loadWebArchive(bytes);
    default:
      throw new TypeError(`the loader ${loader} reads text, not bytes`);
  }
}
