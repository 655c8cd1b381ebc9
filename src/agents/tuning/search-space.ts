import type { ChatMessage } from "../../domain/message.ts";
import type { LanguageModel } from "../../language-model/language-model.ts";

/** A prompt: a text with the places `{name}` for the example's fields, or a function that makes the messages. */
export type TunePrompt<Example> = string | ((example: Example) => string | readonly ChatMessage[]);

/** What is searched. Every combination of the values is a candidate. */
export interface SearchSpace<Example> {
  readonly models: readonly LanguageModel[];
  readonly prompts: readonly TunePrompt<Example>[];
  /** 0 to 2 each; null for the endpoint's own. A range is drawn from in hundredths. @default [null] */
  readonly temperatures?: readonly (number | null)[] | { readonly min: number; readonly max: number } | undefined;
  /** Replies to each example; the metric sees all of them. @default [1] */
  readonly n?: readonly number[] | undefined;
  /** Texts that end a reply; null for none. @default [null] */
  readonly stop?: readonly (readonly string[] | null)[] | undefined;
}

/** One combination; plain data. */
export interface Candidate {
  /** Place in the list of models, and the model's name. */
  readonly modelIndex: number;
  readonly model: string;
  /** Place in the list of prompts. */
  readonly promptIndex: number;
  readonly temperature: number | null;
  readonly n: number;
  readonly stop: readonly string[] | null;
}

/** The list in another order, drawn by `random`. */
export function shuffle<Item>(items: readonly Item[], random: () => number): Item[] {
  return items
    .map((item) => ({ item, place: random() }))
    .toSorted((left, right) => left.place - right.place)
    .map(({ item }) => item);
}

/** Different candidates drawn from a space, so many at most. Throws a `TypeError` for a space that is empty or wrong. */
export function drawCandidates(
  space: SearchSpace<never>,
  { count, random }: { readonly count: number; readonly random: () => number },
): readonly Candidate[] {
  checkSpace(space);
  const { models, prompts, temperatures = [null], n = [1], stop = [null] } = space;
  // A range has too many values to list; each draw stands for one.
  const degrees = "min" in temperatures ? rangeOf(temperatures) : temperatures;
  const sizes = [models.length, prompts.length, degrees.length, n.length, stop.length];
  const total = sizes.reduce((product, size) => product * size, 1);
  const candidates: Candidate[] = [];
  for (const number of drawNumbers({ total, count: Math.min(count, total), random })) {
    let rest = number;
    const pick = <Item>(items: readonly Item[]): { readonly index: number; readonly item: Item | undefined } => {
      const index = rest % items.length;
      rest = Math.floor(rest / items.length);
      return { index, item: items[index] };
    };
    const [model, prompt, temperature, replies, ending] = [
      pick(models),
      pick(prompts),
      pick(degrees),
      pick(n),
      pick(stop),
    ];
    candidates.push({
      modelIndex: model.index,
      model: model.item?.name ?? "",
      promptIndex: prompt.index,
      temperature: temperature.item ?? null,
      n: replies.item ?? 1,
      stop: ending.item ?? null,
    });
  }
  return candidates;
}

/** Different whole numbers below `total`. */
function drawNumbers({ total, count, random }: { total: number; count: number; random: () => number }): number[] {
  if (total <= 10_000) return shuffle([...Array(total).keys()], random).slice(0, count);
  const drawn = new Set<number>();
  while (drawn.size < count) drawn.add(Math.floor(random() * total));
  return [...drawn];
}

function rangeOf({ min, max }: { readonly min: number; readonly max: number }): number[] {
  const steps = Math.round((max - min) * 100);
  return Array.from({ length: steps + 1 }, (_, index) => Math.round(min * 100 + index) / 100);
}

function checkSpace({ models, prompts, temperatures = [null], n = [1], stop = [null] }: SearchSpace<never>): void {
  const lists = Object.entries({ models, prompts, temperatures, n, stop });
  for (const [name, list] of lists) {
    if ("length" in list && list.length === 0) throw new TypeError(`space.${name} must have one entry at least.`);
  }
  const degrees = "min" in temperatures ? [temperatures.min, temperatures.max] : temperatures;
  const wrong = degrees.find((degree) => degree !== null && !(degree >= 0 && degree <= 2));
  if (wrong !== undefined) throw new TypeError(`space.temperatures must be from 0 to 2, not ${String(wrong)}.`);
  if ("min" in temperatures && temperatures.min > temperatures.max) {
    throw new TypeError("space.temperatures.min must not be more than its max.");
  }
  const replies = n.find((one) => !Number.isInteger(one) || one < 1);
  if (replies !== undefined) throw new TypeError(`space.n must hold whole numbers from 1, not ${String(replies)}.`);
}
