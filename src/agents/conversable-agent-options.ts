import type { CodeExecutor } from "../code-execution/code-executor.ts";
import type { ChatMessage } from "../domain/message.ts";
import { checkOptions, checkValue, having, oneOf, showValue } from "../domain/check-options.ts";
import type { OptionKind } from "../domain/check-options.ts";
import { CitewellError } from "../errors.ts";
import type { HumanInput } from "../human-input/human-input.ts";
import { isReplySchema } from "../language-model/config-list.ts";
import type { ModelConfigInput } from "../language-model/config-list.ts";
import type { LanguageModel, ModelReply, ModelSettings, ToolDescription } from "../language-model/language-model.ts";
import { checkAgentName } from "./check-agent.ts";
import type { ToolFunction, ToolSignature } from "./agent-tools.ts";
import type { EarlierMessages } from "./dialogues.ts";
import type { Tool } from "./tools/tool.ts";

/** When a person is asked: for every reply, only before the chat would end, or never. */
export type HumanInputMode = "ALWAYS" | "TERMINATE" | "NEVER";

/** The models of an agent and how they are asked. */
export interface LlmConfig extends ModelSettings {
  /** Asked in order, see `createFailoverModel`. */
  readonly configList: readonly ModelConfigInput[];
  /** Seconds for a whole reply. @default 120 */
  readonly timeout?: number | undefined;
  /**
   * Keeps replies on disk and gives the same reply to the same request, apart for each seed. Null keeps nothing.
   * @default null
   */
  readonly cacheSeed?: number | null | undefined;
  /** Where kept replies lie, with one folder a seed. @default ".cache", in the working directory */
  readonly cacheFolder?: string | undefined;
  /** Tools that the model may wish for, besides those that `registerForLlm` adds. Default: none. */
  readonly tools?: readonly (ToolDescription | ToolSignature)[] | undefined;
  /** Values for the places `{name}` of templated messages; `context` of the last message goes before them. Default: none. */
  readonly context?: Readonly<Record<string, unknown>> | undefined;
  /** Whether places are filled. @default false */
  readonly allowFormatStrTemplate?: boolean | undefined;
  /**
   * Whether a reply is good enough; one that is not is asked of the next entry of the list, and the last one's is taken
   * anyway. Default: every reply is.
   */
  readonly filterFunc?:
    | ((context: Readonly<Record<string, unknown>>, reply: ModelReply) => boolean | Promise<boolean>)
    | undefined;
}

/** Runs the code of the other side's messages. */
export interface CodeExecutionConfig {
  /** What runs code, such as `createLocalExecutor`. Default: one that runs nothing and says so. */
  readonly executor?: CodeExecutor | undefined;
  /**
   * Makes the executor from this config: reads `workDir`, `useDocker` and the time limit. Without effect beside
   * `executor`.
   */
  readonly createExecutor?: ((config: CodeExecutionConfig) => CodeExecutor) | undefined;
  /** Folder in which code runs. Only `createExecutor` reads it: without it this chooses no executor, which a warning says. */
  readonly workDir?: string | undefined;
  /** Whether code runs in a container, or the image it runs in. Read as `workDir`. Default: as `createExecutor` has it. */
  readonly useDocker?: boolean | string | undefined;
  /**
   * How many of the last messages are looked through for code; `auto`: those since the agent last spoke.
   * @default "auto"
   */
  readonly lastNMessages?: number | "auto" | undefined;
  /** Seconds for the blocks of one message. @default the executor's own */
  readonly timeoutSeconds?: number | undefined;
  /** AutoGen's name of `timeoutSeconds`, which goes before it. */
  readonly timeout?: number | undefined;
}

/** Options of {@link ConversableAgent}. */
export interface ConversableAgentOptions {
  /** 1 to 64 letters, digits, `_` or `-`. */
  readonly name: string;
  /** What the agent's model is told first. @default "You are a helpful AI assistant." */
  readonly systemMessage?: string | undefined;
  /**
   * What the agent is for, in a sentence that whoever chooses the next speaker goes by. Default: the system message, or where
   * that is not given either, what this kind of agent does.
   */
  readonly description?: string | undefined;
  /** Whether a received message ends the chat. Default: its text is `TERMINATE`, or ends with it. */
  readonly isTerminationMsg?: ((message: ChatMessage) => boolean) | undefined;
  /** Automatic replies to one sender in a row at most. @default 100 */
  readonly maxConsecutiveAutoReply?: number | undefined;
  /** When a person is asked. @default "TERMINATE"; assistants "NEVER", user proxies "ALWAYS" */
  readonly humanInputMode?: HumanInputMode | undefined;
  /** Whom to ask, such as `createTerminalHumanInput()`. Default: nobody; a question is then refused with `not_supported`. */
  readonly humanInput?: HumanInput | undefined;
  /**
   * What the agent says when no reply function had a reply. Without it the chat ends then, rather than going on with an
   * empty message.
   */
  readonly defaultAutoReply?: string | undefined;
  /** Its models; false or absent for an agent without any. */
  readonly llmConfig?: LlmConfig | false | undefined;
  /** A model in place of `llmConfig.configList`, which is then an empty list. Default: none. */
  readonly model?: LanguageModel | undefined;
  /** Whether code in received messages is run, and by what. @default false */
  readonly codeExecutionConfig?: CodeExecutionConfig | CodeExecutor | false | undefined;
  /** What runs the tools of other agents' models, by name. Default: nothing until `registerForExecution`. */
  readonly functionMap?: Readonly<Record<string, ToolFunction | Tool>> | undefined;
  /**
   * Messages that were said before, by partner: an object, or `chatMessages` of another agent. What the agent itself said has
   * the role `assistant`. Default: none.
   */
  readonly chatMessages?: EarlierMessages | undefined;
  /**
   * Taken for compatibility: agents print nothing; what happens is told by the events of {@link ConversableAgent.streamChat}.
   * @default false
   */
  readonly silent?: boolean | undefined;
}

