import { checkOptions, orNull } from "../../domain/check-options.ts";
import type { OptionKind } from "../../domain/check-options.ts";
import type { ChatMessage } from "../../domain/message.ts";
import { CitewellError } from "../../errors.ts";
import { contextWindowOf } from "../../language-model/model-prices.ts";
import type { TokenCounter } from "../../tokens/token-counter.ts";
import { shortenWithNote } from "./shorten-with-note.ts";
import { messageUnits, neededUnits } from "./message-units.ts";
import type { MessageUnit } from "./message-units.ts";
import { isTransformed } from "./message-transform.ts";
import type { MessageFilterOptions, MessageTransform, TransformContext, TransformLog } from "./message-transform.ts";

/** Options of {@link MessageTokenLimiter}. */
export interface MessageTokenLimiterOptions extends MessageFilterOptions {
  /** Tokens of one message's text at most; the rest is cut off with a note. @default no limit */
  readonly maxTokensPerMessage?: number | null | undefined;
  /** Tokens of all messages together at most. Default: what the model's window leaves, see `model`. */
  readonly maxTokens?: number | null | undefined;
  /** Under so many tokens nothing is changed, unless the model's window is met. @default 0 */
  readonly minTokens?: number | null | undefined;
  /** Name of the model whose window counts. Default: the agent's own model. */
  readonly model?: string | undefined;
  /** Counts the tokens of a text. Default: as the GPT models count. */
  readonly tokenCounter?: TokenCounter | undefined;
}

const KNOWN: Readonly<Record<keyof MessageTokenLimiterOptions, OptionKind>> = {
  maxTokensPerMessage: orNull("least"),
  maxTokens: orNull("least"),
  minTokens: orNull("amount"),
  model: "text",
  tokenCounter: "object",
  filterDict: true,
  excludeFilter: "flag",
};

/** Share of a window that prompts may take: the reply needs room too, and counts are not exact. */
const WINDOW_SHARE = 0.8;
/** What a message takes beside its text. */
const TOKENS_AROUND = 4;

/**
 * Keeps messages within a number of tokens: long texts are cut, then the oldest messages go. The newest message of a user
 * always stays, though it may be cut, and tool calls stay or go together with their results.
 */
export class MessageTokenLimiter implements MessageTransform {
  readonly #options: MessageTokenLimiterOptions;
  readonly #perMessage: number;
  /** The same messages come back at every turn. */
  readonly #sizes = new WeakMap<ChatMessage, number>();

  constructor(options: MessageTokenLimiterOptions = {}) {
    checkOptions(options, { owner: "MessageTokenLimiter", known: KNOWN });
    if ((options.minTokens ?? 0) > (options.maxTokens ?? Number.POSITIVE_INFINITY)) {
      throw new TypeError("minTokens must not be more than maxTokens.");
    }
    this.#options = options;
    this.#perMessage = options.maxTokensPerMessage ?? Number.POSITIVE_INFINITY;
  }

