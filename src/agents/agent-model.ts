import { join } from "node:path";
import type { LanguageModel } from "../language-model/language-model.ts";
import { openLanguageModel } from "../language-model/open-language-model.ts";
import { createFileReplyCache } from "../language-model/reply-cache.ts";
import type { ConversableAgentOptions, LlmConfig } from "./conversable-agent-options.ts";

/** Makes the model that an agent's options name; null where they name none. Nothing is connected yet. */
export async function openAgentModel({
  model,
  llmConfig,
}: Pick<ConversableAgentOptions, "model" | "llmConfig">): Promise<LanguageModel | null> {
  if (model !== undefined) return model;
  if (llmConfig === undefined || llmConfig === false) return null;
  return openLanguageModel(llmConfig.configList, openOptions(llmConfig));
}

function openOptions({
  timeout,
  cacheSeed,
  cacheFolder = ".cache",
  filterFunc,
  context = {},
}: LlmConfig): Parameters<typeof openLanguageModel>[1] {
  return {
    timeout,
    accepts: filterFunc && ((reply) => filterFunc(context, reply)),
    ...(cacheSeed === undefined || cacheSeed === null
      ? {}
      : { cache: createFileReplyCache({ folder: join(cacheFolder, String(cacheSeed)) }), cacheSeed }),
  };
}
