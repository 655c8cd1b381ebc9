import type { ChatMessage } from "../../domain/message.ts";
import { runToEnd } from "../../domain/run-to-end.ts";
import { addUsage, NO_USAGE } from "../../domain/usage.ts";
import type { Usage } from "../../domain/usage.ts";
import { CitewellError, errorMessage } from "../../errors.ts";
import type { LanguageModel, ModelReply } from "../../language-model/language-model.ts";
import { fillPlaces } from "../replies/model-messages.ts";
import { frontierOf, rankByFrontiers } from "./frontier.ts";
import type { Standing } from "./frontier.ts";
import { createRandom } from "../../domain/seeded-random.ts";
import { drawCandidates, shuffle } from "./search-space.ts";
import type { Candidate, SearchSpace, TunePrompt } from "./search-space.ts";

/** What a search may take. One of the two at least. */
export interface TuneBudget {
  /** Model calls. */
  readonly calls?: number;
  /** US dollars; may be passed by the price of the last call. */
  readonly usd?: number;
}

/** Options of {@link tune}. */
export interface TuneOptions<Example> {
  readonly space: SearchSpace<Example>;
  readonly data: readonly Example[];
  /** How good the replies to an example are: higher is better. Negate what should be small. */
  readonly metric: (replies: readonly string[], example: Example) => number | Promise<number>;
  readonly budget: TuneBudget;
  /**
   * Decides the candidates, the order of the examples and the seeds sent to the models.
   * @default 1
   */
  readonly seed?: number;
  /**
   * Candidates to begin with.
   * @default 16
   */
  readonly candidates?: number;
  /**
   * Examples of the first round; each round doubles them and halves the candidates.
   * @default an eighth of the data
   */
  readonly firstExamples?: number;
  /** Is told of a candidate each time that a round is over for it. */
  readonly onTrial?: (trial: TuneTrial) => void;
  readonly signal?: AbortSignal;
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

interface Trial {
  readonly candidate: Candidate;
  scores: number[];
  usd: number | null;
  usage: Usage;
  error: string | null;
}

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
  const { space, data, seed = 1, candidates = 16, signal, onTrial } = options;
  checkOptions(options);
  const random = createRandom(seed);
  const trials = drawCandidates(space, { count: candidates, random }).map((candidate): Trial => ({
    candidate,
    scores: [],
    usd: 0,
    usage: NO_USAGE,
    error: null,
  }));
  const examples = shuffle(data, random);
  const spent = { calls: 0, usd: 0 as number | null };
  let alive: readonly Trial[] = trials;
  let upTo = Math.min(data.length, options.firstExamples ?? Math.max(1, Math.ceil(data.length / 8)));
  let stoppedBy: TuneResult["stoppedBy"] = "finished";
  rounds: for (;;) {
    for (const trial of alive) {
      for (const [index, example] of examples.slice(0, upTo).entries()) {
        if (index < trial.scores.length || trial.error !== null) continue;
        signal?.throwIfAborted();
        if (!isWithin(options.budget, spent, trial.candidate.n)) {
          stoppedBy = "budget";
          break rounds;
        }
        await tryExample(trial, { example, index, options, spent });
      }
      onTrial?.(toTrial(trial));
    }
    if (upTo >= data.length) break;
    const sound = alive.filter(({ error }) => error === null);
    alive = rankByFrontiers(sound, standing(unitOf(trials))).slice(0, Math.max(1, Math.ceil(sound.length / 2)));
    upTo = Math.min(data.length, upTo * 2);
  }
  return toResult(trials, { spent, stoppedBy });
}

interface Attempt<Example> {
  readonly example: Example;
  readonly index: number;
  readonly options: TuneOptions<Example>;
  readonly spent: { calls: number; usd: number | null };
}

