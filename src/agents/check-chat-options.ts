import { checkOptionNames, toCamelCase } from "../domain/check-option-names.ts";
import type { InitiateChatOptions } from "./initiate-chat.ts";

const CHAT_OPTIONS: Readonly<Record<string, true>> = {
  message: true,
  conversation: true,
  clearHistory: true,
  carryover: true,
  summaryMethod: true,
  summaryArgs: true,
  maxTurns: true,
  deadline: true,
  maxTokens: true,
  maxCostUsd: true,
  signal: true,
  silent: true,
  problem: true,
};
/** What `messageGenerator` of a retrieval proxy reads besides `problem`. */
const GENERATOR_OPTIONS: Readonly<Record<string, true>> = {
  nResults: true,
  searchString: true,
  task: true,
  maxRounds: true,
};

const INSTEAD: Readonly<Record<string, string>> = {
  cache: "set cacheSeed in the agent's llmConfig",
  summaryPrompt: "write summaryArgs: { summaryPrompt }",
};

/**
 * Throws a `TypeError` for an option of a chat that nothing reads. A message function may read options of any name, so
 * beside one only names are refused that are another spelling of a known one.
 */
export function checkChatOptions(options: InitiateChatOptions): void {
  const owner = "initiateChat";
  if (typeof options.message !== "function") {
    checkOptionNames(options, { owner, known: CHAT_OPTIONS, instead: { ...INSTEAD, ...GENERATOR_ADVICE } });
    return;
  }
  const known = { ...CHAT_OPTIONS, ...GENERATOR_OPTIONS };
  const misspelt = Object.keys(options).filter((key) => toCamelCase(key) !== key && toCamelCase(key) in known);
  checkOptionNames(Object.fromEntries(misspelt.map((key) => [key, options[key]])), { owner, known });
}

const GENERATOR_ADVICE: Readonly<Record<string, string>> = Object.fromEntries(
  Object.keys(GENERATOR_OPTIONS).map((key) => [key, "it goes with message: proxy.messageGenerator and problem"]),
);
