import type { TokenCounter } from "../tokens/token-counter.ts";
import type { ModelConfig } from "./config-list.ts";
import { createFailoverModel } from "./failover-model.ts";
import type { FailoverModelOptions } from "./failover-model.ts";
import type { LanguageModel, ModelReply } from "./language-model.ts";
import { createCachingModel } from "./reply-cache.ts";
import type { ReplyCache } from "./reply-cache.ts";

/** Options of {@link openLanguageModel}. */
export interface OpenLanguageModelOptions extends FailoverModelOptions {
  /** Model to ask first; the other entries follow in their order. Default: the first entry. */
  readonly model?: string;
  /**
   * Seconds for a whole reply, for entries that name none.
   * @default 120
   */
  readonly timeout?: number;
  /** Counts tokens where an endpoint does not say how many it took. */
  readonly tokenCounter?: TokenCounter;
  /** Where replies are kept; without it nothing is. */
  readonly cache?: ReplyCache;
  /** Keeps replies apart from those of other seeds. @default 0 */
  readonly cacheSeed?: number;
}

/** Makes one model of a list, with failover from entry to entry; null for an empty list. Nothing is connected yet. */
export async function openLanguageModel(
  entries: readonly ModelConfig[],
  { model, timeout = 120, tokenCounter, cache, cacheSeed = 0, accepts, ...failover }: OpenLanguageModelOptions = {},
): Promise<LanguageModel | null> {
  if (entries.length === 0) return null;
  const { createOpenAiModel } = await import("./openai-model.ts");
  const ordered =
    model === undefined
      ? entries
      : [...entries.filter((entry) => entry.model === model), ...entries.filter((entry) => entry.model !== model)];
  // A reply that was not good enough is not kept either: asked again, the model may do better.
  const judge = accepts && onceForEach(accepts);
  const models = ordered.map((entry) => {
    const opened = createOpenAiModel({
      model: entry.model,
      timeoutMs: (entry.timeout ?? timeout) * 1_000,
      apiKey: entry.apiKey,
      baseUrl: entry.baseUrl,
      price: entry.price,
      contextWindow: entry.contextWindow,
      tokenCounter,
    });
    if (cache === undefined) return opened;
    return createCachingModel(opened, { cache, seed: cacheSeed, baseUrl: entry.baseUrl ?? "", accepts: judge });
  });
  return createFailoverModel(models, { ...failover, accepts: judge });
}

type Judge = NonNullable<FailoverModelOptions["accepts"]>;

/** A judge that is asked once about each reply, though both the cache and the list of models want to know. */
function onceForEach(judge: Judge): Judge {
  const verdicts = new WeakMap<ModelReply, ReturnType<Judge>>();
  return (reply) => {
    const known = verdicts.get(reply);
    if (known !== undefined) return known;
    const verdict = judge(reply);
    verdicts.set(reply, verdict);
    return verdict;
  };
}
