import { checkOptions } from "../domain/check-options.ts";
import type { OptionKind } from "../domain/check-options.ts";
import { CitewellError } from "../errors.ts";
import { settingsOf, toConfigList } from "./config-list.ts";
import type { ModelConfig, ModelConfigInput } from "./config-list.ts";
import { createFailoverModel, FAILOVER_OPTIONS } from "./failover-model.ts";
import type { FailoverModelOptions } from "./failover-model.ts";
import type { LanguageModel, ModelReply, ModelSettings } from "./language-model.ts";
import { createCachingModel } from "./reply-cache.ts";
import type { ReplyCache } from "./reply-cache.ts";

/** Options of {@link openLanguageModel}. */
export interface OpenLanguageModelOptions extends FailoverModelOptions {
  /** Model to ask first; the other entries follow in their order. Default: the first entry. */
  readonly model?: string | undefined;
  /** Seconds for a whole reply, for entries that name none. @default 120 */
  readonly timeout?: number | undefined;
  /** Where replies are kept, such as `createFileReplyCache({ folder })`. Default: none is kept. */
  readonly cache?: ReplyCache | undefined;
  /** Keeps replies apart from those of other seeds. @default 0 */
  readonly cacheSeed?: number | undefined;
}

const KNOWN: Readonly<Record<keyof OpenLanguageModelOptions, OptionKind>> = {
  model: "name",
  timeout: "positive",
  cache: "object",
  cacheSeed: "number",
  ...FAILOVER_OPTIONS,
};

/**
 * Makes one model of a list, such as the entries of `readConfigList`: each entry with its own settings, and failover from
 * entry to entry, see `createFailoverModel`. Nothing is connected yet.
 *
 * @throws CitewellError `config_invalid` for an empty list and for entries that are not right, `model_unknown` for
 * a `model` that the list does not have.
 */
export async function openLanguageModel(
  list: readonly ModelConfigInput[],
  options: OpenLanguageModelOptions = {},
): Promise<LanguageModel> {
  checkOptions(options, { owner: "openLanguageModel", known: KNOWN });
  const { model, timeout = 120, cache, cacheSeed = 0, accepts, ...failover } = options;
  const { entries } = toConfigList(list);
  if (entries.length === 0) {
    throw new CitewellError(
      "config_invalid",
      'The list of models is empty: name one or more, such as [{ model: "gpt-4o", apiKey: "…" }].',
    );
  }
  if (model !== undefined && !entries.some((entry) => entry.model === model)) {
    const names = entries.map((entry) => entry.model).join(", ");
    throw new CitewellError("model_unknown", `There is no model "${model}" in the list, which has ${names}.`);
  }
  const { createOpenAiModel } = await import("./openai-model.ts");
  const wanted = (entry: ModelConfig): number => Number(entry.model === model);
  const ordered = entries.toSorted((left, right) => wanted(right) - wanted(left));
  // A reply that was not good enough is not kept either: asked again, the model may do better.
  const judge = accepts && onceForEach(accepts);
  const models = ordered.map((entry) => {
    const { apiKey, baseUrl, price, contextWindow } = entry;
    const timeoutMs = (entry.timeout ?? timeout) * 1_000;
    const opened = createOpenAiModel({ model: entry.model, timeoutMs, apiKey, baseUrl, price, contextWindow });
    const kept =
      cache === undefined
        ? opened
        : createCachingModel(opened, { cache, seed: cacheSeed, baseUrl: baseUrl ?? "", accepts: judge });
    // Outside of the cache: the same question with another setting is another request.
    return withSettings(kept, settingsOf(entry));
  });
  return createFailoverModel(models, { ...failover, accepts: judge });
}

/** The model with settings of its own, which go before those of a request. */
function withSettings(model: LanguageModel, settings: ModelSettings): LanguageModel {
  const { name, contextWindow } = model;
  return { name, contextWindow, stream: (request) => model.stream({ ...request, ...settings }) };
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
