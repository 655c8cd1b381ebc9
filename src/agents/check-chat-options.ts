import { checkOptions, toCamelCase } from "../domain/check-options.ts";
import type { OptionKind } from "../domain/check-options.ts";
import { SIGNAL_RULE } from "../domain/part-rules.ts";
import { LIMITS } from "./conversation/chat-limits.ts";
import type { InitiateChatOptions } from "./initiate-chat.ts";

const CHAT_OPTIONS: Readonly<Record<string, OptionKind>> = {
  message: true,
  conversation: "object",
  clearHistory: "flag",
  carryover: true,
  summaryMethod: true,
  summaryArgs: "object",
  ...LIMITS,
  signal: SIGNAL_RULE,
  silent: "flag",
  problem: true,
};
/** What `messageGenerator` of a retrieval proxy reads besides `problem`. */
const GENERATOR_OPTIONS: Readonly<Record<string, OptionKind>> = {
  nResults: "count",
  searchString: "text",
  task: true,
  maxRounds: "count",
};

const INSTEAD: Readonly<Record<string, string>> = {
  cache: "set cacheSeed in the agent's llmConfig",
  summaryPrompt: "write summaryArgs: { summaryPrompt }",
  verbose: "leave it out; agents print nothing, see createConsolePrinter",
  chatId: "only the chats of initiateChats have one; nested chats are held one after the other",
  prerequisites: "only the chats of initiateChats have them; nested chats are held one after the other",
  isTerminationMsg: "give it to an agent",
  llmConfig: "give it to an agent",
  humanInputMode: "give it to an agent",
  maxConsecutiveAutoReply: "give it to an agent",
};

/**
 * Throws a `TypeError` for an option of a chat that nothing reads. A message function may read options of any name, so
 * beside one only names are refused that are another spelling of a known one.
 *
 * @param further names that the caller reads itself, so that another spelling of one is told the right one.
 */
export function checkChatOptions(options: InitiateChatOptions, further: readonly string[] = []): void {
  const owner = "initiateChat";
  const spellings = Object.fromEntries(further.map((name) => [name, `write ${name}`]));
  if (typeof options !== "object" || options === null) checkOptions(options, { owner, known: CHAT_OPTIONS });
  if (typeof options.message !== "function") {
    const absent = (key: string): boolean => options[key] === undefined && Object.hasOwn(GENERATOR_OPTIONS, key);
    const given = Object.entries(options).filter(([key]) => !absent(key));
    checkOptions(Object.fromEntries(given), {
      owner,
      known: CHAT_OPTIONS,
      instead: { ...INSTEAD, ...GENERATOR_ADVICE, ...spellings },
    });
  } else {
    const known = { ...CHAT_OPTIONS, ...GENERATOR_OPTIONS };
    const read = Object.keys(options).filter((key) => toCamelCase(key) in known);
    checkOptions(Object.fromEntries(read.map((key) => [key, options[key]])), { owner, known });
  }
}

const GENERATOR_ADVICE: Readonly<Record<string, string>> = Object.fromEntries(
  Object.keys(GENERATOR_OPTIONS).map((key) => [key, "it goes with message: proxy.messageGenerator and problem"]),
);
