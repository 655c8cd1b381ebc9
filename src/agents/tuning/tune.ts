import { createRandom } from "../../domain/seeded-random.ts";
import { addCosts, addUsage, NO_USAGE } from "../../domain/usage.ts";
import { frontierOf, rankByFrontiers, type Standing } from "./frontier.ts";
import { drawCandidates, shuffle } from "./search-space.ts";
import { beginTrial, toTrial, tryExample, type Trial } from "./trial.ts";
import { checkTuneOptions, type TuneBudget, type TuneOptions, type TuneResult } from "./tune-options.ts";

/**
 * Looks for the model, prompt, temperature, number of replies and stop texts that do best on examples: draws candidates,
 * tries all on a few examples, and goes on with the better half on twice as many, until the examples or the budget are
 * used up. Cheap candidates stay as long as no other one is both better and cheaper. One call at a time, so that the same
 * seed gives the same search.
 *
 * Rejects with `config_invalid` when the budget is in dollars alone and a model's price is unknown. A candidate whose call
 * fails is given up and says why.
 */
export async function tune<Example>(options: TuneOptions<Example>): Promise<TuneResult> {
  checkTuneOptions(options);
  const { space, data, seed = 1, candidates = 16, onTrial } = options;
  const random = createRandom(seed);
  const trials = drawCandidates(space, { count: candidates, random }).map(beginTrial);
  const examples = shuffle(data, random);
  let alive: readonly Trial[] = trials;
  let upTo = Math.min(data.length, options.firstExamples ?? Math.max(1, Math.ceil(data.length / 8)));
  for (;;) {
    for (const trial of alive) {
      if (!(await tryOn(examples.slice(0, upTo), { trial, trials, options }))) return toResult(trials, "budget");
      onTrial?.(toTrial(trial));
    }
    if (upTo >= data.length) return toResult(trials, "finished");
    const sound = alive.filter(({ error }) => error === null);
    alive = rankByFrontiers(sound, standing(unitOf(trials))).slice(0, Math.max(1, Math.ceil(sound.length / 2)));
    upTo = Math.min(data.length, upTo * 2);
  }
}

interface Round<Example> {
  readonly trial: Trial;
  /** All of the search, which share the budget. */
  readonly trials: readonly Trial[];
  readonly options: TuneOptions<Example>;
}

/** Tries a candidate on the examples that it was not tried on; false where the budget does not reach. */
async function tryOn<Example>(
  examples: readonly Example[],
  { trial, trials, options }: Round<Example>,
): Promise<boolean> {
  for (const [index, example] of examples.entries()) {
    if (index < trial.scores.length || trial.error !== null) continue;
    options.signal?.throwIfAborted();
    if (!isWithin(options.budget, { spent: spentOn(trials), next: trial.candidate.n })) return false;
    await tryExample(trial, { example, index, options });
  }
  return true;
}

type Spent = TuneResult["spent"];

function spentOn(trials: readonly Trial[]): Spent {
  return {
    calls: trials.reduce((sum, { calls }) => sum + calls, 0),
    usd: trials.reduce<number | null>((sum, { usd }) => addCosts(sum, usd), 0),
    usage: trials.reduce((sum, { usage }) => addUsage(sum, usage), NO_USAGE),
  };
}

function isWithin(
  { calls, usd }: TuneBudget,
  { spent, next }: { readonly spent: Spent; readonly next: number },
): boolean {
  if (calls !== undefined && spent.calls + next > calls) return false;
  return usd === undefined || spent.usd === null || spent.usd < usd;
}

function unitOf(trials: readonly Trial[]): TuneResult["costUnit"] {
  return trials.some(({ usd }) => usd === null) ? "tokens" : "usd";
}

function standing(unit: TuneResult["costUnit"]): (trial: Trial) => Standing {
  return (trial) => {
    const { quality, usdPerExample, tokensPerExample } = toTrial(trial);
    return { quality, cost: unit === "usd" ? (usdPerExample ?? 0) : tokensPerExample };
  };
}

function toResult(trials: readonly Trial[], stoppedBy: TuneResult["stoppedBy"]): TuneResult {
  const costUnit = unitOf(trials);
  const most = Math.max(0, ...trials.filter(({ error }) => error === null).map(({ scores }) => scores.length));
  // Means over different numbers of examples cannot be compared.
  const finalists = trials.filter(({ scores, error }) => error === null && most > 0 && scores.length === most);
  const frontier = frontierOf(finalists, standing(costUnit)).map(toTrial);
  const best = frontier.toSorted((left, right) => right.quality - left.quality)[0] ?? null;
  return {
    best,
    frontier,
    costUnit,
    trials: trials.toSorted((left, right) => right.scores.length - left.scores.length).map(toTrial),
    spent: spentOn(trials),
    stoppedBy,
  };
}
