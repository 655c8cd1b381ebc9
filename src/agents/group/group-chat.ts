import { checkOptions, oneOf, orNull } from "../../domain/check-options.ts";
import type { OptionKind } from "../../domain/check-options.ts";
import type { ChatMessage } from "../../domain/message.ts";
import type { LanguageModel } from "../../language-model/language-model.ts";
import type { Agent } from "../agent.ts";
import { checkAgent } from "../check-agent.ts";
import { checkLlmConfig } from "../conversable-agent-options.ts";
import type { LlmConfig } from "../conversable-agent-options.ts";
import type { ConversationMessage } from "../conversation.ts";
import { TransformMessages } from "../transforms/transform-messages.ts";
import type { AllowedTransitions, SpeakerTransitions, SpeakerTransitionsType } from "./speaker-transitions.ts";
import { readTransitions } from "./speaker-transitions.ts";

const MESSAGE_TEMPLATE = `You lead a conversation between these roles:
{roles}
Read it, then choose who of {agentlist} speaks next. Answer with the name alone.`;
const PROMPT_TEMPLATE =
  "Read the conversation above, then choose who of {agentlist} speaks next. Answer with the name alone.";
const MULTIPLE_TEMPLATE =
  "You named several. Only one can speak next: the one that your answer points to most. Choose one of {agentlist} and answer with the name alone, exactly as it is written here.";
const NONE_TEMPLATE =
  "You named nobody. Choose one of {agentlist} to speak next and answer with the name alone, exactly as it is written here.";

/** How the next speaker is found. */
export type SpeakerSelectionMethod = "auto" | "manual" | "random" | "round_robin";

/** What a selecting model is told; see the options of the same names. */
export interface SelectionTemplates {
  readonly message: string;
  /** Null for nothing. */
  readonly prompt: string | null;
  readonly multiple: string;
  readonly none: string;
}

/** What a selection function looks at. */
export interface SelectionContext {
  /** Every message of the group so far, oldest first. */
  readonly messages: readonly ConversationMessage[];
  /** The members of the group, in the order of its list. */
  readonly agents: readonly Agent[];
  /** The group itself. */
  readonly group: GroupChat;
}

/**
 * Finds the next speaker: a member, a method that shall find it, or null to end the chat. A member is taken whatever the
 * transitions say.
 */
export type SelectSpeaker = (
  lastSpeaker: Agent | null,
  context: SelectionContext,
) => Agent | SpeakerSelectionMethod | null | Promise<Agent | SpeakerSelectionMethod | null>;

/** Options of `GroupChat`. */
export interface GroupChatOptions {
  /** The members, two or more, each with a name of its own. */
  readonly agents: readonly Agent[];
  /** What was said before: every chat of the group begins with it. @default nothing */
  readonly messages?: readonly ConversationMessage[] | undefined;
  /** Messages of a chat at most, the first one counted. @default 10 */
  readonly maxRound?: number | undefined;
  /** Who takes the turn of a speaker that is interrupted. @default "Admin" */
  readonly adminName?: string | undefined;
  /** Whether only agents that run the called tool may follow a message with a tool call. @default true */
  readonly funcCallFilter?: boolean | undefined;
  /**
   * How the next speaker is found: `auto` asks the manager's model, `manual` a person, `random` draws, `round_robin` goes
   * by the list; or a function.
   * @default "auto"
   */
  readonly speakerSelectionMethod?: SpeakerSelectionMethod | SelectSpeaker | undefined;
  /** How often a model is asked again that named nobody or several. @default 2 */
  readonly maxRetriesForSelectingSpeaker?: number | undefined;
  /** Whether somebody may speak twice in a row, or who may. @default true */
  readonly allowRepeatSpeaker?: boolean | readonly (Agent | string)[] | undefined;
  /** Who may, or may not, speak after whom. Default: everybody after everybody. */
  readonly allowedOrDisallowedSpeakerTransitions?: SpeakerTransitions | undefined;
  /** Whether the transitions name those who may follow, or may not; required with them, without effect alone. */
  readonly speakerTransitionsType?: SpeakerTransitionsType | undefined;
  /**
   * Whether members may say `CLEAR HISTORY`, with an agent's name and a number of messages to keep where wanted.
   * @default false
   */
  readonly enableClearHistory?: boolean | undefined;
  /** Whether all members are introduced to each other first. @default false */
  readonly sendIntroductions?: boolean | undefined;
  /** What a model is told first that selects; `{roles}` and `{agentlist}` are filled in. Default: a prompt of our own. */
  readonly selectSpeakerMessageTemplate?: string | undefined;
  /** What it is told last, with `{agentlist}`; null for nothing. Default: a prompt of our own. */
  readonly selectSpeakerPromptTemplate?: string | null | undefined;
  /** What it is told when it named several, with `{agentlist}`. Default: a prompt of our own. */
  readonly selectSpeakerAutoMultipleTemplate?: string | undefined;
  /** What it is told when it named nobody, with `{agentlist}`. Default: a prompt of our own. */
  readonly selectSpeakerAutoNoneTemplate?: string | undefined;
  /** Makes shorter what a selecting model reads: transforms, or a function. Default: it reads every message. */
  readonly selectSpeakerTransformMessages?:
    | TransformMessages
    | ((messages: readonly ChatMessage[]) => readonly ChatMessage[] | Promise<readonly ChatMessage[]>)
    | undefined;
  /** Models that select; default: those of the manager. */
  readonly selectSpeakerAutoLlmConfig?: LlmConfig | undefined;
  /** A model that selects, in place of `selectSpeakerAutoLlmConfig`. Default: that config, or else the manager's model. */
  readonly selectSpeakerModel?: LanguageModel | undefined;
  /** Role of the last prompt to a selecting model. @default "system" */
  readonly roleForSelectSpeakerMessages?: "system" | "user" | "assistant" | undefined;
  /** For the method `random`: a number from 0 up to 1. @default Math.random */
  readonly random?: (() => number) | undefined;
}

