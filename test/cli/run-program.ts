import { PassThrough, Readable, type Writable } from "node:stream";
import type { UseCases } from "../../src/answering/use-cases.ts";
import type { CommandIo } from "../../src/cli/command-context.ts";
import { createProgram } from "../../src/cli/create-program.ts";
import type { StartHttp } from "../../src/cli/program-parts.ts";
import type { Config } from "../../src/config.ts";
import type { Answer } from "../../src/domain/answer.ts";
import type { CollectionInfo } from "../../src/domain/collection.ts";
import type { DocumentRecord } from "../../src/domain/document.ts";
import type { Hit, SearchResult } from "../../src/domain/hit.ts";
import type { IngestReport } from "../../src/domain/ingest.ts";
import { COLLECTION } from "../server/fake-use-cases.ts";

/** What a run of the program left behind. */
export interface ProgramRun {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
  /** The settings that the use cases were opened with; undefined when they were not opened. */
  readonly config: Config | undefined;
  /** How often the use cases were closed. */
  readonly closed: number;
}

/** Options of {@link runProgram}. */
export interface RunProgramOptions {
  /** Functions the commands call; any other one fails the test. */
  readonly useCases?: Partial<UseCases>;
  readonly openUseCases?: (config: Config) => Promise<UseCases>;
  readonly startHttp?: StartHttp;
  readonly stdin?: string | Readable;
  readonly env?: CommandIo["env"];
  readonly isTerminal?: Partial<CommandIo["isTerminal"]>;
  readonly cwd?: string;
  /** Characters of a line. @default 100 */
  readonly columns?: number;
  readonly signal?: AbortSignal;
  readonly now?: () => number;
}

/** Runs the command line with fakes, and gives back what it wrote. */
export async function runProgram(args: readonly string[], options: RunProgramOptions = {}): Promise<ProgramRun> {
  const {
    useCases = {},
    env = {},
    isTerminal = {},
    cwd = "/project",
    columns = 100,
    stdin = "",
    signal,
    now,
  } = options;
  const out = collectText();
  const err = collectText();
  let config: Config | undefined;
  let closed = 0;
  const open = async (): Promise<UseCases> => fakeUseCases({ close: async () => void (closed += 1), ...useCases });
  const program = createProgram({
    openUseCases: async (given) => {
      config = given;
      return (options.openUseCases ?? open)(given);
    },
    startHttp: options.startHttp ?? (() => Promise.reject(new Error("No server was expected."))),
    io: {
      stdin: typeof stdin === "string" ? Readable.from(stdin === "" ? [] : [stdin]) : stdin,
      stdout: out.stream,
      stderr: err.stream,
      env,
      isTerminal: { stdin: false, stdout: false, stderr: false, ...isTerminal },
      cwd,
      columns,
      ...(signal === undefined ? {} : { signal }),
      ...(now === undefined ? {} : { now }),
    },
  });
  const exitCode = await program.run(args);
  return { exitCode, stdout: out.text(), stderr: err.text(), config, closed };
}

/** Use cases of which every function that is not given fails. */
export function fakeUseCases(given: Partial<UseCases>): UseCases {
  const unexpected = (name: string) => (): never => {
    throw new Error(`${name} was not expected to be called.`);
  };
  return {
    answerQuestion: unexpected("answerQuestion"),
    searchCorpus: unexpected("searchCorpus"),
    findCode: unexpected("findCode"),
    ingestRoots: unexpected("ingestRoots"),
    watchRoots: unexpected("watchRoots"),
    checkFreshness: unexpected("checkFreshness"),
    submitDocuments: unexpected("submitDocuments"),
    pages: { check: unexpected("check"), submit: unexpected("submit") },
    documents: {
      list: unexpected("list"),
      get: unexpected("get"),
      remove: unexpected("remove"),
      removeSources: unexpected("removeSources"),
    },
    collections: { list: unexpected("list"), create: unexpected("create"), remove: unexpected("remove") },
    conversations: { get: unexpected("get"), remove: unexpected("remove") },
    checkParts: unexpected("checkParts"),
    modelNames: async () => ["extractive"],
    countTokens: unexpected("countTokens"),
    close: async () => {},
    ...given,
  };
}

