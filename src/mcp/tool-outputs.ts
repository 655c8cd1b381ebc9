/** Lines of a source, counted from 1, inclusive. */
export interface ToolLines {
  readonly start_line: number;
  readonly end_line: number;
}

/** A hit of `search_docs` or a place of `search_code`. */
export interface ToolHit extends ToolLines {
  /** Source, relative to its root. */
  readonly path: string;
  readonly root: string;
  readonly score: number;
  readonly title: string | null;
  /** The headings below the title that the snippet stands under. */
  readonly heading: string | null;
  readonly symbol: string | null;
  readonly language: string;
  /** Page on which the snippet begins, in a paged document. */
  readonly page: number | null;
  /** Text of exactly these lines; the first and the last one may be cut. */
  readonly snippet: string;
  /** Whether the passage goes on before `start_line` or behind `end_line`. */
  readonly shortened: boolean;
}

/** What every tool says beside its result. */
export interface ToolNotes {
  /** What should be known about the result, such as an index that is not in step. */
  readonly notes: readonly string[];
}

/** What `search_docs` and `search_code` give. */
export interface SearchOutput extends ToolNotes {
  readonly query: string;
  readonly collection: string;
  /** How well the best hit fits; `none`: nothing fitting was found. */
  readonly evidence: "good" | "weak" | "none";
  /** Best first. */
  readonly hits: readonly ToolHit[];
  /** Hits that did not fit `max_tokens`. */
  readonly left_out: number;
  /** The best of those left out: `path:start-end`, and what is there. */
  readonly also: readonly string[];
}

/** What `read_source` gives. */
export interface ReadOutput extends ToolLines, ToolNotes {
  readonly path: string;
  readonly root: string;
  readonly collection: string;
  /** Lines of the whole source. */
  readonly total_lines: number;
  /** Page on which the text begins, in a paged document. */
  readonly page: number | null;
  readonly text: string;
  /** Whether lines that were asked for did not fit `max_tokens`. */
  readonly shortened: boolean;
}

/** A citation of an answer. */
export interface ToolCitation extends ToolLines {
  /** The number in `[n]`. */
  readonly marker: number;
  readonly path: string;
  readonly root: string;
  /** Page on which the quote begins, in a paged document. */
  readonly page: number | null;
  readonly quote: string;
  readonly verified: boolean;
}

/** What `ask` gives. */
export interface AskOutput extends ToolNotes {
  readonly question: string;
  readonly answer: string;
  readonly status: "answered" | "partial" | "insufficient";
  readonly citations: readonly ToolCitation[];
  readonly model: string;
  /** Given back, it asks on in the same conversation. */
  readonly conversation_id: string;
}

/** A root of a collection. */
export interface StatusRoot {
  readonly root: string;
  readonly documents: number;
  /** ISO 8601 time at which its newest document was indexed. */
  readonly newest: string;
  /** Whether the folder or file is still there; null for uploads and URLs. */
  readonly present: boolean | null;
}

/** A collection as `index_status` describes it. */
export interface StatusCollection {
  readonly name: string;
  readonly documents: number;
  readonly chunks: number;
  readonly embedding_model: string;
  /** Documents of each language. */
  readonly languages: Readonly<Record<string, number>>;
  readonly roots: readonly StatusRoot[];
}

/** What `index_status` gives. */
export interface StatusOutput extends ToolNotes {
  readonly default_collection: string;
  readonly refresh_on_query: boolean;
  readonly collections: readonly StatusCollection[];
}

/** A file that `sync_index` had trouble with. */
export interface SyncProblem {
  readonly path: string;
  readonly status: string;
  readonly reason: string;
}

/** What `sync_index` gives. */
export interface SyncOutput extends ToolNotes {
  /** `running`: it takes longer than a call may wait, and goes on in the background. */
  readonly state: "done" | "running";
  readonly collection: string;
  readonly roots: readonly string[];
  /** Documents added, changed, unchanged, removed, skipped, failed; empty while it is running. */
  readonly documents: Readonly<Record<string, number>>;
  /** Chunks in the collection now. */
  readonly chunks: number;
  readonly seconds: number;
  readonly problems: readonly SyncProblem[];
}

/** What any tool gives. */
export type ToolOutput = SearchOutput | ReadOutput | AskOutput | StatusOutput | SyncOutput;
