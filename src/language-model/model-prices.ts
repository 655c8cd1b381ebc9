import type { Usage } from "../domain/usage.ts";

/** US dollars for a million tokens. */
export interface ModelPrice {
  readonly input: number;
  readonly output: number;
}

/** What is known of a model; `window` is the tokens of prompt and reply together. */
interface KnownModel extends ModelPrice {
  readonly window: number;
}

// List prices of the providers' own endpoints, without caching, batch or regional rates, meant to be those of 2025-08-31.
// They are unverified: no comparison with the providers' pages is on record, and those change without notice. Where money
// counts, give `price` with the model.
const MODELS: Readonly<Record<string, KnownModel>> = {
  "gpt-5": { input: 1.25, output: 10, window: 400_000 },
  "gpt-5-mini": { input: 0.25, output: 2, window: 400_000 },
  "gpt-5-nano": { input: 0.05, output: 0.4, window: 400_000 },
  "gpt-4.1": { input: 2, output: 8, window: 1_047_576 },
  "gpt-4.1-mini": { input: 0.4, output: 1.6, window: 1_047_576 },
  "gpt-4.1-nano": { input: 0.1, output: 0.4, window: 1_047_576 },
  "gpt-4o": { input: 2.5, output: 10, window: 128_000 },
  "gpt-4o-mini": { input: 0.15, output: 0.6, window: 128_000 },
  "gpt-4-turbo": { input: 10, output: 30, window: 128_000 },
  "gpt-4": { input: 30, output: 60, window: 8_192 },
  "gpt-3.5-turbo": { input: 0.5, output: 1.5, window: 16_385 },
  o3: { input: 2, output: 8, window: 200_000 },
  "o3-mini": { input: 1.1, output: 4.4, window: 200_000 },
  "o4-mini": { input: 1.1, output: 4.4, window: 200_000 },
};

/** The list price of a model, with or without the date in its name; null when it is not known. */
export function priceOf(model: string): ModelPrice | null {
  return lookUp(model);
}

/** Tokens of prompt and reply together that a model reads; null when it is not known. */
export function contextWindowOf(model: string): number | null {
  return lookUp(model)?.window ?? null;
}

/** What a call cost in US dollars; null without a price. */
export function costOf(usage: Usage, price: ModelPrice | null): number | null {
  if (price === null) return null;
  return (usage.promptTokens * price.input + usage.completionTokens * price.output) / 1_000_000;
}

/** Models are named with a provider in front (`openai/gpt-4o`) or a date behind (`gpt-4o-2024-08-06`). */
function lookUp(model: string): KnownModel | null {
  const name = model
    .toLowerCase()
    .replace(/^openai\//, "")
    .replace(/-(?:\d{4}-\d{2}-\d{2}|\d{4}|latest)$/, "");
  return Object.hasOwn(MODELS, name) ? (MODELS[name] ?? null) : null;
}
