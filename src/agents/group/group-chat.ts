import type { Agent } from "../agent.ts";
import type { ConversationMessage } from "../conversation.ts";
import { checkGroupOptions } from "./group-chat-options.ts";
import type {
  GroupChatOptions,
  SelectionTemplates,
  SelectSpeaker,
  SpeakerGroup,
  SpeakerSelectionMethod,
} from "./group-chat-options.ts";
import { readTransitions } from "./speaker-transitions.ts";
import type { AllowedTransitions } from "./speaker-transitions.ts";

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
export class GroupChat implements SpeakerGroup {
  readonly agents: readonly Agent[];
  readonly messages: readonly ConversationMessage[];
  readonly maxRound: number;
  readonly adminName: string;
  readonly speakerSelectionMethod: SpeakerSelectionMethod | SelectSpeaker;
  readonly maxRetriesForSelectingSpeaker: number;
  readonly allowedTransitions: AllowedTransitions;
  readonly warnings: readonly string[];
  readonly templates: SelectionTemplates;
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

  get agentNames(): readonly string[] {
    return this.agents.map(({ name }) => name);
  }

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

  nestedAgents(): readonly Agent[] {
    return this.agents.flatMap((agent) => [agent, ...(isManager(agent) ? agent.groupchat.nestedAgents() : [])]);
  }

  nextAgent(last: Agent | null, agents: readonly Agent[] = this.agents): Agent {
    const stranger = agents.find((agent) => !this.agents.includes(agent));
    if (stranger !== undefined) throw new TypeError(`${stranger.name} is not in the group.`);
    const start = last === null ? -1 : this.agents.indexOf(last);
    const order = [...this.agents.slice(start + 1), ...this.agents.slice(0, start + 1)];
    const next = order.find((agent) => agents.includes(agent));
    if (next === undefined) throw new TypeError("There is nobody to choose from.");
    return next;
  }

  roles(agents: readonly Agent[] = this.agents): string {
    return agents.map(({ name, description }) => `${name}: ${description}`.trim()).join("\n");
  }

  introductions(): string {
    return `Hello. In this conversation these take part:\n\n${this.roles()}`;
  }
}

function isManager(agent: Agent): agent is Agent & { readonly groupchat: GroupChat } {
  return "groupchat" in agent && agent.groupchat instanceof GroupChat;
}
