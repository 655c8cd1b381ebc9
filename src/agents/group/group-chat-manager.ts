import { checkOptions } from "../../domain/check-options.ts";
import type { ChatMessage } from "../../domain/message.ts";
import type { LanguageModel } from "../../language-model/language-model.ts";
import type { AgentReply, ReplyEvent } from "../agent.ts";
import { openAgentModel } from "../agent-model.ts";
import { ConversableAgent } from "../conversable-agent.ts";
import { AGENT_OPTIONS, describedBy, withDefaults } from "../conversable-agent-options.ts";
import type { ConversableAgentOptions } from "../conversable-agent-options.ts";
import { createConversation } from "../conversation.ts";
import type { Conversation, ConversationMessage } from "../conversation.ts";
import { askThrough } from "../human-turn.ts";
import type { ReplyContext } from "../reply-function.ts";
import { messagesFromString, withoutTermination } from "./group-messages.ts";
import type { RemoveTermination } from "./group-messages.ts";
import { GROUP_OPTIONS, GroupChat } from "./group-chat.ts";
import { INTERRUPTED, runGroupChat } from "./run-group-chat.ts";

/** Options of {@link GroupChatManager}. */
export interface GroupChatManagerOptions extends Omit<ConversableAgentOptions, "name"> {
  /** The group that is led. */
  readonly groupchat: GroupChat;
  /** @default "chat_manager" */
  readonly name?: string | undefined;
}

/** Where a resumed group goes on. */
export interface ResumedGroup {
  /** Who said the last message; the manager itself where that is no member. */
  readonly lastAgent: ConversableAgent;
  readonly lastMessage: ChatMessage;
  /** Everything before it. */
  readonly conversation: Conversation;
  /** What may keep the chat from going on. */
  readonly warnings: readonly string[];
}

/** Leads a group: passes on what each member says, and gives the turn to the next. Talk to it to talk to the group. */
export class GroupChatManager extends ConversableAgent {
  readonly groupchat: GroupChat;
  readonly #turns = new Map<string, AbortController>();
  #selectionModel: Promise<LanguageModel | null> | null = null;

  constructor(allOptions: GroupChatManagerOptions) {
    const { groupchat, ...others } = allOptions;
    const options = { ...others, name: others.name ?? "chat_manager" };
    if (!(groupchat instanceof GroupChat)) {
      throw new TypeError(
        "groupchat must be a GroupChat: new GroupChatManager({ groupchat: new GroupChat({ agents }) }).",
      );
    }
    if (groupchat.agentByName(options.name) !== null) {
      throw new TypeError(`A member has the manager's name "${options.name}"; give one of them another.`);
    }
    const instead = Object.fromEntries(Object.keys(GROUP_OPTIONS).map((key) => [key, "give it to GroupChat"]));
    checkOptions(options, { owner: new.target.name, known: AGENT_OPTIONS, instead });
    const { llmConfig } = options;
    if (llmConfig && (llmConfig.tools ?? []).length > 0) {
      throw new TypeError(
        "A group chat manager only leads: take the tools out of its llmConfig and give them to members.",
      );
    }
    super(
      withDefaults(options, {
        systemMessage: "Group chat manager.",
        ...describedBy(options, "Leads a group of agents."),
        humanInputMode: "NEVER",
        maxConsecutiveAutoReply: Number.MAX_SAFE_INTEGER,
      }),
    );
    this.groupchat = groupchat;
    this.registerReply(
      () => true,
      (context) => this.#runChat(context),
    );
  }

  /** Takes the turn from whoever speaks in a conversation, or in all of them, and gives it to the group's admin. */
  interrupt(conversationId?: string): void {
    const turns = conversationId === undefined ? [...this.#turns.values()] : [this.#turns.get(conversationId)];
    for (const turn of turns) turn?.abort(INTERRUPTED);
  }

  /** The messages of the latest chat of the group, or of another, as JSON text. */
  messagesToString(messages?: readonly ChatMessage[]): string {
    return JSON.stringify(messages ?? this.dialogues.latest()?.messages ?? this.groupchat.messages);
  }

  /** Reads what {@link messagesToString} wrote. Throws a `TypeError` for anything else. */
  messagesFromString(text: string): readonly ConversationMessage[] {
    return messagesFromString(text);
  }

  /**
   * Brings a group to where it was: go on with `lastAgent.initiateChat(manager, { message: lastMessage, clearHistory:
   * false })`. Throws a `TypeError` for messages of agents that are not in the group.
   */
  resume(
    messages: readonly ConversationMessage[] | string,
    options: {
      /** What is taken out of the last message so that it does not end the chat. Default: nothing. */
      readonly removeTerminationString?: RemoveTermination;
    } = {},
  ): ResumedGroup {
    const instead = { silent: "leave it out; agents print nothing" };
    checkOptions(options, { owner: "resume", known: { removeTerminationString: true }, instead });
    const { removeTerminationString } = options;
    const said = messagesFromString(typeof messages === "string" ? messages : JSON.stringify(messages));
    for (const { name } of said) {
      if (name === this.name || this.groupchat.agentByName(name) !== null) continue;
      throw new TypeError(`The messages name "${name}", which is not in the group.`);
    }
    const last = said.at(-1);
    if (last === undefined) throw new TypeError("There is no message to go on from.");
    const speaker = this.groupchat.agentByName(last.name);
    const lastAgent = speaker instanceof ConversableAgent ? speaker : this;
    const lastMessage = { ...last, content: withoutTermination(last.content, removeTerminationString) };
    const partner = lastAgent === this ? (said[0]?.name ?? "") : this.name;
    const conversation = createConversation([lastAgent.name, partner]);
    conversation.messages.push(...said.slice(0, -1));
    for (const member of this.groupchat.agents) {
      if (member instanceof ConversableAgent) member.dialogues.keep(this.name, conversation);
      this.dialogues.keep(member.name, conversation);
    }
    const warnings = this.isTermination(lastMessage)
      ? [`The last message still ends the chat for ${this.name}; pass removeTerminationString.`]
      : [];
    return { lastAgent, lastMessage, conversation, warnings };
  }

  async *#runChat(context: ReplyContext): AsyncGenerator<ReplyEvent, AgentReply> {
    const { conversation } = context;
    return yield* runGroupChat(context, {
      agent: this,
      group: this.groupchat,
      openModel: () => this.#openSelectionModel(),
      ask: (prompt) => askThrough(this, prompt, context),
      onModelCall: (call) => this.countModelCall(call),
      isTermination: (message) => this.isTermination(message),
      onTurn: (turn) => {
        if (turn === null) this.#turns.delete(conversation.id);
        else this.#turns.set(conversation.id, turn);
      },
      introduce: (member) => {
        // Each of the two can be asked for what was said with the other.
        this.dialogues.keep(member.name, conversation);
        if (member instanceof ConversableAgent) member.dialogues.begin(this.name, conversation);
      },
    });
  }

  async #openSelectionModel(): Promise<LanguageModel | null> {
    const { selectSpeakerModel, selectSpeakerAutoLlmConfig } = this.groupchat.options;
    if (selectSpeakerModel !== undefined) return selectSpeakerModel;
    if (selectSpeakerAutoLlmConfig === undefined) return this.openModel();
    this.#selectionModel ??= openAgentModel({ llmConfig: selectSpeakerAutoLlmConfig });
    return this.#selectionModel;
  }
}