async function tryExample<Example>(trial: Trial, attempt: Attempt<Example>): Promise<void> {
  const { example, index, options, spent } = attempt;
  const { candidate } = trial;
  const { space, metric, seed = 1, budget, signal } = options;
  const [model, prompt] = [space.models[candidate.modelIndex], space.prompts[candidate.promptIndex]];
  if (model === undefined || prompt === undefined) throw new Error("A candidate must be of the space.");
  const replies: string[] = [];
  for (let reply = 0; reply < candidate.n; reply += 1) {
    spent.calls += 1;
    const made = await askOnce(model, {
      messages: messagesOf(prompt, example),
      candidate,
      // A number of its own for every reply: n equal ones would say nothing.
      seed: (seed * 1_000_003 + index * 1_009 + reply) >>> 0,
      signal,
    });
    if (typeof made === "string") {
      trial.error = made;
      return;
    }
    if (made.costUsd === null && budget.calls === undefined) {
      throw new CitewellError(
        "config_invalid",
        `The price of ${made.model} is unknown, so a budget in dollars cannot be kept: add budget.calls, or the price to the model's entry.`,
      );
    }
    trial.usd = add(trial.usd, made.costUsd);
    spent.usd = add(spent.usd, made.costUsd);
    trial.usage = addUsage(trial.usage, made.usage);
    replies.push(made.content);
  }
  const score = await metric(replies, example);
  if (!Number.isFinite(score)) throw new TypeError(`The metric must return a number, not ${String(score)}.`);
  trial.scores.push(score);
}

interface Call {
  readonly messages: readonly ChatMessage[];
  readonly candidate: Candidate;
  readonly seed: number;
  readonly signal: AbortSignal | undefined;
}

/** The reply, or the sentence of the error. */
async function askOnce(
  model: LanguageModel,
  { messages, candidate, seed, signal }: Call,
): Promise<ModelReply | string> {
  const { temperature, stop } = candidate;
  try {
    const pieces = model.stream({
      messages,
      seed,
      ...(temperature === null ? {} : { temperature }),
      ...(stop === null ? {} : { stop }),
      ...(signal === undefined ? {} : { signal }),
    });
    return await runToEnd(pieces);
  } catch (error) {
    signal?.throwIfAborted();
    return errorMessage(error);
  }
}

function messagesOf<Example>(prompt: TunePrompt<Example>, example: Example): readonly ChatMessage[] {
  const made = typeof prompt === "function" ? prompt(example) : fillPlaces(prompt, fieldsOf(example));
  return typeof made === "string" ? [{ role: "user", content: made }] : made;
}

function fieldsOf(example: unknown): Readonly<Record<string, unknown>> {
  if (typeof example === "object" && example !== null) return Object.fromEntries(Object.entries(example));
  return { input: example };
}

function isWithin({ calls, usd }: TuneBudget, spent: { calls: number; usd: number | null }, next: number): boolean {
  if (calls !== undefined && spent.calls + next > calls) return false;
  return usd === undefined || spent.usd === null || spent.usd < usd;
}

function toTrial({ candidate, scores, usd, usage, error }: Trial): TuneTrial {
  const examples = scores.length;
  const each = Math.max(1, examples);
  return {
    ...candidate,
    examples,
    quality: scores.reduce((sum, score) => sum + score, 0) / each,
    usdPerExample: usd === null ? null : usd / each,
    tokensPerExample: (usage.promptTokens + usage.completionTokens) / each,
    usage,
    error,
  };
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

function toResult(
  trials: readonly Trial[],
  { spent, stoppedBy }: { spent: { calls: number; usd: number | null }; stoppedBy: TuneResult["stoppedBy"] },
): TuneResult {
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
    spent: { ...spent, usage: trials.reduce((sum, { usage }) => addUsage(sum, usage), NO_USAGE) },
    stoppedBy,
  };
}

function add(sum: number | null, more: number | null): number | null {
  return sum === null || more === null ? null : sum + more;
}

function checkOptions<Example>({ data, budget, candidates = 16, firstExamples = 1 }: TuneOptions<Example>): void {
  if (data.length === 0) throw new TypeError("data must have one example at least.");
  if (budget.calls === undefined && budget.usd === undefined) {
    throw new TypeError("budget needs calls or usd: a search without a limit could cost anything.");
  }
  for (const [name, value] of Object.entries({ candidates, firstExamples, "budget.calls": budget.calls ?? 1 })) {
    if (!Number.isInteger(value) || value < 1)
      throw new TypeError(`${name} must be a whole number from 1, not ${String(value)}.`);
  }
  if (budget.usd !== undefined && !(budget.usd > 0)) {
    throw new TypeError(`budget.usd must be above 0, not ${String(budget.usd)}.`);
  }
}
