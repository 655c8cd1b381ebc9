import type { AnswerRequest, SearchRequest, UseCases } from "../../src/answering/use-cases.ts";
import type { Answer, AnswerEvent, Citation } from "../../src/domain/answer.ts";
import type { CodeFile } from "../../src/domain/code.ts";
import type { CollectionInfo } from "../../src/domain/collection.ts";
import type { DocumentRecord } from "../../src/domain/document.ts";
import type { Hit } from "../../src/domain/hit.ts";
import type { IngestEvent, IngestReport } from "../../src/domain/ingest.ts";
import { CitewellError } from "../../src/errors.ts";

/** The text of the fakes' only document. */
export const DOCUMENT_TEXT: string = [
  "# Installation",
  "",
  "citewell needs Node 22.18 or newer.",
  "Run `npm install --global citewell` once, then `citewell doctor` to check every part.",
  "",
  "## Uninstalling",
  "",
  "Remove the package and the data folder.",
  "",
].join("\n");

const QUOTE = "Run `npm install --global citewell` once, then `citewell doctor` to check every part.";
const start = DOCUMENT_TEXT.indexOf(QUOTE);

/** The fakes' only document. */
export const DOCUMENT: DocumentRecord = {
  id: "d0c00000-0000-5000-8000-000000000001",
  root: "/handbook",
  source: "guide/install.md",
  title: "Installation",
  mediaType: "text/markdown",
  language: "markdown",
  bytes: DOCUMENT_TEXT.length,
  contentHash: "ab".repeat(32),
  chunks: 1,
  textLength: DOCUMENT_TEXT.length,
  ingestedAt: "2026-11-02T10:00:00.000Z",
  metadata: { team: "docs" },
};

/** A hit in the fakes' document. */
export const HIT: Hit = {
  rank: 1,
  score: 0.71,
  root: DOCUMENT.root,
  source: DOCUMENT.source,
  title: DOCUMENT.title,
  lines: { start: 4, end: 4 },
  span: { start, end: start + QUOTE.length },
  page: null,
  language: "markdown",
  symbol: null,
  text: QUOTE,
  scores: { dense: 0.64, lexical: 0.9, sentence: 0.8 },
  documentId: DOCUMENT.id,
  chunkIds: ["c0000000-0000-5000-8000-000000000001"],
  metadata: { team: "docs" },
};

/** A file for a task. */
export const CODE_FILE: CodeFile = {
  rank: 1,
  score: 1.2,
  root: "/project",
  source: "src/install.ts",
  documentId: "d0c00000-0000-5000-8000-000000000002",
  language: "typescript",
  isTest: false,
  places: [
    {
      symbol: "install",
      lines: { start: 3, end: 5 },
      span: { start: 40, end: 90 },
      score: 1,
      text: "export function install(): void {\n  run();\n}",
    },
  ],
};

/** The citation of the answer that the fakes give. */
export const CITATION: Citation = {
  marker: 1,
  source: HIT.source,
  root: HIT.root,
  documentId: HIT.documentId,
  title: HIT.title,
  lines: HIT.lines,
  span: HIT.span,
  page: null,
  quote: QUOTE,
  score: 0.71,
  verified: true,
  metadata: { team: "docs" },
};

/** The answer that the fakes give to every question. */
export function fakeAnswer(question: string): Answer {
  return {
    // Deliberately not in the published order.
    context: [
      { score: 0.71, marker: 1, source: HIT.source, root: HIT.root, documentId: HIT.documentId, lines: HIT.lines },
    ],
    id: "a0000000-0000-7000-8000-000000000001",
    question,
    answer: "Run `npm install --global citewell` once. [1]",
    status: "answered",
    citations: [CITATION],
    droppedCitations: [],
    rounds: 1,
    searches: [{ query: question, hits: 1 }],
    model: "extractive",
    usage: { promptTokens: 120, completionTokens: 12 },
    cost: { usd: null },
    timing: { retrieveMs: 3, generateMs: 1, totalMs: 4 },
    conversationId: "c0000000-0000-7000-8000-000000000001",
  };
}

/** The fakes' only collection. */
export const COLLECTION: CollectionInfo = {
  name: "default",
  settings: {
    embedding: { model: "all-MiniLM-L6-v2", dimensions: 384, pooling: "mean", fingerprint: "f" },
    chunker: { name: "sentences", version: 1, chunkTokens: 150, overlapTokens: 0 },
    analyser: { version: 1, averageLength: 100 },
  },
  documents: 1,
  chunks: 1,
  createdAt: "2026-11-02T09:00:00.000Z",
};

