import type { ChatMessage } from "../../domain/message.ts";
import type { LanguageModel } from "../../language-model/language-model.ts";
import type { Agent } from "../agent.ts";
import type { LlmConfig } from "../conversable-agent-options.ts";
import type { ConversationMessage } from "../conversation.ts";
import { readTransitions } from "./speaker-transitions.ts";
import type { AllowedTransitions, SpeakerTransitions, SpeakerTransitionsType } from "./speaker-transitions.ts";

/** How the next speaker is found. */
export type SpeakerSelectionMethod = "auto" | "manual" | "random" | "round_robin";

/** What a selection function looks at. */
export interface SelectionContext {
  /** Every message of the group so far. */
  readonly messages: readonly ConversationMessage[];
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

/** Options of {@link GroupChat}. */
export interface GroupChatOptions {
  /** The members, two or more, each with a name of its own. */
  readonly agents: readonly Agent[];
  /** What was said before: every chat of the group begins with it. @default nothing */
  readonly messages?: readonly ConversationMessage[];
  /**
   * Messages of a chat at most, the first one counted.
   * @default 10
   */
  readonly maxRound?: number;
  /**
   * Who takes the turn of a speaker that is interrupted.
   * @default "Admin"
   */
  readonly adminName?: string;
  /**
   * Whether only agents that run the called tool may follow a message with a tool call.
   * @default true
   */
  readonly funcCallFilter?: boolean;
  /** @default "auto" */
  readonly speakerSelectionMethod?: SpeakerSelectionMethod | SelectSpeaker;
  /**
   * How often a model is asked again that named nobody or several.
   * @default 2
   */
  readonly maxRetriesForSelectingSpeaker?: number;
  /** Whether somebody may speak twice in a row, or who may. @default true */
  readonly allowRepeatSpeaker?: boolean | readonly (Agent | string)[];
  /** Who may, or may not, speak after whom. */
  readonly allowedOrDisallowedSpeakerTransitions?: SpeakerTransitions;
  /** What the transitions say; required with them. */
  readonly speakerTransitionsType?: SpeakerTransitionsType;
  /**
   * Whether members may say `CLEAR HISTORY`, with an agent's name and a number of messages to keep where wanted.
   * @default false
   */
  readonly enableClearHistory?: boolean;
  /**
   * Whether all members are introduced to each other first.
   * @default false
   */
  readonly sendIntroductions?: boolean;
  /** What a model is told first that selects; `{roles}` and `{agentlist}` are filled in. */
  readonly selectSpeakerMessageTemplate?: string;
  /** What it is told last, with `{agentlist}`; null for nothing. */
  readonly selectSpeakerPromptTemplate?: string | null;
  /** What it is told when it named several. */
  readonly selectSpeakerAutoMultipleTemplate?: string;
  /** What it is told when it named nobody. */
  readonly selectSpeakerAutoNoneTemplate?: string;
  /** Makes shorter what a selecting model reads. */
  readonly selectSpeakerTransformMessages?: (
    messages: readonly ChatMessage[],
  ) => readonly ChatMessage[] | Promise<readonly ChatMessage[]>;
  /** Models that select; default: those of the manager. */
  readonly selectSpeakerAutoLlmConfig?: LlmConfig;
  /** A model that selects, in place of `selectSpeakerAutoLlmConfig`. */
  readonly selectSpeakerModel?: LanguageModel;
  /** Role of the last prompt to a selecting model. @default "system" */
  readonly roleForSelectSpeakerMessages?: "system" | "user" | "assistant";
  /** For the method `random`: a number from 0 up to 1. @default Math.random */
  readonly random?: () => number;
}

const MESSAGE_TEMPLATE = `You lead a conversation between these roles:
{roles}
Read it, then choose who of {agentlist} speaks next. Answer with the name alone.`;
const PROMPT_TEMPLATE =
  "Read the conversation above, then choose who of {agentlist} speaks next. Answer with the name alone.";
const MULTIPLE_TEMPLATE =
  "You named several. Only one can speak next: the one that your answer points to most. Choose one of {agentlist} and answer with the name alone, exactly as it is written here.";
const NONE_TEMPLATE =
  "You named nobody. Choose one of {agentlist} to speak next and answer with the name alone, exactly as it is written here.";

/** The members of a group and its rules. It holds no conversation: one group may hold many at a time. */
export class GroupChat {
  readonly agents: readonly Agent[];
  readonly messages: readonly ConversationMessage[];
  readonly maxRound: number;
  readonly adminName: string;
  readonly speakerSelectionMethod: SpeakerSelectionMethod | SelectSpeaker;
  readonly maxRetriesForSelectingSpeaker: number;
  /** Who may speak after whom, by name. */
  readonly allowedTransitions: AllowedTransitions;
  /** What is odd about the transitions, in sentences. */
  readonly warnings: readonly string[];
  readonly templates: {
    readonly message: string;
    readonly prompt: string | null;
    readonly multiple: string;
    readonly none: string;
  };
  readonly options: GroupChatOptions;