/** The names of every agent's options, for {@link checkOptions}. */
export const AGENT_OPTIONS: Readonly<Record<keyof ConversableAgentOptions, OptionKind>> = {
  name: true,
  systemMessage: "text",
  description: "text",
  isTerminationMsg: "function",
  maxConsecutiveAutoReply: "amount",
  humanInputMode: oneOf("ALWAYS", "TERMINATE", "NEVER"),
  humanInput: having("ask", "an object with a function ask, such as createTerminalHumanInput()"),
  defaultAutoReply: "text",
  llmConfig: true,
  model: having("stream", 'a language model, such as createOpenAiModel({ model: "gpt-4o" })'),
  codeExecutionConfig: true,
  functionMap: "object",
  chatMessages: "object",
  silent: "flag",
};

const MODEL_SETTINGS: Readonly<Record<keyof ModelSettings, OptionKind>> = {
  temperature: "number",
  topP: "number",
  maxTokens: "count",
  presencePenalty: "number",
  frequencyPenalty: "number",
  seed: "number",
  stop: "list",
  responseFormat: [
    '"text", "json" or a schema, such as { schema: z.toJSONSchema(Reply) }',
    (value) => value === "text" || value === "json" || isReplySchema(value),
  ],
};

const LLM_OPTIONS: Readonly<Record<keyof LlmConfig, OptionKind>> = {
  configList: true,
  timeout: "positive",
  cacheSeed: ["a whole number, or null", (value) => value === null || Number.isInteger(value)],
  cacheFolder: "name",
  tools: "list",
  context: "object",
  allowFormatStrTemplate: "flag",
  filterFunc: "function",
  ...MODEL_SETTINGS,
};

const INTO_LIST = 'put it into an entry of configList, such as [{ model: "gpt-4o", apiKey: "…" }]';
const LLM_INSTEAD: Readonly<Record<string, string>> = {
  model: INTO_LIST,
  apiKey: INTO_LIST,
  baseUrl: INTO_LIST,
  price: INTO_LIST,
  requestTimeout: "write timeout",
  functions: "write tools, or use registerForLlm",
  cache: "write cacheSeed, and cacheFolder for the place",
  stream: "leave it out; streamChat yields what the model writes",
};

/** Throws a `TypeError` or `config_invalid` for options that no agent can work with. */
export function checkAgentOptions(options: ConversableAgentOptions, owner: string): void {
  const { name, llmConfig, model } = options;
  checkOptions(options, { owner, known: AGENT_OPTIONS });
  checkAgentName(name);
  if (llmConfig === undefined || llmConfig === false) return;
  if (model !== undefined && (llmConfig.configList ?? []).length > 0) {
    throw new TypeError("Give either model or llmConfig.configList; beside model, configList must be an empty list.");
  }
  checkLlmConfig(llmConfig, { owner: "llmConfig", agent: name, needsList: model === undefined });
}

/** Throws a `TypeError` for a value that the option of this name may not have. */
export function checkAgentOption(name: keyof ConversableAgentOptions, value: unknown): void {
  checkValue(name, value, AGENT_OPTIONS[name]);
}

/** Options over defaults: an option that is undefined leaves its default as it is. */
export function withDefaults(
  options: ConversableAgentOptions,
  defaults: Partial<ConversableAgentOptions>,
): ConversableAgentOptions {
  if (typeof options !== "object" || options === null) {
    throw new TypeError(`An agent takes an object with options such as { name: "ada" }, not ${showValue(options)}.`);
  }
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  return { ...defaults, name: options.name, ...Object.fromEntries(given) };
}

/** The description of an agent's kind, for those that are given no system message of their own. */
export function describedBy(
  options: Pick<ConversableAgentOptions, "systemMessage">,
  description: string,
): Pick<ConversableAgentOptions, "description"> {
  return typeof options?.systemMessage === "string" && options.systemMessage.trim() !== "" ? {} : { description };
}

/** Throws a `TypeError` or `config_invalid` for an `llmConfig` that no model can be made of. */
export function checkLlmConfig(
  llmConfig: LlmConfig,
  { owner, agent, needsList }: { readonly owner: string; readonly agent: string; readonly needsList: boolean },
): void {
  if (typeof llmConfig !== "object" || llmConfig === null) {
    throw new TypeError(`${owner} of ${agent} must be an object with a configList, or false for no model.`);
  }
  checkOptions(llmConfig, { owner, known: LLM_OPTIONS, instead: LLM_INSTEAD });
  if (!needsList) return;
  const list: unknown = llmConfig.configList;
  if (typeof list === "object" && list !== null && "entries" in list && Array.isArray(list.entries)) {
    throw new TypeError(`${owner}.configList must be a list: pass the entries of what readConfigList gave.`);
  }
  if (list instanceof Promise) {
    throw new TypeError(`${owner}.configList is a promise: pass the entries of (await readConfigList(…)).`);
  }
  if (!Array.isArray(list) || list.length === 0) {
    throw new CitewellError(
      "config_invalid",
      `${owner}.configList of agent ${agent} must be a list with one model or more, such as [{ model: "gpt-4o", apiKey: "…" }]; for an agent without a model set llmConfig to false.`,
    );
  }
}