  applyTransform(messages: readonly ChatMessage[], context?: TransformContext): readonly ChatMessage[] {
    const budget = this.#budget(context);
    const total = this.#sum(messages);
    if (total < (this.#options.minTokens ?? 0) && total <= budget) return messages;
    const cut = messages.map((message) => this.#cut(message, this.#perMessage));
    if (this.#sum(cut) <= budget) return cut;
    return this.#keepNewest(cut, budget);
  }

  getLogs(before: readonly ChatMessage[], after: readonly ChatMessage[]): TransformLog {
    const [from, to] = [this.#sum(before), this.#sum(after)];
    if (to >= from) return { text: "No tokens were truncated.", hadEffect: false };
    const text = `Truncated ${String(from - to)} tokens. Number of tokens reduced from ${String(from)} to ${String(to)}`;
    return { text, hadEffect: true };
  }

  /** Tokens for all messages; infinite where only single messages are limited and no window is known. */
  #budget(context: TransformContext | undefined): number {
    const { model, maxTokens, maxTokensPerMessage } = this.#options;
    const window = model === undefined ? (context?.contextWindow ?? null) : contextWindowOf(model);
    if (window === null) {
      if (maxTokens !== undefined && maxTokens !== null) return maxTokens;
      if (maxTokensPerMessage !== undefined && maxTokensPerMessage !== null) return Number.POSITIVE_INFINITY;
      throw new CitewellError(
        "config_invalid",
        `The window of ${model === undefined ? "the agent's model" : `the model ${model}`} is not known: give MessageTokenLimiter maxTokens, or the model's entry contextWindow.`,
      );
    }
    const room = Math.floor(window * WINDOW_SHARE) - this.#count(context?.standingText ?? "") - TOKENS_AROUND;
    return Math.max(1, Math.min(maxTokens ?? Number.POSITIVE_INFINITY, room));
  }

  #keepNewest(messages: readonly ChatMessage[], budget: number): readonly ChatMessage[] {
    const units = messageUnits(messages);
    const kept = new Map<number, readonly ChatMessage[]>();
    let room = budget;
    const keep = (index: number, reserved: number = 0): boolean => {
      const made = this.#fit(messages, { unit: units[index], room: room - reserved });
      if (made === null) return false;
      kept.set(index, made);
      room -= this.#sum(made);
      return true;
    };
    // The user's message first: it must not be cut for the sake of a tool's long result.
    const needed = [...neededUnits(messages, units)].toSorted((left, right) => left - right);
    for (const [place, index] of needed.entries()) {
      const later = needed.slice(place + 1).flatMap((one) => this.#squeeze(messages, units[one]));
      if (keep(index, this.#sum(later))) continue;
      const squeezed = this.#squeeze(messages, units[index]);
      kept.set(index, squeezed);
      room -= this.#sum(squeezed);
    }
    for (let index = units.length - 1; index >= 0; index -= 1) {
      if (kept.has(index)) continue;
      const whole = this.#sum(messages.slice(units[index]?.start, units[index]?.end)) <= room;
      if (!keep(index) || !whole) break;
    }
    return units.flatMap((_unit, index) => kept.get(index) ?? []);
  }

  /** The messages of a unit within so many tokens, their texts cut where they have to be; null where that cannot be. */
  #fit(
    messages: readonly ChatMessage[],
    { unit, room }: { unit: MessageUnit | undefined; room: number },
  ): readonly ChatMessage[] | null {
    const own = messages.slice(unit?.start, unit?.end);
    if (this.#sum(own) <= room) return own;
    const texts = own.map((message) => this.#count(textOf(message)));
    const fixed = this.#sum(own) - texts.reduce((sum, size) => sum + size, 0);
    const forTexts = room - fixed;
    if (forTexts <= 0) return null;
    // Short texts stay whole and long ones share the rest: the largest limit at which all fit.
    const limit = levelFor(texts, forTexts);
    const made = own.map((message) => this.#cut(message, limit));
    return this.#sum(made) <= room ? made : null;
  }

  /** A unit that no room is left for, with next to no text. */
  #squeeze(messages: readonly ChatMessage[], unit: MessageUnit | undefined): readonly ChatMessage[] {
    return messages.slice(unit?.start, unit?.end).map((message) => this.#cut(message, 1));
  }

  #cut(message: ChatMessage, tokens: number): ChatMessage {
    if (tokens >= this.#sizeOf(message) || !isTransformed(message, this.#options)) return message;
    const count = (text: string): number => this.#count(text);
    const { toolResponses, retrieval } = message;
    const content = shortenWithNote(message.content, { tokens, count });
    if (toolResponses !== undefined) {
      const level = levelFor(
        toolResponses.map((response) => count(response.content)),
        tokens,
      );
      const responses = toolResponses.map((response) => ({
        ...response,
        content: shortenWithNote(response.content, { tokens: level, count }),
      }));
      return { ...message, content, toolResponses: responses };
    }
    if (content === message.content) return message;
    // The count that came with a prompt holds for the whole of it only.
    return { ...message, content, ...(retrieval === undefined ? {} : { retrieval: { ...retrieval, tokens } }) };
  }

  #sum(messages: readonly ChatMessage[]): number {
    return messages.reduce((sum, message) => sum + this.#sizeOf(message), 0);
  }

  #sizeOf(message: ChatMessage): number {
    const known = this.#sizes.get(message);
    if (known !== undefined) return known;
    const calls = message.toolCalls ?? [];
    const fixed = calls.reduce((size, call) => size + this.#count(call.name + call.arguments) + TOKENS_AROUND, 0);
    const size = this.#count(textOf(message)) + fixed + TOKENS_AROUND;
    this.#sizes.set(message, size);
    return size;
  }

  #count(text: string): number {
    return this.#options.tokenCounter?.count(text) ?? Math.ceil(text.length / 3);
  }
}

/** What a model reads of a message: results of tools in place of the text that joins them. */
function textOf({ role, content, toolResponses }: ChatMessage): string {
  if (toolResponses === undefined) return content;
  const results = toolResponses.map((response) => response.content).join("\n\n");
  // Where a person said something in place of results, both are read.
  return role === "tool" ? results : `${results}\n\n${content}`;
}

/** The largest limit such that sizes cut to it sum up to no more than the room. */
function levelFor(sizes: readonly number[], room: number): number {
  let left = room;
  const rising = sizes.toSorted((one, other) => one - other);
  for (const [index, size] of rising.entries()) {
    const share = Math.floor(left / (rising.length - index));
    if (size > share) return Math.max(0, share);
    left -= size;
  }
  return Number.POSITIVE_INFINITY;
}
