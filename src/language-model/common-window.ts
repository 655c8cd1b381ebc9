import type { LanguageModel } from "./language-model.ts";

/** The context window that every one of several models has; null where that of one is unknown. */
export function commonWindow(models: readonly LanguageModel[]): number | null {
  const windows = models.flatMap(({ contextWindow }) => (contextWindow === null ? [] : [contextWindow]));
  return windows.length === models.length ? Math.min(...windows) : null;
}