/** The members of a group and its rules. It holds no conversation: one group may hold many at a time. */
export class GroupChat {
  /** The members, in the order of the list. */
  readonly agents: readonly Agent[];
  /** What was said before its chats. */
  readonly messages: readonly ConversationMessage[];
  /** Messages of a chat at most. */
  readonly maxRound: number;
  /** Who takes the turn of a speaker that is interrupted. */
  readonly adminName: string;
  readonly speakerSelectionMethod: SpeakerSelectionMethod | SelectSpeaker;
  readonly maxRetriesForSelectingSpeaker: number;
  /** Who may speak after whom, by name. */
  readonly allowedTransitions: AllowedTransitions;
  /** What is odd about the transitions, in sentences. */
  readonly warnings: readonly string[];
  /** What a selecting model is told. */
  readonly templates: SelectionTemplates;
  /** The options that it was made with. */
  readonly options: GroupChatOptions;

  constructor(options: GroupChatOptions) {
    checkGroupOptions(options);
    this.options = options;
    this.agents = [...options.agents];
    this.messages = [...(options.messages ?? [])];
    this.maxRound = options.maxRound ?? 10;
    this.adminName = options.adminName ?? "Admin";
    this.speakerSelectionMethod = options.speakerSelectionMethod ?? "auto";
    this.maxRetriesForSelectingSpeaker = options.maxRetriesForSelectingSpeaker ?? 2;
    const { allowed, warnings } = readTransitions({
      agents: this.agents,
      allowRepeatSpeaker: options.allowRepeatSpeaker,
      transitions: options.allowedOrDisallowedSpeakerTransitions,
      type: options.speakerTransitionsType,
    });
    this.allowedTransitions = allowed;
    this.warnings = warnings;
    this.templates = {
      message: options.selectSpeakerMessageTemplate ?? MESSAGE_TEMPLATE,
      prompt: options.selectSpeakerPromptTemplate === undefined ? PROMPT_TEMPLATE : options.selectSpeakerPromptTemplate,
      multiple: options.selectSpeakerAutoMultipleTemplate ?? MULTIPLE_TEMPLATE,
      none: options.selectSpeakerAutoNoneTemplate ?? NONE_TEMPLATE,
    };
  }

  /** The names of the members, in their order. */
  get agentNames(): readonly string[] {
    return this.agents.map(({ name }) => name);
  }

  /** A member by its name; with `recursive` also one of a group within. Null when there is none. */
  agentByName(
    name: string,
    {
      recursive = false,
      raiseNameConflict = false,
    }: {
      /** @default false */
      readonly recursive?: boolean;
      /** Whether several of that name are an error. @default false */
      readonly raiseNameConflict?: boolean;
    } = {},
  ): Agent | null {
    const found = (recursive ? this.nestedAgents() : this.agents).filter((agent) => agent.name === name);
    if (raiseNameConflict && found.length > 1) {
      throw new TypeError(`${String(found.length)} agents are named "${name}"; give each a name of its own.`);
    }
    return found[0] ?? null;
  }

