import { createFailoverModel } from "./failover-model.ts";
import type { LanguageModel, ModelReply } from "./language-model.ts";

/**
 * Asks models in order until one gives a reply that passes; the last one's is taken anyway. A model that cannot be reached
 * is passed over. All but the last one's are passed on once they are whole, since nobody should read what is then thrown
 * away.
 */
export function createFilteringModel(
  models: readonly LanguageModel[],
  { passes }: { readonly passes: (reply: ModelReply) => boolean | Promise<boolean> },
): LanguageModel {
  if (models.length === 0) throw new TypeError("createFilteringModel needs one model or more; the list is empty.");
  return createFailoverModel(models, { passes: 1, accepts: passes });
}
