import { checkOptions } from "../../domain/check-options.ts";
import type { OptionKind } from "../../domain/check-options.ts";
import type { Usage } from "../../domain/usage.ts";
import type { Candidate, SearchSpace } from "./search-space.ts";

/** What a search may take. One of the two has to be given. */
export interface TuneBudget {
  /** Model calls. @default no limit */
  readonly calls?: number | undefined;
  /** US dollars; may be passed by the price of the last call. @default no limit */
  readonly usd?: number | undefined;
}

/** Options of {@link tune}. */
export interface TuneOptions<Example> {
  /** The choices that candidates are made of. */
  readonly space: SearchSpace<Example>;
  /** Examples; each is a record of the values that the prompts and the metric read. */
  readonly data: readonly Example[];
  /** How good the replies to an example are: higher is better. Negate what should be small. */
  readonly metric: (replies: readonly string[], example: Example) => number | Promise<number>;
  /** What the search may take, in US dollars, model calls, or both. */
  readonly budget: TuneBudget;
  /** Decides the candidates, the order of the examples and the seeds sent to the models. @default 1 */
  readonly seed?: number | undefined;
  /** Candidates to begin with. @default 16 */
  readonly candidates?: number | undefined;
  /** Examples of the first round; each round doubles them and halves the candidates. @default an eighth of the data */
  readonly firstExamples?: number | undefined;
  /** Is told of a candidate each time that a round is over for it. @default nobody */
  readonly onTrial?: ((trial: TuneTrial) => void) | undefined;
  /** Cancels the search; the signal's reason is thrown as it is. */
  readonly signal?: AbortSignal | undefined;
}

/** A candidate with what was seen of it; plain data. */
export interface TuneTrial extends Candidate {
  /** Examples that it was tried on. */
  readonly examples: number;
  /** Mean of the metric; 0 without examples. */
  readonly quality: number;
  /** US dollars for an example; null where a price is unknown. */
  readonly usdPerExample: number | null;
  /** Tokens of prompts and replies for an example. */
  readonly tokensPerExample: number;
  readonly usage: Usage;
  /** Why it was given up; null where it was not. */
  readonly error: string | null;
}

/** What a search found; plain data. */
export interface TuneResult {
  /** The best one, the cheapest of equals, among those tried on the most examples; null when none has a result. */
  readonly best: TuneTrial | null;
  /** Among the same those that no other one beats in quality and cost, cheapest first. */
  readonly frontier: readonly TuneTrial[];
  /** What costs are compared by: tokens where a price is unknown. */
  readonly costUnit: "usd" | "tokens";
  /** Every candidate, those tried on most examples first. */
  readonly trials: readonly TuneTrial[];
  readonly spent: { readonly calls: number; readonly usd: number | null; readonly usage: Usage };
  readonly stoppedBy: "finished" | "budget";
}

const KNOWN: Readonly<Record<keyof TuneOptions<unknown>, OptionKind>> = {
  space: "object",
  data: "list",
  metric: "function",
  budget: "object",
  seed: "number",
  candidates: "count",
  firstExamples: "count",
  onTrial: "function",
  signal: "object",
};

const SPACE: Readonly<Record<keyof SearchSpace<unknown>, OptionKind>> = {
  models: "list",
  prompts: "list",
  temperatures: true,
  n: "list",
  stop: "list",
};

/** Throws a `TypeError` where an option makes no sense. */
export function checkTuneOptions<Example>(options: TuneOptions<Example>): void {
  checkOptions(options, { owner: "tune", known: KNOWN });
  for (const name of ["space", "data", "metric", "budget"] as const) {
    if (options[name] === undefined) throw new TypeError(`tune needs ${name}.`);
  }
  checkOptions(options.space, { owner: "space", known: SPACE });
  checkOptions(options.budget, { owner: "budget", known: { calls: "count", usd: "positive" } });
  const { data, budget } = options;
  if (data.length === 0) throw new TypeError("data must have one example at least.");
  if (budget.calls === undefined && budget.usd === undefined) {
    throw new TypeError("budget needs calls or usd: a search without a limit could cost anything.");
  }
}
