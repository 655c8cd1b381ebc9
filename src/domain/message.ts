import type { AnswerStatus, Passage, ReplyCut } from "./answer.ts";
import type { Usage } from "./usage.ts";

/** Who speaks, in a language model's terms. */
export type MessageRole = "system" | "user" | "assistant" | "tool";

/** A model's wish to call a tool. */
export interface ToolCall {
  readonly id: string;
  readonly name: string;
  /** JSON text as the model wrote it. */
  readonly arguments: string;
}

/** What came of one tool call. */
export interface ToolResponse {
  /** The call it answers. */
  readonly toolCallId: string;
  readonly content: string;
}

/** One message between agents. Text for the model, structured data beside it for us. */
export interface ChatMessage {
  readonly role: MessageRole;
  readonly content: string;
  /** Name of the agent that said it. */
  readonly name?: string;
  /** Tools that a model wishes for; absent or empty where it wishes for none. */
  readonly toolCalls?: readonly ToolCall[];
  /** For role `tool`: the call it answers. */
  readonly toolCallId?: string;
  /** What came of the tool calls of the message before, one entry a call; `content` holds them joined. */
  readonly toolResponses?: readonly ToolResponse[];
  /** Values for the places `{name}` of a templated message; never sent to a model. */
  readonly context?: Readonly<Record<string, unknown>>;
  /** What a context-augmented prompt stands on, so that nobody has to parse it. */
  readonly retrieval?: RetrievalContext;
  /** A structured wish for more context. */
  readonly request?: ContextRequest;
  /** How far the message answers the question, where its author knows. */
  readonly standing?: AnswerStatus;
  /** What broke the message off before its end; absent for a whole one. */
  readonly cutBy?: ReplyCut;
  /** Tokens that producing it took. */
  readonly usage?: Usage;
  /** The model that wrote it. */
  readonly model?: string;
}

/** The retrieval behind a prompt. */
export interface RetrievalContext {
  readonly question: string;
  /** The question with its misspelt words corrected; absent where none was found. */
  readonly corrected?: string;
  /** The question as it is understood without the conversation; absent where it stands alone. */
  readonly standalone?: string;
  /** The questions in it, where it asks several. */
  readonly parts?: readonly string[];
  /** The query that found the newest passages. */
  readonly query: string;
  readonly passages: readonly Passage[];
  /** How well the best passage fits. */
  readonly evidence: "good" | "weak" | "none";
  /** True when the collection has nothing more for this question. */
  readonly exhausted: boolean;
  /** How many further contexts may still be asked for; absent where there is no limit but the collection's size. */
  readonly roundsLeft?: number;
  /** Tokens of the prompt that carries this context. */
  readonly tokens?: number;
  /** Tokens that all messages of a request may take together. */
  readonly tokenBudget?: number;
}

/** An assistant's structured wish for another context. */
export interface ContextRequest {
  readonly type: "update-context";
  /** A better query; without it the same question is continued further down the ranking. */
  readonly query?: string;
}
