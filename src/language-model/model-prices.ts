import type { Usage } from "../domain/usage.ts";

/** US dollars for a million tokens. */
export interface ModelPrice {
  readonly input: number;
  readonly output: number;
}

// List prices of the providers' own endpoints, without caching, batch or regional rates, meant to be those of 2025-08-31.
// They are unverified: no comparison with the providers' pages is on record, and those change without notice. Where money
// counts, give `price` with the model.
const PRICES: Readonly<Record<string, readonly [input: number, output: number]>> = {
  "gpt-5": [1.25, 10],
  "gpt-5-mini": [0.25, 2],
  "gpt-5-nano": [0.05, 0.4],
  "gpt-4.1": [2, 8],
  "gpt-4.1-mini": [0.4, 1.6],
  "gpt-4.1-nano": [0.1, 0.4],
  "gpt-4o": [2.5, 10],
  "gpt-4o-mini": [0.15, 0.6],
  "gpt-4-turbo": [10, 30],
  "gpt-4": [30, 60],
  "gpt-3.5-turbo": [0.5, 1.5],
  o3: [2, 8],
  "o3-mini": [1.1, 4.4],
  "o4-mini": [1.1, 4.4],
};

// Prompt and reply together.
const CONTEXT_WINDOWS: Readonly<Record<string, number>> = {
  "gpt-5": 400_000,
  "gpt-5-mini": 400_000,
  "gpt-5-nano": 400_000,
  "gpt-4.1": 1_047_576,
  "gpt-4.1-mini": 1_047_576,
  "gpt-4.1-nano": 1_047_576,
  "gpt-4o": 128_000,
  "gpt-4o-mini": 128_000,
  "gpt-4-turbo": 128_000,
  "gpt-4": 8_192,
  "gpt-3.5-turbo": 16_385,
  o3: 200_000,
  "o3-mini": 200_000,
  "o4-mini": 200_000,
};

/** The list price of a model, with or without the date in its name; null when it is not known. */
export function priceOf(model: string): ModelPrice | null {
  const price = lookUp(PRICES, model);
  return price === undefined ? null : { input: price[0], output: price[1] };
}

/** Tokens of prompt and reply together that a model reads; null when it is not known. */
export function contextWindowOf(model: string): number | null {
  return lookUp(CONTEXT_WINDOWS, model) ?? null;
}

/** What a call cost in US dollars; null without a price. */
export function costOf(usage: Usage, price: ModelPrice | null): number | null {
  if (price === null) return null;
  return (usage.promptTokens * price.input + usage.completionTokens * price.output) / 1_000_000;
}

/** Models are named with a provider in front (`openai/gpt-4o`) or a date behind (`gpt-4o-2024-08-06`). */
function lookUp<Value>(table: Readonly<Record<string, Value>>, model: string): Value | undefined {
  const name = model
    .toLowerCase()
    .replace(/^openai\//, "")
    .replace(/-(?:\d{4}-\d{2}-\d{2}|\d{4}|latest)$/, "");
  return Object.hasOwn(table, name) ? table[name] : undefined;
}