  /** The members, and those of the groups that members manage. */
  nestedAgents(): readonly Agent[] {
    return this.agents.flatMap((agent) => [agent, ...(isManager(agent) ? agent.groupchat.nestedAgents() : [])]);
  }

  /** The next member in order of those given; the first of them after somebody who is none. */
  nextAgent(last: Agent | null, agents: readonly Agent[] = this.agents): Agent {
    const stranger = agents.find((agent) => !this.agents.includes(agent));
    if (stranger !== undefined) throw new TypeError(`${stranger.name} is not in the group.`);
    const start = last === null ? -1 : this.agents.indexOf(last);
    const order = [...this.agents.slice(start + 1), ...this.agents.slice(0, start + 1)];
    const next = order.find((agent) => agents.includes(agent));
    if (next === undefined) throw new TypeError("There is nobody to choose from.");
    return next;
  }

  /** One line a member: its name and what it is for. */
  roles(agents: readonly Agent[] = this.agents): string {
    return agents.map(({ name, description }) => `${name}: ${description}`.trim()).join("\n");
  }

  /** The message that introduces the members to each other. */
  introductions(): string {
    return `Hello. In this conversation these take part:\n\n${this.roles()}`;
  }
}

function isManager(agent: Agent): agent is Agent & { readonly groupchat: GroupChat } {
  return "groupchat" in agent && agent.groupchat instanceof GroupChat;
}

/** The names of a group's options, for `checkOptions`. */
export const GROUP_OPTIONS: Readonly<Record<keyof GroupChatOptions, OptionKind>> = {
  agents: true,
  messages: "list",
  maxRound: "count",
  adminName: "text",
  funcCallFilter: "flag",
  speakerSelectionMethod: [
    '"auto", "manual", "random", "round_robin" or a function',
    (value) => typeof value === "function" || isSelectionMethod(value),
  ],
  maxRetriesForSelectingSpeaker: "whole",
  allowRepeatSpeaker: true,
  allowedOrDisallowedSpeakerTransitions: true,
  speakerTransitionsType: oneOf("allowed", "disallowed"),
  enableClearHistory: "flag",
  sendIntroductions: "flag",
  selectSpeakerMessageTemplate: "name",
  selectSpeakerPromptTemplate: orNull("text"),
  selectSpeakerAutoMultipleTemplate: "name",
  selectSpeakerAutoNoneTemplate: "name",
  selectSpeakerTransformMessages: [
    "new TransformMessages({ transforms }) or a function",
    (value) => typeof value === "function" || value instanceof TransformMessages,
  ],
  selectSpeakerAutoLlmConfig: true,
  selectSpeakerModel: "object",
  roleForSelectSpeakerMessages: oneOf("system", "user", "assistant"),
  random: "function",
};

const GROUP_INSTEAD: Readonly<Record<string, string>> = {
  selectSpeakerAutoVerbose: "leave it out; streamChat yields each choice as an event of the type speaker",
  selectSpeakerAutoModelClientCls: "write selectSpeakerModel",
};

/** Throws a `TypeError` or `config_invalid` for options that no group can work with. */
function checkGroupOptions(options: GroupChatOptions): void {
  checkOptions(options, { owner: "GroupChat", known: GROUP_OPTIONS, instead: GROUP_INSTEAD });
  const { selectSpeakerAutoLlmConfig: llmConfig } = options;
  checkMembers(options.agents);
  if (llmConfig === undefined) return;
  checkLlmConfig(llmConfig, { owner: "selectSpeakerAutoLlmConfig", agent: "GroupChat", needsList: true });
}

function checkMembers(agents: readonly Agent[]): void {
  if (!Array.isArray(agents) || agents.length < 2) {
    throw new TypeError(
      `A group needs two agents or more, not ${String(Array.isArray(agents) ? agents.length : "none")}; for one agent open a chat with it.`,
    );
  }
  for (const agent of agents) checkAgent(agent, "A member of a group");
  const names = agents.map(({ name }: Agent) => name);
  const twice = names.find((name, place) => names.indexOf(name) !== place);
  if (twice !== undefined) throw new TypeError(`Two members are named "${twice}"; give each a name of its own.`);
}

/** Whether a value is the name of a way to find the next speaker. */
export function isSelectionMethod(value: unknown): value is SpeakerSelectionMethod {
  return value === "auto" || value === "manual" || value === "random" || value === "round_robin";
}

/** A group as a selection function sees it. */
export type SpeakerGroup = GroupChat;