/** The report of an ingestion of some files. */
export function fakeReport(collection: string, added: number): IngestReport {
  return {
    collection,
    store: "embedded",
    embeddingModel: "all-MiniLM-L6-v2",
    documents: { added, changed: 0, unchanged: 0, removed: 0, skipped: 0, failed: 0 },
    chunks: { embedded: added, reused: 0, deleted: 0, total: added },
    tokens: 10,
    bytes: 10,
    seconds: 0.1,
    chunksPerSecond: 10,
    files: [],
  };
}

async function* fakeAnswerEvents({ question }: AnswerRequest): AsyncGenerator<AnswerEvent, Answer> {
  const answer = fakeAnswer(question);
  yield { type: "retrieval", query: question, hits: [HIT] };
  for (const text of answer.answer.split(/(?<= )/)) yield { type: "delta", text };
  yield { type: "answer", answer };
  return answer;
}

async function* fakeIngestion(collection: string, files: number): AsyncGenerator<IngestEvent, IngestReport> {
  const report = fakeReport(collection, files);
  yield {
    type: "progress",
    filesDone: files,
    filesTotal: files,
    bytesDone: 10,
    bytesTotal: 10,
    chunksDone: files,
    tokensDone: 10,
  };
  yield { type: "ingest-end", report };
  return report;
}

/** Fakes that keep every question they are asked in `seen`. */
export function createRecordingUseCases(): { readonly useCases: UseCases; readonly seen: AnswerRequest[] } {
  const seen: AnswerRequest[] = [];
  const fakes = createFakeUseCases();
  const answerQuestion: UseCases["answerQuestion"] = (request) => {
    seen.push(request);
    return fakes.answerQuestion(request);
  };
  return { useCases: { ...fakes, answerQuestion }, seen };
}

/** Use cases that know one collection with one document and answer everything the same; override what a test needs. */
export function createFakeUseCases(overrides: Partial<UseCases> = {}): UseCases {
  return {
    answerQuestion: fakeAnswerEvents,
    searchCorpus: async ({ query, collection = "default", mode = "hybrid" }: SearchRequest) => {
      checkCollection(collection);
      return { query, collection, mode, hits: [HIT], evidence: "good", timing: { embedMs: 1, searchMs: 2 } };
    },
    findCode: async ({ task, collection = "default" }) => {
      checkCollection(collection);
      return {
        task,
        collection,
        files: [CODE_FILE],
        symbols: [],
        evidence: "good",
        timing: { embedMs: 1, searchMs: 2 },
      };
    },
    ingestRoots: () => {
      throw new TypeError("The server does not call ingestRoots.");
    },
    watchRoots: () => {
      throw new TypeError("The server does not call watchRoots.");
    },
    checkFreshness: () => {
      throw new TypeError("The server does not call checkFreshness.");
    },
    submitDocuments: ({ collection = "default", documents }) => fakeIngestion(collection, documents.length),
    pages: {
      check: async (url) => {
        if (url.includes("127.0.0.1")) throw new CitewellError("address_refused", "127.0.0.1 is not public.");
      },
      submit: ({ collection = "default" }) => fakeIngestion(collection, 1),
    },
    documents: {
      list: async () => ({ documents: [DOCUMENT], nextCursor: null }),
      get: async ({ id }) => (id === DOCUMENT.id ? { document: DOCUMENT, text: DOCUMENT_TEXT, chunks: [] } : null),
      remove: async ({ id }) => id === DOCUMENT.id,
      removeSources: async () => [],
    },
    collections: {
      list: async () => [COLLECTION],
      create: async (name) => {
        if (name === COLLECTION.name) throw new CitewellError("collection_exists", `There is a collection ${name}.`);
        return { ...COLLECTION, name, documents: 0, chunks: 0 };
      },
      remove: async (name) => name === COLLECTION.name,
    },
    conversations: {
      get: async (id) =>
        id === "known"
          ? {
              id,
              collection: "handbook",
              createdAt: COLLECTION.createdAt,
              updatedAt: COLLECTION.createdAt,
              messages: [{ role: "user", content: "Hello", name: "person" }],
              answers: [fakeAnswer("Hello")],
            }
          : null,
      remove: async (id) => id === "known",
    },
    checkParts: async () => [{ part: "store", ok: true, detail: "embedded" }],
    modelNames: async () => ["extractive"],
    countTokens: (text) => Math.ceil(text.length / 4),
    close: async () => {},
    ...overrides,
  };
}

function checkCollection(name: string): void {
  if (name === "missing") {
    throw new CitewellError("collection_missing", "There is no collection missing; ingest something into it first.");
  }
}
