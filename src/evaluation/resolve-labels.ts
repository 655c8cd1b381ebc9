import type { DocumentContent, ManageDocuments } from "../answering/use-cases.ts";
import type { DocumentRecord, Span } from "../domain/document.ts";
import { findRow } from "./document-rows.ts";
import type { EvalQuestion, EvalReference } from "./eval-question.ts";

/** A reference, located in the collection. */
export interface ResolvedReference {
  readonly documentId: string;
  readonly source: string;
  /** Null if the whole document is meant. */
  readonly span: Span | null;
  /** The unit that has to be found: a passage, a row of a table that holds many documents, or a document. */
  readonly unit: "passage" | "row" | "document";
  /** Shows in a later report whether the document has changed. */
  readonly contentHash: string;
}

/** A label that no longer fits the collection. */
export interface StaleLabel {
  readonly id: string;
  readonly source: string;
  readonly reason: string;
}

/** Finds references in a collection; see {@link createLabelResolver}. */
export interface LabelResolver {
  resolve(question: EvalQuestion): Promise<{
    readonly references: readonly ResolvedReference[];
    readonly stale: readonly StaleLabel[];
  }>;
  /** A document's text and chunks, read once. */
  read(documentId: string): Promise<DocumentContent | null>;
}

/**
 * Makes the resolver of references. The document is found by its source, the end of that, its name without ending, or
 * by the id of a row if a file of rows (JSON lines, CSV) holds the documents; the passage by its place and text.
 */
export function createLabelResolver(options: {
  readonly documents: Pick<ManageDocuments, "get">;
  readonly collection: string;
  readonly records: readonly DocumentRecord[];
}): LabelResolver {
  const { documents, collection, records } = options;
  const contents = new Map<string, Promise<DocumentContent | null>>();
  const read: LabelResolver["read"] = (id) => {
    const known = contents.get(id) ?? documents.get({ collection, id });
    contents.set(id, known);
    return known;
  };
  return {
    read,
    async resolve({ id, references }) {
      const resolved: ResolvedReference[] = [];
      const stale: StaleLabel[] = [];
      for (const reference of references) {
        const found = await resolveOne(reference, { records, read });
        if (typeof found === "string") stale.push({ id, source: reference.source, reason: found });
        else resolved.push(found);
      }
      return { references: resolved, stale };
    },
  };
}

async function resolveOne(
  { source, span, text }: EvalReference,
  { records, read }: { readonly records: readonly DocumentRecord[]; readonly read: LabelResolver["read"] },
): Promise<ResolvedReference | string> {
  const matches = findRecords(source, records);
  const [record] = matches;
  if (record === undefined) {
    const row = text === null && span === null ? await resolveRow(source, { records, read }) : null;
    return row ?? "no such document";
  }
  if (matches.length > 1) return `several documents: ${matches.map((one) => one.source).join(", ")}`;
  const document = { documentId: record.id, source: record.source, contentHash: record.contentHash };
  if (text === null && span === null) return { ...document, span, unit: "document" };
  const place = findPlace((await read(record.id))?.text ?? "", { span, text });
  return typeof place === "string" ? place : { ...document, span: place, unit: "passage" };
}

/** The span of a passage, or why it was not found. */
function findPlace(content: string, { span, text }: Pick<EvalReference, "span" | "text">): Span | string {
  if (text === null) {
    if (span !== null && span.end <= content.length) return span;
    return `it ends at ${String(span?.end)}, and the document has ${String(content.length)} characters`;
  }
  if (span !== null && content.slice(span.start, span.end) === text) return span;
  const place = findText(content, text);
  if (place === null) return "its text is not in the document";
  return findText(content.slice(place.end), text) === null ? place : "its text is there more than once";
}

const ROW_LANGUAGES: ReadonlySet<string> = new Set(["csv", "jsonl"]);

async function resolveRow(
  id: string,
  { records, read }: { readonly records: readonly DocumentRecord[]; readonly read: LabelResolver["read"] },
): Promise<ResolvedReference | null> {
  for (const record of records.filter(({ language }) => ROW_LANGUAGES.has(language))) {
    const row = findRow((await read(record.id))?.text ?? "", id);
    if (row === null) continue;
    const { source, contentHash } = record;
    return { documentId: record.id, source, contentHash, span: { start: row.start, end: row.end }, unit: "row" };
  }
  return null;
}

function findRecords(source: string, records: readonly DocumentRecord[]): readonly DocumentRecord[] {
  const tests: readonly ((stored: string) => boolean)[] = [
    (stored) => stored === source,
    (stored) => stored.endsWith(`/${source}`),
    (stored) => stored.replace(/\.[^./]+$/, "") === source || stored.replace(/\.[^./]+$/, "").endsWith(`/${source}`),
  ];
  for (const test of tests) {
    const found = records.filter((record) => test(record.source));
    if (found.length > 0) return found;
  }
  return [];
}

/** The span of a text, whatever white space is between its words. */
function findText(content: string, text: string): Span | null {
  const words = text
    .trim()
    .split(/\s+/)
    .map((word) => word.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`));
  const match = new RegExp(words.join(String.raw`\s+`), "u").exec(content);
  return match === null ? null : { start: match.index, end: match.index + match[0].length };
}