  constructor(options: GroupChatOptions) {
    checkMembers(options.agents);
    this.options = options;
    this.agents = [...options.agents];
    this.messages = [...(options.messages ?? [])];
    this.maxRound = options.maxRound ?? 10;
    this.adminName = options.adminName ?? "Admin";
    this.speakerSelectionMethod = options.speakerSelectionMethod ?? "auto";
    this.maxRetriesForSelectingSpeaker = options.maxRetriesForSelectingSpeaker ?? 2;
    checkMethod(this.speakerSelectionMethod);
    checkWhole("maxRound", this.maxRound, 1);
    checkWhole("maxRetriesForSelectingSpeaker", this.maxRetriesForSelectingSpeaker, 0);
    const { allowed, warnings } = readTransitions({
      agents: this.agents,
      allowRepeatSpeaker: options.allowRepeatSpeaker,
      transitions: options.allowedOrDisallowedSpeakerTransitions,
      type: options.speakerTransitionsType,
    });
    this.allowedTransitions = allowed;
    this.warnings = warnings;
    this.templates = {
      message: template("selectSpeakerMessageTemplate", options.selectSpeakerMessageTemplate ?? MESSAGE_TEMPLATE),
      prompt:
        options.selectSpeakerPromptTemplate === null ? null : (options.selectSpeakerPromptTemplate ?? PROMPT_TEMPLATE),
      multiple: template(
        "selectSpeakerAutoMultipleTemplate",
        options.selectSpeakerAutoMultipleTemplate ?? MULTIPLE_TEMPLATE,
      ),
      none: template("selectSpeakerAutoNoneTemplate", options.selectSpeakerAutoNoneTemplate ?? NONE_TEMPLATE),
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
    }: { readonly recursive?: boolean; readonly raiseNameConflict?: boolean } = {},
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

function checkMembers(agents: readonly Agent[]): void {
  if (!Array.isArray(agents) || agents.length < 2) {
    throw new TypeError(
      `A group needs two agents or more, not ${String(Array.isArray(agents) ? agents.length : "none")}; for one agent open a chat with it.`,
    );
  }
  const names = agents.map(({ name }: Agent) => name);
  const twice = names.find((name, place) => names.indexOf(name) !== place);
  if (twice !== undefined) throw new TypeError(`Two members are named "${twice}"; give each a name of its own.`);
}

function checkMethod(method: SpeakerSelectionMethod | SelectSpeaker): void {
  if (typeof method === "function" || ["auto", "manual", "random", "round_robin"].includes(method)) return;
  throw new TypeError(
    `speakerSelectionMethod must be "auto", "manual", "random", "round_robin" or a function, not ${JSON.stringify(method)}.`,
  );
}

function checkWhole(name: string, value: number, least: number): void {
  if (Number.isInteger(value) && value >= least) return;
  throw new TypeError(`${name} must be a whole number from ${String(least)}, not ${String(value)}.`);
}

function template(name: string, text: string): string {
  if (typeof text === "string" && text.trim() !== "") return text;
  throw new TypeError(`${name} must be a text that is not empty.`);
}
