import { checkOptions } from "../../domain/check-options.ts";
import type { ChatMessage } from "../../domain/message.ts";
import { checkAgent } from "../check-agent.ts";
import type { ConversableAgent } from "../conversable-agent.ts";
import type { MessageTransform, TransformContext, TransformLog } from "./message-transform.ts";

/** Options of {@link TransformMessages}. */
export interface TransformMessagesOptions {
  /** Applied in this order. */
  readonly transforms: readonly MessageTransform[];
  /** Is told what a transform did, each time that one had an effect. @default nobody */
  readonly onEffect?: ((log: TransformLog, agent: string) => void) | undefined;
}

/** Lets transforms change what an agent's reply is made of. The conversation itself keeps every message. */
export class TransformMessages {
  readonly #options: TransformMessagesOptions;

  constructor(options: TransformMessagesOptions) {
    checkOptions(options, {
      owner: "TransformMessages",
      known: { transforms: "list", onEffect: "function" },
      instead: { verbose: "pass onEffect: (log, agent) => console.log(agent, log.text)" },
    });
    if (options.transforms === undefined) throw new TypeError("TransformMessages needs a list of transforms.");
    for (const transform of options.transforms) checkTransform(transform);
    this.#options = options;
  }

  /** Puts the transforms before every later reply of the agent. */
  addToAgent(agent: ConversableAgent): void {
    checkAgent(agent, "The argument of addToAgent");
    agent.registerHook("processAllMessagesBeforeReply", async (messages) => {
      const { systemMessage, toolDescriptions } = agent;
      const tools = toolDescriptions.length === 0 ? "" : JSON.stringify(toolDescriptions);
      const context = { contextWindow: await agent.contextWindow(), standingText: systemMessage + tools };
      return this.apply(messages, { context, agent: agent.name });
    });
  }

  /** The messages as an agent's model would read them; `addToAgent` does this before every reply. */
  apply(
    messages: readonly ChatMessage[],
    { context, agent }: { readonly context: TransformContext; readonly agent: string },
  ): readonly ChatMessage[] {
    const { transforms, onEffect } = this.#options;
    const [first] = messages;
    const system = first?.role === "system" ? first : null;
    let current = system === null ? messages : messages.slice(1);
    for (const transform of transforms) {
      const changed = transform.applyTransform(current, context);
      if (onEffect !== undefined) {
        const log = transform.getLogs(current, changed);
        if (log.hadEffect) onEffect(log, agent);
      }
      current = changed;
    }
    return system === null ? current : [system, ...current];
  }
}

function checkTransform(transform: MessageTransform): void {
  if (typeof transform?.applyTransform === "function" && typeof transform.getLogs === "function") return;
  throw new TypeError(
    "A transform must be an object with the functions applyTransform and getLogs, such as new MessageHistoryLimiter({ maxMessages: 40 }).",
  );
}
