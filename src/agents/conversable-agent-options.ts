import type { CodeExecutor } from "../code-execution/code-executor.ts";
import type { ChatMessage } from "../domain/message.ts";
import { CitewellError } from "../errors.ts";
import type { HumanInput } from "../human-input/human-input.ts";
import type { ModelConfigInput } from "../language-model/config-list.ts";
import type { LanguageModel } from "../language-model/language-model.ts";

/** When a person is asked: for every reply, only before the chat would end, or never. */
export type HumanInputMode = "ALWAYS" | "TERMINATE" | "NEVER";

/** The models of an agent and how they are asked. */
export interface LlmConfig {
  /** Asked in order, see `createFailoverModel`. */
  readonly configList: readonly ModelConfigInput[];
  /**
   * Seconds for a whole reply.
   * @default 120
   */
  readonly timeout?: number;
  /** 0 to 2. Default: the endpoint's own. */
  readonly temperature?: number;
  /** Tokens of a reply at most. Default: the endpoint's own. */
  readonly maxTokens?: number;
  /** Taken for compatibility; replies are not cached. */
  readonly cacheSeed?: number | null;
}

/** Runs the code of the other side's messages. */
export interface CodeExecutionConfig {
  /** Default: one that runs nothing and says so. */
  readonly executor?: CodeExecutor;
  /**
   * How many of the last messages are looked through for code; `auto`: those since the agent last spoke.
   * @default "auto"
   */
  readonly lastNMessages?: number | "auto";
  /**
   * Seconds for the blocks of one message.
   * @default the executor's own
   */
  readonly timeoutSeconds?: number;
}

/** Options of {@link ConversableAgent}. */
export interface ConversableAgentOptions {
  /** 1 to 64 letters, digits, `_` or `-`. */
  readonly name: string;
  /** @default "You are a helpful AI assistant." */
  readonly systemMessage?: string;
  /** What the agent is for, in a sentence. Default: the system message. */
  readonly description?: string;
  /** Whether a received message ends the chat. Default: its text is `TERMINATE`, or ends with it. */
  readonly isTerminationMsg?: (message: ChatMessage) => boolean;
  /**
   * Automatic replies to one sender in a row at most.
   * @default 100
   */
  readonly maxConsecutiveAutoReply?: number;
  /** @default "TERMINATE" */
  readonly humanInputMode?: HumanInputMode;
  /** Whom to ask. Default: nobody; a question is then refused with `not_supported`. */
  readonly humanInput?: HumanInput;
  /**
   * What the agent says when no reply function had a reply. Without it the chat ends then, rather than going on with an
   * empty message.
   */
  readonly defaultAutoReply?: string;
  /** Its models; false or absent for an agent without any. */
  readonly llmConfig?: LlmConfig | false;
  /** A model in place of `llmConfig.configList`. */
  readonly model?: LanguageModel;
  /**
   * Whether code in received messages is run, and by what.
   * @default false
   */
  readonly codeExecutionConfig?: CodeExecutionConfig | CodeExecutor | false;
  /** Taken for compatibility: agents print nothing; what happens is told by the events of {@link ConversableAgent.streamChat}. */
  readonly silent?: boolean;
}

/** Throws a `TypeError` or `config_invalid` for options that no agent can work with. */
export function checkAgentOptions({
  name,
  maxConsecutiveAutoReply,
  humanInputMode,
  llmConfig,
  model,
}: ConversableAgentOptions): void {
  if (!/^[\w-]{1,64}$/.test(name)) {
    throw new TypeError(`An agent's name must be 1 to 64 letters, digits, "_" or "-", not ${JSON.stringify(name)}.`);
  }
  if (maxConsecutiveAutoReply !== undefined && !(maxConsecutiveAutoReply >= 0)) {
    throw new TypeError(`maxConsecutiveAutoReply must be a number from 0, not ${String(maxConsecutiveAutoReply)}.`);
  }
  if (humanInputMode !== undefined && !["ALWAYS", "TERMINATE", "NEVER"].includes(humanInputMode)) {
    throw new TypeError(
      `humanInputMode must be "ALWAYS", "TERMINATE" or "NEVER", not ${JSON.stringify(humanInputMode)}.`,
    );
  }
  if (model !== undefined || llmConfig === undefined || llmConfig === false) return;
  if (!Array.isArray(llmConfig.configList) || llmConfig.configList.length === 0) {
    throw new CitewellError(
      "config_invalid",
      `llmConfig.configList of agent ${name} must be a list with one model or more, such as [{ model: "gpt-4o", apiKey: "…" }]; for an agent without a model set llmConfig to false.`,
    );
  }
}
