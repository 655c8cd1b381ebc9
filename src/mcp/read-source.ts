import type { CallToolResult } from "@modelcontextprotocol/server";
import type { DocumentRecord } from "../domain/document.ts";
import { composedName, withUpperDrive } from "../domain/composed-name.ts";
import { formatPages, pagesOfText } from "../domain/page-at.ts";
import { CitewellError } from "../errors.ts";
import { listAllDocuments } from "../answering/list-all-documents.ts";
import { checkPlaces } from "./check-places.ts";
import type { CallContext } from "./mcp-context.ts";
import { missingSource, MOST_NAMED } from "./missing-source.ts";
import { offsetOfLine } from "./offset-of-line.ts";
import { readInStep } from "./read-in-step.ts";
import type { ReadOutput } from "./tool-outputs.ts";
import { isFitting, SMALL, toolResult, withNotes } from "./tool-result.ts";

/** A call of `read_source`. */
export interface ReadSourceCall {
  readonly path: string;
  readonly root?: string | undefined;
  readonly collection?: string | undefined;
  readonly start_line: number;
  readonly end_line?: number | undefined;
  readonly max_tokens: number;
}

/** The lines that were read of a document. */
interface ReadLines {
  readonly record: DocumentRecord;
  readonly collection: string;
  /** The whole text. */
  readonly content: string;
  /** How many lines the whole text has. */
  readonly total: number;
  /** Number of the first line. */
  readonly start: number;
  readonly wanted: readonly string[];
  /** Notes on the index. */
  readonly notes: readonly string[];
}

/** Reads lines of a stored document, with the numbers that searches and citations name. */
export async function readSource(context: CallContext, call: ReadSourceCall): Promise<CallToolResult> {
  const { useCases, signal } = context;
  const collection = call.collection ?? context.collection;
  const { found, notes } = await readInStep(context, {
    collection,
    read: async () => {
      const documents = await listAllDocuments(useCases.documents, { collection, signal });
      const place = withLinesOfPath(call, documents);
      const record = await findDocument(context, { documents, call: place, collection });
      const stored = await useCases.documents.get({ collection, id: record.id });
      if (stored === null) throw new CitewellError("document_missing", `${record.source} was removed just now.`);
      return { place, record, content: stored.text, lines: linesOf(stored.text) };
    },
    check: ({ place, record, lines }, since) => {
      const { start_line: start, end_line: end = Math.max(1, lines.length) } = place;
      return checkPlaces([{ path: record.source, root: record.root, start_line: start, end_line: end }], {
        since,
        textOf: () => lines.slice(start - 1, end).join("\n"),
        follows: false,
        endsDocument: place.end_line === undefined || end > lines.length,
      });
    },
  });
  const { place, record, content, lines } = found;
  checkLines(place, { source: record.source, total: lines.length });
  const { start_line: start, end_line: end } = place;
  const wanted = lines.slice(start - 1, end);
  const read = { record, collection, content, total: lines.length, start, wanted, notes };
  return fitLines(read, call.max_tokens, (text) => useCases.countTokens(text));
}

/** Throws if a call asks for lines that cannot be. */
function checkLines(
  { start_line: start, end_line: end }: ReadSourceCall,
  { source, total }: { readonly source: string; readonly total: number },
): void {
  if (end !== undefined && end < start && start <= total) {
    throw new CitewellError(
      "usage_invalid",
      `Lines ${start} to ${end} are none: start_line must not come after end_line. ${source} has ${total} lines.`,
    );
  }
  if (start > Math.max(1, total) || (end !== undefined && end < start)) {
    throw new CitewellError(
      "usage_invalid",
      `${source} has ${total} lines, so none from ${start} on. Ask for an earlier start_line.`,
    );
  }
}

/** As many of the lines as fit; if the first one alone does not fit, it is cut. */
function fitLines(read: ReadLines, maxTokens: number, countTokens: (text: string) => number): CallToolResult {
  const { record, start, wanted } = read;
  const fits = (some: readonly string[], cut: string | null = null): boolean =>
    isFitting(linesResult(read, { some, cut, maxTokens }), { maxTokens, countTokens });
  const count = largestFitting(wanted.length, (some) => fits(wanted.slice(0, some)));
  if (count > 0 || wanted.length === 0) {
    return linesResult(read, { some: wanted.slice(0, count), cut: null, maxTokens });
  }
  const [line = ""] = wanted;
  const cut = `Line ${start} does not fit max_tokens ${maxTokens}; this is its beginning.`;
  const length = largestFitting(line.length, (some) => fits([line.slice(0, some).toWellFormed()], cut));
  if (length > 0) return linesResult(read, { some: [line.slice(0, length).toWellFormed()], cut, maxTokens });
  throw new CitewellError(
    "usage_invalid",
    `Line ${start} of ${record.source} does not fit ${maxTokens} tokens; ask with a larger max_tokens.`,
  );
}

