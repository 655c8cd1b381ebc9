import { AssistantAgent } from "./assistant-agent.ts";
import type { ConversableAgentOptions } from "./conversable-agent-options.ts";
import { RetrieveUserProxyAgent } from "./retrieve/retrieve-user-proxy-agent.ts";
import type { RetrieveUserProxyAgentOptions } from "./retrieve/retrieve-user-proxy-agent.ts";

/**
 * An assistant for retrieval chats.
 *
 * @deprecated Use `AssistantAgent`: a retrieval chat asks nothing special of it. Kept for programs that come from AutoGen.
 */
export class RetrieveAssistantAgent extends AssistantAgent {
  constructor(options: ConversableAgentOptions) {
    warnOnce("RetrieveAssistantAgent", "AssistantAgent");
    super(options);
  }
}

/**
 * A retrieval proxy on Qdrant.
 *
 * @deprecated Use `RetrieveUserProxyAgent` with `retrieveConfig: { vectorDb: "qdrant" }`, which this is.
 */
export class QdrantRetrieveUserProxyAgent extends RetrieveUserProxyAgent {
  constructor(options: RetrieveUserProxyAgentOptions) {
    warnOnce("QdrantRetrieveUserProxyAgent", 'RetrieveUserProxyAgent with retrieveConfig.vectorDb: "qdrant"');
    super({ ...options, retrieveConfig: { vectorDb: "qdrant", ...options.retrieveConfig } });
  }
}

const warned = new Set<string>();

function warnOnce(name: string, replacement: string): void {
  if (warned.has(name)) return;
  warned.add(name);
  process.emitWarning(`${name} is an old name: use ${replacement}.`, "DeprecationWarning");
}
