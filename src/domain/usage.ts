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
