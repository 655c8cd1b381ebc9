import { runToEnd } from "../domain/run-to-end.ts";
import { addCosts, addUsage, NO_USAGE } from "../domain/usage.ts";
import { commonWindow } from "./common-window.ts";
import type { LanguageModel, ModelReply } from "./language-model.ts";

/**
 * Asks models in order until one gives a reply that passes; the last one's is taken anyway. A reply is passed on once it
 * is whole, since nobody should read one that is then thrown away.
 */
export function createFilteringModel(
  models: readonly LanguageModel[],
  { passes }: { readonly passes: (reply: ModelReply) => boolean | Promise<boolean> },
): LanguageModel {
  const [first] = models;
  if (first === undefined) throw new TypeError("createFilteringModel needs one model or more; the list is empty.");
  return {
    name: first.name,
    contextWindow: commonWindow(models),
    async *stream(request) {
      let used: ModelReply[] = [];
      for (const model of models) {
        const reply = await runToEnd(model.stream(request));
        used = [...used, reply];
        if (model !== models.at(-1) && !(await passes(reply))) continue;
        if (reply.content !== "") yield reply.content;
        return { ...reply, ...together(used) };
      }
      throw new Error("A filtering model ended without a reply.");
    },
  };
}

/** Replies that did not pass were paid for, too. */
function together(replies: readonly ModelReply[]): Pick<ModelReply, "usage" | "costUsd"> {
  return {
    usage: replies.reduce((sum, { usage }) => addUsage(sum, usage), NO_USAGE),
    costUsd: replies.reduce<number | null>((sum, { costUsd }) => addCosts(sum, costUsd), 0),
  };
}
