import { AssistantAgent } from "./assistant-agent.ts";
import type { ConversableAgentOptions } from "./conversable-agent-options.ts";
import type { RetrieveUserProxyAgentOptions } from "./retrieve/retrieve-proxy-options.ts";
import { warnOnce } from "./warn-once.ts";

/**
 * An assistant for retrieval chats.
 *
 * @deprecated Use `AssistantAgent`: a retrieval chat asks nothing special of it. Kept for programs that come from AutoGen.
 */
export class RetrieveAssistantAgent extends AssistantAgent {
  constructor(options: ConversableAgentOptions) {
    warnOfOldName("RetrieveAssistantAgent", "AssistantAgent");
    super(options);
  }
}

/** The options of a proxy by the old name `QdrantRetrieveUserProxyAgent`, whose store is Qdrant; says that it is old. */
export function onQdrant(options: RetrieveUserProxyAgentOptions): RetrieveUserProxyAgentOptions {
  warnOfOldName("QdrantRetrieveUserProxyAgent", 'RetrieveUserProxyAgent with retrieveConfig.vectorDb: "qdrant"');
  return { ...options, retrieveConfig: { vectorDb: "qdrant", ...options?.retrieveConfig } };
}

function warnOfOldName(name: string, replacement: string): void {
  warnOnce(`${name} is an old name: use ${replacement}.`, "DeprecationWarning");
}
