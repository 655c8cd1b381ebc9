/** Tokens that model calls took. */
export interface Usage {
  readonly promptTokens: number;
  readonly completionTokens: number;
}

/** No tokens at all. */
export const NO_USAGE: Usage = { promptTokens: 0, completionTokens: 0 };

/** The sum of two usages. */
export function addUsage(left: Usage, right: Usage): Usage {
  return {
    promptTokens: left.promptTokens + right.promptTokens,
    completionTokens: left.completionTokens + right.completionTokens,
  };
}

/** The sum of two prices in US dollars; null where one of them is unknown. */
export function addCosts(left: number | null, right: number | null): number | null {
  return left === null || right === null ? null : left + right;
}
