import type { ChatMessage } from "../../domain/message.ts";
import { runToEnd } from "../../domain/run-to-end.ts";
import { addCosts, addUsage, NO_USAGE } from "../../domain/usage.ts";
import type { Usage } from "../../domain/usage.ts";
import { CitewellError, errorMessage } from "../../errors.ts";
import type { LanguageModel, ModelReply } from "../../language-model/language-model.ts";
import { fillPlaces } from "../replies/model-messages.ts";
import type { Candidate, TunePrompt } from "./search-space.ts";
import type { TuneOptions, TuneTrial } from "./tune-options.ts";

/** A candidate while it is tried. */
export interface Trial {
  readonly candidate: Candidate;
  scores: number[];
  /** Model calls that it took. */
  calls: number;
  /** US dollars that it took; null where a price is unknown. */
  usd: number | null;
  usage: Usage;
  error: string | null;
}

/** A candidate of which nothing was seen yet. */
export function beginTrial(candidate: Candidate): Trial {
  return { candidate, scores: [], calls: 0, usd: 0, usage: NO_USAGE, error: null };
}

/** What was seen of a candidate, as data. */
export function toTrial({ candidate, scores, usd, usage, error }: Trial): TuneTrial {
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

/** Options of {@link tryExample}. */
export interface TryExampleOptions<Example> {
  readonly example: Example;
  /** Place of the example among all. */
  readonly index: number;
  readonly options: TuneOptions<Example>;
}

/** Tries a candidate on one example; a call that fails ends its trial. */
export async function tryExample<Example>(
  trial: Trial,
  { example, index, options }: TryExampleOptions<Example>,
): Promise<void> {
  const { candidate } = trial;
  const { space, metric, seed = 1, budget, signal } = options;
  const [model, prompt] = [space.models[candidate.modelIndex], space.prompts[candidate.promptIndex]];
  if (model === undefined || prompt === undefined) throw new Error("A candidate must be of the space.");
  const replies: string[] = [];
  for (let reply = 0; reply < candidate.n; reply += 1) {
    trial.calls += 1;
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
    trial.usd = addCosts(trial.usd, made.costUsd);
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
      signal,
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
