/** What one part of the code may import. */
export interface PartRule {
  /** Other parts, by name. Every part may import itself. */
  readonly imports: readonly string[];
  /**
   * Files that other parts may import: the port and what holds no adapter. The rest of the folder is for `compose.ts`
   * and `index.ts`. Without it all files are open.
   */
  readonly doors?: readonly string[];
}

const GROUND = ["domain", "errors"] as const;
const PORTS = [
  "lexical",
  "tokens",
  "cache",
  "embedding",
  "store",
  "language-model",
  "code-execution",
  "human-input",
  "conversations",
] as const;

/**
 * The import table: a part is a folder of `src/`, a file beside them, or the folder `ingest/`. `src/README.md` shows the
 * same table, with names for {@link GROUND} and {@link PORTS}, and a test compares the two.
 */
export const IMPORT_TABLE: Readonly<Record<string, PartRule>> = {
  domain: { imports: [] },
  errors: { imports: [] },
  "process-owner": { imports: ["errors"] },
  "put-in-place": { imports: ["errors"] },
  config: { imports: [...GROUND] },
  lexical: { imports: [...GROUND] },
  tokens: { imports: [...GROUND], doors: ["token-counter.ts"] },
  cache: { imports: [...GROUND], doors: ["cache.ts"] },
  embedding: { imports: [...GROUND, "put-in-place", "tokens", "cache"], doors: ["embedder.ts", "embed-in-windows.ts"] },
  store: { imports: [...GROUND, "lexical"], doors: ["vector-store.ts", "all-documents.ts"] },
  "language-model": {
    imports: [...GROUND, "put-in-place", "tokens", "cache", "tracing"],
    doors: ["language-model.ts", "config-list.ts", "model-prices.ts"],
  },
  "code-execution": { imports: [...GROUND], doors: ["code-executor.ts", "extract-code-blocks.ts"] },
  "human-input": { imports: [...GROUND] },
  conversations: { imports: [...GROUND, "process-owner", "put-in-place"], doors: ["conversation-store.ts"] },
  tracing: { imports: [...GROUND], doors: ["in-span.ts"] },
  retrieval: { imports: [...GROUND, ...PORTS] },
  ingest: { imports: [...GROUND, "process-owner", ...PORTS] },
  agents: { imports: [...GROUND, ...PORTS, "retrieval"] },
  answering: { imports: [...GROUND, ...PORTS, "tracing", "retrieval", "agents"] },
  compose: { imports: [...GROUND, ...PORTS, "tracing", "config", "retrieval", "ingest", "agents", "answering"] },
  "compose-retrieval": { imports: [...GROUND, ...PORTS, "retrieval", "ingest", "agents", "answering"] },
  server: { imports: [...GROUND, "process-owner", "put-in-place", "config", "answering"] },
  mcp: { imports: [...GROUND, "answering"] },
  evaluation: { imports: [...GROUND, "lexical", "answering"] },
  cli: { imports: [...GROUND, "config", "answering", "compose", "server", "mcp", "evaluation"] },
  web: { imports: ["domain"] },
  index: {
    imports: [
      ...GROUND,
      ...PORTS,
      "config",
      "retrieval",
      "ingest",
      "agents",
      "answering",
      "compose",
      "compose-retrieval",
    ],
  },
};

/** Parts that choose adapters: every file of a port's folder is open to them. */
export const WIRING: readonly string[] = ["compose", "compose-retrieval", "index"];

/** Folders of one part that may not import each other: two adapters of one port. */
export const KEPT_APART: readonly (readonly [string, string])[] = [["src/store/embedded/", "src/store/qdrant/"]];

/** Single imports that the table refuses and that stay nevertheless. */
export const EXCEPTIONS: readonly { readonly from: string; readonly to: string; readonly why: string }[] = [
  {
    from: "src/agents/agent-model.ts",
    to: "src/language-model/open-language-model.ts",
    why: "as in AutoGen, an agent of the library is given a list of models rather than a model",
  },
  {
    from: "src/agents/agent-model.ts",
    to: "src/language-model/reply-cache.ts",
    why: "as in AutoGen, an agent's cacheSeed says whether its replies are kept",
  },
  {
    from: "src/agents/read-code-execution.ts",
    to: "src/code-execution/refusing-executor.ts",
    why: "an agent without an executor must refuse by itself",
  },
  {
    from: "src/embedding/endpoint-embedder.ts",
    to: "src/tokens/gpt-token-counter.ts",
    why: "an endpoint's tokens are counted with the tokenizer of its model",
  },
  {
    from: "src/web/reading.ts",
    to: "src/answering/describe-reading.ts",
    why: "the page names a filter as every other entry does; the file needs nothing that a browser lacks",
  },
];

/** Where the clients of other people's systems may be imported. */
export const CLIENT_HOMES: Readonly<Record<string, readonly string[]>> = {
  "@qdrant/js-client-rest": ["src/store/qdrant/"],
  "node:sqlite": ["src/store/embedded/", "src/cache/"],
  "sqlite-vec": ["src/store/embedded/"],
  openai: ["src/language-model/", "src/embedding/"],
  "@huggingface/transformers": ["src/embedding/"],
  "node:child_process": ["src/code-execution/"],
  // The interface does nothing until somebody registers a provider; that is done in one place.
  "@opentelemetry/api": [
    "src/agents/watching/",
    "src/answering/trace-use-cases.ts",
    "src/language-model/traced-model.ts",
    "src/server/trace-requests.ts",
    "src/tracing/",
  ],
  "@opentelemetry/sdk-trace": ["src/tracing/"],
  "@opentelemetry/exporter-trace-otlp-http": ["src/tracing/"],
};

/** Files that may read the environment. */
export const ENVIRONMENT_READERS: readonly string[] = [
  "src/config.ts",
  "src/cli/main.ts",
  // What an allow-list lets through to code that is run.
  "src/code-execution/allowed-environment.ts",
  // A library that is loaded later looks for its switch there, and nowhere else.
  "src/embedding/silence-runtime.ts",
];

/** Names that say nothing about what is inside. */
export const EMPTY_NAMES: readonly string[] = ["utils", "util", "helpers", "helper", "common", "types", "misc"];
