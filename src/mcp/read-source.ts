import type { CallToolResult } from "@modelcontextprotocol/server";
import type { DocumentRecord } from "../domain/document.ts";
import { formatPages, pagesOfText } from "../domain/page-at.ts";
import { CitewellError } from "../errors.ts";
import { listAllDocuments } from "../answering/list-all-documents.ts";
import { checkPlaces } from "./check-places.ts";
import type { CallContext } from "./mcp-context.ts";
import { offsetOfLine } from "./offset-of-line.ts";
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

/** Reads lines of a stored document; they are those that searches and citations name. */
export async function readSource(context: CallContext, call: ReadSourceCall): Promise<CallToolResult> {
  const { useCases, signal } = context;
  const collection = call.collection ?? context.collection;
  const said = await context.refresh(collection);
  const record = findDocument(await listAllDocuments(useCases.documents, { collection, signal }), call, collection);
  const content = await useCases.documents.get({ collection, id: record.id });
  if (content === null) throw new CitewellError("document_missing", `${record.source} was removed just now.`);
  const lines = linesOf(content.text);
  const { start_line: start, end_line: end = Math.max(1, lines.length) } = call;
  if (start > Math.max(1, lines.length) || end < start) {
    throw new CitewellError(
      "usage_invalid",
      end < start && start <= lines.length
        ? `Lines ${start} to ${end} are none: start_line must not come after end_line. ${record.source} has ${lines.length} lines.`
        : `${record.source} has ${lines.length} lines, so none from ${start} on. Ask for an earlier start_line.`,
    );
  }
  const wanted = lines.slice(start - 1, end);
  const { notes: old } = await checkPlaces([{ ...record, path: record.source, start_line: start, end_line: end }], {
    since: context.refresher.inStepSince(collection),
    textOf: () => wanted.join("\n"),
    follows: false,
    endsDocument: call.end_line === undefined || end > lines.length,
  });
  const notes = [...said, ...old];
  const room = { maxTokens: call.max_tokens, countTokens: (text: string) => useCases.countTokens(text) };
  const offset = offsetOfLine(content.text, start);
  const build = (some: readonly string[], cut: string | null = null): CallToolResult => {
    const isShortened = cut !== null || some.length < wanted.length;
    const last = start + Math.max(1, some.length) - 1;
    const all = [
      ...notes,
      ...(cut === null ? [] : [cut]),
      ...(isShortened
        ? [`The rest did not fit max_tokens ${call.max_tokens}; go on with start_line ${last + 1}, or raise it.`]
        : []),
    ];
    const text = some.join("\n");
    const pages = pagesOfText(record.pages ?? [], { text, span: { start: offset, end: offset + text.length } });
    const output: ReadOutput = {
      path: record.source,
      root: record.root,
      collection,
      start_line: start,
      end_line: last,
      total_lines: lines.length,
      page: pages.page,
      text,
      shortened: isShortened,
      // In little room the text says it once for both.
      notes: call.max_tokens < SMALL ? all.slice(0, notes.length) : all,
    };
    return toolResult(withNotes(toText(output, formatPages(pages)), all), output);
  };
  const count = largestFitting(wanted.length, (some) => isFitting(build(wanted.slice(0, some)), room));
  if (count > 0 || wanted.length === 0) return build(wanted.slice(0, count));
  const [line = ""] = wanted;
  const cut = `Line ${start} does not fit max_tokens ${call.max_tokens}; this is its beginning.`;
  const length = largestFitting(line.length, (some) => isFitting(build([line.slice(0, some)], cut), room));
  if (length > 0) return build([line.slice(0, length)], cut);
  throw new CitewellError(
    "usage_invalid",
    `Line ${start} of ${record.source} does not fit ${call.max_tokens} tokens; ask with a larger max_tokens.`,
  );
}

function toText(output: ReadOutput, pages: string | null): string {
  const { path, start_line: start, end_line: end, total_lines: total, text } = output;
  const numbered = linesOf(text).map((line, index) => `${start + index}\t${line}`);
  return `${path}:${start}-${end} of ${total} lines${pages === null ? "" : `, p. ${pages}`}\n${numbered.join("\n")}`;
}

/** Lines as chunks count them; a break at the very end opens no further line. */
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

const MOST_NAMED = 8;

function findDocument(documents: readonly DocumentRecord[], call: ReadSourceCall, collection: string): DocumentRecord {
  const wanted = call.path.replaceAll("\\", "/").replace(/^\.\//, "");
  const inRoot = documents.filter(({ root }) => call.root === undefined || root === call.root);
  const absolute = ({ root, source }: DocumentRecord): boolean => wanted === `${root}/${source}` || wanted === root;
  const exact = inRoot.filter((record) => record.source === wanted || absolute(record));
  const found = exact.length > 0 ? exact : inRoot.filter(({ source }) => source.endsWith(`/${wanted}`));
  const [only] = found;
  if (only !== undefined && found.length === 1) return only;
  if (found.length > 1) {
    const places = found.slice(0, MOST_NAMED).map(({ root, source }) => `${source} (root ${root})`);
    throw new CitewellError(
      "usage_invalid",
      `Several documents are called ${wanted}: ${places.join(", ")}. Name one with its root.`,
    );
  }
  const name = wanted.slice(wanted.lastIndexOf("/") + 1).toLowerCase();
  const stem = name.replace(/\.[^.]*$/, "");
  const alike = inRoot.filter(({ source }) => source.toLowerCase().includes(stem)).slice(0, MOST_NAMED);
  const hint =
    alike.length === 0
      ? "search_docs and search_code give paths."
      : `There are: ${alike.map(({ source }) => source).join(", ")}.`;
  throw new CitewellError("document_missing", `The collection "${collection}" holds no ${wanted}. ${hint}`);
}
