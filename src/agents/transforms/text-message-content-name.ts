import { checkOptions, oneOf } from "../../domain/check-options.ts";
import type { OptionKind } from "../../domain/check-options.ts";
import type { ChatMessage } from "../../domain/message.ts";
import { isTransformed } from "./message-transform.ts";
import type { MessageFilterOptions, MessageTransform, TransformLog } from "./message-transform.ts";

/** Options of {@link TextMessageContentName}. */
export interface TextMessageContentNameOptions extends MessageFilterOptions {
  /** Whether the name goes in front of the text or behind it. @default "start" */
  readonly position?: "start" | "end" | undefined;
  /** What is added; `{name}` is the place of the name. @default "{name}:\n" at the start, "\n{name}" at the end */
  readonly formatString?: string | undefined;
  /** Whether a text that has it already is left as it is. @default true */
  readonly deduplicate?: boolean | undefined;
}

const KNOWN: Readonly<Record<keyof TextMessageContentNameOptions, OptionKind>> = {
  position: oneOf("start", "end"),
  formatString: ["a text with {name} in it", (value) => typeof value === "string" && value.includes("{name}")],
  deduplicate: "flag",
  filterDict: true,
  excludeFilter: "flag",
};

/** Puts the speaker's name into the text, for endpoints that do not pass the names of messages on to their models. */
export class TextMessageContentName implements MessageTransform {
  readonly #options: TextMessageContentNameOptions;
  readonly #format: string;

  constructor(options: TextMessageContentNameOptions = {}) {
    checkOptions(options, { owner: "TextMessageContentName", known: KNOWN });
    const { position = "start", formatString } = options;
    this.#format = formatString ?? (position === "start" ? "{name}:\n" : "\n{name}");
    this.#options = options;
  }

  applyTransform(messages: readonly ChatMessage[]): readonly ChatMessage[] {
    return messages.map((message) => this.#named(message));
  }

  getLogs(before: readonly ChatMessage[], after: readonly ChatMessage[]): TransformLog {
    const changed = after.filter(({ content }, index) => content !== before[index]?.content).length;
    if (changed === 0) return { text: "No messages changed to incorporate name.", hadEffect: false };
    return { text: `${String(changed)} message(s) changed to incorporate name.`, hadEffect: true };
  }

  #named(message: ChatMessage): ChatMessage {
    const { position = "start", deduplicate = true } = this.#options;
    const { name, content, role } = message;
    if (name === undefined || content === "" || role === "tool" || !isTransformed(message, this.#options)) {
      return message;
    }
    const added = this.#format.replaceAll("{name}", () => name);
    const has = position === "start" ? content.startsWith(added) : content.endsWith(added);
    if (deduplicate && has) return message;
    return { ...message, content: position === "start" ? added + content : content + added };
  }
}