function linesResult(
  { record, collection, content, total, start, wanted, notes }: ReadLines,
  {
    some,
    cut,
    maxTokens,
  }: { readonly some: readonly string[]; readonly cut: string | null; readonly maxTokens: number },
): CallToolResult {
  const isShortened = cut !== null || some.length < wanted.length;
  const last = start + Math.max(1, some.length) - 1;
  const rest = `The rest did not fit max_tokens ${maxTokens}; go on with start_line ${last + 1}, or raise it.`;
  const said = [...notes, ...(cut === null ? [] : [cut]), ...(isShortened ? [rest] : [])];
  const text = some.join("\n");
  const offset = offsetOfLine(content, start);
  const pages = pagesOfText(record.pages ?? [], { text, span: { start: offset, end: offset + text.length } });
  const output: ReadOutput = {
    path: record.source,
    root: record.root,
    collection,
    start_line: start,
    end_line: last,
    total_lines: total,
    page: pages.page,
    text,
    shortened: isShortened,
    // With little room, only the text says it, for both.
    notes: maxTokens < SMALL ? said.slice(0, notes.length) : said,
  };
  return toolResult(withNotes(toText(output, formatPages(pages)), said), output);
}

function toText(output: ReadOutput, pages: string | null): string {
  const { path, start_line: start, end_line: end, total_lines: total, text } = output;
  const numbered = linesOf(text).map((line, index) => `${start + index}\t${line}`);
  return `${path}:${start}-${end} of ${total} lines${pages === null ? "" : `, p. ${pages}`}\n${numbered.join("\n")}`;
}

/** The lines of a text as chunks count them; a break at the very end begins no further line. */
function linesOf(text: string): readonly string[] {
  const lines = text.split(/\r\n|\n|\r/);
  return lines.at(-1) === "" ? lines.slice(0, -1) : lines;
}

function largestFitting(most: number, fits: (count: number) => boolean): number {
  let low = 0;
  let high = most;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (fits(middle)) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** A path with its lines, as results (`src/app.ts:12-40`), stack traces (`src/app.ts:12:5`) and links (`src/app.ts#L12-L40`) write it. */
const PLACE = /^(?<path>.+?)(?::|#L)(?<start>\d+)(?:-L?(?<end>\d+)|:\d+)?$/;
/** Lines that are shown with the one that a path names: what leads to it, and more of what follows. */
const AROUND = { before: 10, behind: 30 };

/** The call with the lines that stand behind its path; those that it names itself count more. */
function withLinesOfPath(call: ReadSourceCall, documents: readonly DocumentRecord[]): ReadSourceCall {
  const { path, start, end } = PLACE.exec(call.path)?.groups ?? {};
  if (path === undefined || start === undefined || namedDocuments(documents, call).length > 0) return call;
  if (end !== undefined || call.end_line !== undefined || call.start_line > 1) {
    const endLine = call.end_line ?? (end === undefined ? undefined : Number(end));
    return { ...call, path, start_line: Math.max(call.start_line, Number(start)), end_line: endLine };
  }
  const line = Number(start);
  return { ...call, path, start_line: Math.max(1, line - AROUND.before), end_line: line + AROUND.behind };
}

function wantedName({ path }: ReadSourceCall): string {
  return composedName(withUpperDrive(path.replaceAll("\\", "/").replace(/^\.\//, "")));
}

/** The documents that the path of a call names: whole, or else by its end. */
function namedDocuments(documents: readonly DocumentRecord[], call: ReadSourceCall): readonly DocumentRecord[] {
  const wanted = wantedName(call);
  const inRoot = documents.filter(({ root }) => call.root === undefined || root === call.root);
  const isNamed = ({ root, source }: DocumentRecord): boolean =>
    [source, `${root}/${source}`, root].some((one) => composedName(one) === wanted);
  const exact = inRoot.filter(isNamed);
  return exact.length > 0 ? exact : inRoot.filter(({ source }) => composedName(source).endsWith(`/${wanted}`));
}

interface NamedDocument {
  readonly documents: readonly DocumentRecord[];
  readonly call: ReadSourceCall;
  readonly collection: string;
}

/** The document that a call names. */
async function findDocument(
  context: CallContext,
  { documents, call, collection }: NamedDocument,
): Promise<DocumentRecord> {
  const found = namedDocuments(documents, call);
  const wanted = wantedName(call);
  const [only] = found;
  if (only !== undefined && found.length === 1) return only;
  if (only === undefined) {
    const inRoot = documents.filter(({ root }) => (call.root ?? root) === root);
    throw await missingSource(context, { wanted, collection, documents: inRoot });
  }
  const places = found.slice(0, MOST_NAMED).map(({ root, source }) => `${source} (root ${root})`);
  throw new CitewellError(
    "usage_invalid",
    `Several documents are called ${wanted}: ${places.join(", ")}. Name one with its root.`,
  );
}
