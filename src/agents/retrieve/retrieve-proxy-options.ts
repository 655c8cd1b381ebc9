import { checkOptions } from "../../domain/check-options.ts";
import type { OptionKind } from "../../domain/check-options.ts";
import type { SearchFilter, SearchMode } from "../../domain/hit.ts";
import type { IngestEvent } from "../../domain/ingest.ts";
import type { Retrieve, RetrieveOptions } from "../../retrieval/retrieve.ts";
import type { TokenCounter } from "../../tokens/token-counter.ts";
import { AGENT_OPTIONS } from "../conversable-agent-options.ts";
import type { ConversableAgentOptions } from "../conversable-agent-options.ts";
import type { CreateMarker } from "./passage-fence.ts";
import type { RetrieveTask } from "./prompts.ts";
import type { RetrieveConfig } from "./retrieve-config.ts";
import type { QuestionReading } from "./retrieve-state.ts";

/** A collection that is open for searching. */
export interface OpenedRetrieval {
  readonly retrieve: Retrieve;
  /** The search of questions with the task `code`. Default: `retrieve`. */
  readonly retrieveCode?: Retrieve;
  close(): Promise<void>;
}

/** Options of {@link openRetrieval}. */
export interface OpenRetrievalOptions {
  /**
   * Breaks the opening off, also while `docsPath` is indexed; what was stored by then is reused the next time.
   * @default none
   */
  readonly signal?: AbortSignal | undefined;
  /**
   * Hears what happens while `docsPath` is indexed: progress, and at the end the report with the files that were skipped or
   * failed. Default: nobody; failed files are told by warnings of the process.
   */
  readonly onIngest?: ((event: IngestEvent) => void) | undefined;
}

/** The names of {@link OpenRetrievalOptions}, for `checkOptions`. */
export const OPEN_OPTIONS: Readonly<Record<keyof OpenRetrievalOptions, OptionKind>> = {
  signal: true,
  onIngest: "function",
};

/** Options of {@link RetrieveUserProxyAgent}. */
export interface RetrieveUserProxyAgentOptions extends ConversableAgentOptions {
  /** What is searched, and how prompts are made. Default: an existing collection `autogen-docs` of the embedded store. */
  readonly retrieveConfig?: RetrieveConfig | undefined;
  /** Finds passages, in place of what `retrieveConfig` describes. Default: its collection is searched. */
  readonly retrieve?: Retrieve | undefined;
  /** Finds passages for questions with the task `code`, beside `retrieve`. Default: `retrieve`. */
  readonly retrieveCode?: Retrieve | undefined;
  /**
   * Opens what `retrieveConfig` describes, on the first question; `docsPath` is indexed there. Default: the library's
   * own.
   */
  readonly openRetrieval?:
    | ((config: RetrieveConfig, options?: OpenRetrievalOptions) => Promise<OpenedRetrieval>)
    | undefined;
  /** Hears what happens while `docsPath` is indexed; see {@link OpenRetrievalOptions}. Default: nobody. */
  readonly onIngest?: ((event: IngestEvent) => void) | undefined;
  /** Counts the tokens of prompts. Default: as the GPT models count, with the `model` of `retrieveConfig` where it names one. */
  readonly tokenCounter?: TokenCounter | undefined;
  /** Prompts for one question at most. @default one more than maxConsecutiveAutoReply */
  readonly maxRounds?: number | undefined;
  /** Whether a model is asked even when the first search finds nothing that fits. @default false */
  readonly askWithoutEvidence?: boolean | undefined;
  /** Makes the mark around passages. @default 64 bits of a hash of what it stands around */
  readonly createMarker?: CreateMarker | undefined;
}

/** How passages for one prompt are searched for. */
export interface RetrieveDocsOptions extends RetrieveOptions {
  /** The question's task: code tasks are searched for in their own way. @default "default" */
  readonly task?: RetrieveTask | undefined;
}

/** How one question is asked. */
export interface QuestionOptions {
  /** What is asked, in words. */
  readonly question: string;
  /** Default: the task of `retrieveConfig`. */
  readonly task?: string | undefined;
  /** Passages of a prompt at most. Default: `nResults` of `retrieveConfig`. */
  readonly limit?: number | undefined;
  /** Prompts at most. Default: the proxy's own limit. */
  readonly maxRounds?: number | undefined;
  /** Narrows the searches. Default: the filter of `retrieveConfig`. */
  readonly filter?: SearchFilter | undefined;
  /** @default "hybrid" */
  readonly mode?: SearchMode | undefined;
  /** Text that every passage must hold. @default none */
  readonly searchString?: string | undefined;
  /** How the question's words are read. Default: for filters and several questions in one. */
  readonly reading?: QuestionReading | undefined;
  /** Cancels the question. */
  readonly signal?: AbortSignal | undefined;
}

const KNOWN: Readonly<Record<keyof RetrieveUserProxyAgentOptions, OptionKind>> = {
  ...AGENT_OPTIONS,
  retrieveConfig: true,
  retrieve: "function",
  retrieveCode: "function",
  openRetrieval: "function",
  onIngest: "function",
  tokenCounter: "object",
  maxRounds: "count",
  askWithoutEvidence: "flag",
  createMarker: "function",
};

/** Throws a `TypeError` for an option that the proxy does not have. */
export function checkProxyOptions(options: RetrieveUserProxyAgentOptions, owner: string): void {
  checkOptions(options, { owner, known: KNOWN });
}
