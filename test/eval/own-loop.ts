import { RetrieveUserProxyAgent } from "../../src/agents/retrieve/retrieve-user-proxy-agent.ts";
import { runRetrieveChat } from "../../src/agents/retrieve/run-retrieve-chat.ts";
import type { Retrieve } from "../../src/retrieval/retrieve.ts";
import type { TokenCounter } from "../../src/tokens/token-counter.ts";
import type { LoopQuestion, LoopTrace } from "./loop-question.ts";
import { createScriptedReader } from "./scripted-reader.ts";

/** Options of {@link runOwnLoop}. */
export interface OwnLoopOptions {
  readonly retrieve: Retrieve;
  readonly tokenCounter: TokenCounter;
  readonly maxRounds: number;
  /** Spans a round adds at most. */
  readonly limit: number;
  /** Whether the reader names better words. */
  readonly namesQueries: boolean;
}

/** Asks one question through the product's own agents, with a scripted reader in the place of the model. */
export async function runOwnLoop(question: LoopQuestion, options: OwnLoopOptions): Promise<LoopTrace> {
  const { retrieve, tokenCounter, maxRounds, limit, namesQueries } = options;
  const count = (text: string): number => tokenCounter.count(text);
  const reader = createScriptedReader({ ...question, count, namesQueries });
  const proxy = new RetrieveUserProxyAgent({
    name: "proxy",
    humanInputMode: "NEVER",
    retrieve,
    tokenCounter,
    maxConsecutiveAutoReply: maxRounds,
    // The reader decides what is enough.
    askWithoutEvidence: true,
  });
  const chat = runRetrieveChat({ proxy, assistant: reader, question: question.question, limit, maxRounds });
  while ((await chat.next()).done !== true);
  return { ...question, rounds: reader.rounds, sent: reader.sent };
}