/** A stream that keeps what is written to it. */
export function collectText(): { readonly stream: Writable; text(): string } {
  const parts: string[] = [];
  const stream = new PassThrough();
  stream.on("data", (part: Buffer) => parts.push(part.toString("utf8")));
  return { stream, text: () => parts.join("") };
}

/** A hit in `guide/install.md` of the folder `/project/docs`. */
export function createHit(changes: Partial<Hit> = {}): Hit {
  return {
    rank: 1,
    score: 0.8123,
    root: "/project/docs",
    source: "guide/install.md",
    title: "Installing",
    lines: { start: 3, end: 9 },
    span: { start: 90, end: 410 },
    page: null,
    language: "markdown",
    symbol: null,
    text: "Run the installer once.\nIt asks for a key.",
    scores: { dense: 0.7, lexical: 0.9, sentence: 0.5 },
    documentId: "d1",
    chunkIds: ["c1"],
    ...changes,
  };
}

/** The outcome of a search with one hit. */
export function createSearchResult(changes: Partial<SearchResult> = {}): SearchResult {
  return {
    query: "installer key",
    collection: "default",
    mode: "hybrid",
    hits: [createHit()],
    evidence: "good",
    timing: { embedMs: 1, searchMs: 2 },
    ...changes,
  };
}

/** An answer with one citation. */
export function createAnswer(changes: Partial<Answer> = {}): Answer {
  const place = { source: "guide/install.md", root: "/project/docs", documentId: "d1", lines: { start: 3, end: 9 } };
  return {
    id: "a1",
    question: "What does the installer ask for?",
    answer: "It asks for a key [1].",
    status: "answered",
    citations: [
      {
        ...place,
        marker: 1,
        title: "Installing",
        span: { start: 90, end: 410 },
        page: null,
        quote: "It asks for a key.",
        score: 0.71,
        verified: true,
      },
    ],
    droppedCitations: [],
    rounds: 1,
    searches: [{ query: "installer asks", hits: 8 }],
    model: "extractive",
    usage: { promptTokens: 1_200, completionTokens: 34 },
    cost: { usd: null },
    timing: { retrieveMs: 12, generateMs: 2_500, totalMs: 2_512 },
    conversationId: "conversation-1",
    context: [{ ...place, marker: 1, score: 0.71 }],
    ...changes,
  };
}

/** The report of an ingestion that went well. */
export function createReport(changes: Partial<IngestReport> = {}): IngestReport {
  return {
    collection: "default",
    store: "embedded",
    embeddingModel: "all-MiniLM-L6-v2",
    documents: { added: 2, changed: 1, unchanged: 30, removed: 0, skipped: 0, failed: 0 },
    chunks: { embedded: 12, reused: 300, deleted: 1, total: 312 },
    tokens: 1_800,
    bytes: 9_000,
    seconds: 2,
    chunksPerSecond: 6,
    files: [],
    ...changes,
  };
}

/** A collection of two documents. */
export function createCollectionInfo(changes: Partial<CollectionInfo> = {}): CollectionInfo {
  return { ...COLLECTION, documents: 2, chunks: 5, createdAt: "2026-01-01T00:00:00.000Z", ...changes };
}

/** What a store remembers of a document. */
export function createRecord(changes: Partial<DocumentRecord> = {}): DocumentRecord {
  return {
    id: "d1",
    root: "/project/docs",
    source: "guide/install.md",
    title: null,
    mediaType: "text/markdown",
    language: "markdown",
    bytes: 100,
    contentHash: "h",
    chunks: 3,
    textLength: 100,
    ingestedAt: "2026-02-03T04:05:06.000Z",
    ...changes,
  };
}
