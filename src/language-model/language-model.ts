import type { ChatMessage, ToolCall } from "../domain/message.ts";
import type { Usage } from "../domain/usage.ts";

/** A tool as a model sees it. */
export interface ToolDescription {
  readonly name: string;
  readonly description: string;
  /** JSON Schema of the arguments. */
  readonly parameters: Readonly<Record<string, unknown>>;
}

/** A form that a reply has to keep to. */
export interface ReplySchema {
  /** JSON Schema of the reply, such as `z.toJSONSchema(Reply)`. */
  readonly schema: Readonly<Record<string, unknown>>;
  /** What the endpoint calls it: 1 to 64 letters, digits, `_` or `-`. @default "reply" */
  readonly name?: string | undefined;
  /** What the reply is for, which the model is told. @default nothing */
  readonly description?: string | undefined;
  /**
   * Whether the endpoint makes sure of it. OpenAI's then wants every property to be required, and no others to be allowed.
   * @default true
   */
  readonly strict?: boolean | undefined;
}

/** How a model writes its reply; the endpoint decides what is left out. */
export interface ModelSettings {
  /** 0 to 2; the lower, the more alike are replies to one request. Default: the endpoint's. */
  readonly temperature?: number | undefined;
  /** The share of probability that words are drawn from, above 0 to 1. Default: the endpoint's. */
  readonly topP?: number | undefined;
  /** Tokens of the reply at most. Default: the endpoint's limit. */
  readonly maxTokens?: number | undefined;
  /** -2 to 2; above 0 the reply avoids words that stand in the text. Default: the endpoint's. */
  readonly presencePenalty?: number | undefined;
  /** -2 to 2; above 0 the more so, the more often a word stands there. Default: the endpoint's. */
  readonly frequencyPenalty?: number | undefined;
  /** For endpoints that can repeat a reply. Default: none is sent. */
  readonly seed?: number | undefined;
  /** Texts at which the reply ends. @default none */
  readonly stop?: readonly string[] | undefined;
  /**
   * Whether the reply has to be JSON, of whatever form or of that of a schema. An endpoint that knows no JSON is asked for
   * text; one that knows no schemas refuses the request. The reply is a text in any case, which is not checked here.
   * @default "text"
   */
  readonly responseFormat?: "text" | "json" | ReplySchema | undefined;
}

/** One request to a model. */
export interface ModelRequest extends ModelSettings {
  readonly messages: readonly ChatMessage[];
  /** The tools that the model may call. @default none */
  readonly tools?: readonly ToolDescription[] | undefined;
  /** Cancels the request; the signal's reason is thrown as it is. */
  readonly signal?: AbortSignal | undefined;
}

/** One try of one model. */
export interface ModelAttempt {
  readonly model: string;
  /** Null when it answered, else the sentence of the error. */
  readonly error: string | null;
  readonly milliseconds: number;
}

/** A model's whole reply. */
export interface ModelReply {
  readonly content: string;
  readonly toolCalls: readonly ToolCall[];
  readonly usage: Usage;
  /** Null where the price is unknown. */
  readonly costUsd: number | null;
  /** The model that answered; after a failover not the first of the list. */
  readonly model: string;
  readonly finishReason: "stop" | "length" | "tool_calls" | "content_filter" | "other";
  /** Whether it is a stored reply to the same request, which took nothing. @default false */
  readonly cached?: boolean;
  /** Every try that it took, this one last; absent where the model is asked once only. */
  readonly attempts?: readonly ModelAttempt[];
}

/** Answers conversations. */
export interface LanguageModel {
  /** Model name for messages and reports. */
  readonly name: string;
  /** Tokens of prompt and reply together; null where unknown. */
  readonly contextWindow: number | null;
  /**
   * Yields the reply's text as it comes, and returns the whole. Rejects with `model_unavailable`, `model_unknown` or
   * `model_call_failed`.
   */
  stream(request: ModelRequest): AsyncGenerator<string, ModelReply>;
}
