import { describe, expect, it } from "vitest";
import { frontierOf, rankByFrontiers } from "../../../src/agents/tuning/frontier.ts";
import { drawCandidates } from "../../../src/agents/tuning/search-space.ts";
import { createRandom } from "../../../src/domain/seeded-random.ts";
import { tune } from "../../../src/agents/tuning/tune.ts";
import type { TuneOptions } from "../../../src/agents/tuning/tune-options.ts";
import type { LanguageModel, ModelRequest } from "../../../src/language-model/language-model.ts";

interface Sum {
  readonly left: number;
  readonly right: number;
}

const data: readonly Sum[] = Array.from({ length: 16 }, (_, index) => ({ left: index, right: index + 1 }));
const metric: TuneOptions<Sum>["metric"] = (replies, { left, right }) =>
  replies.filter((reply) => reply === String(left + right)).length / replies.length;

/** Adds two numbers of its prompt, rightly when it is asked to; the hotter, the more it errs. */
function createAdder(
  name: string,
  { usd, exact, requests = [] }: { usd: number | null; exact: boolean; requests?: ModelRequest[] },
): LanguageModel {
  return {
    name,
    contextWindow: null,
    async *stream(request) {
      request.signal?.throwIfAborted();
      requests.push(request);
      const content = request.messages.at(-1)?.content ?? "";
      const [left = 0, right = 0] = [...content.matchAll(/\d+/g)].map(([digits]) => Number(digits));
      const wanted = exact || content.startsWith("Add") ? left + right : left;
      const sum = String((request.temperature ?? 0) > 1 && left % 2 === 0 ? wanted + 1 : wanted);
      yield sum;
      return {
        content: sum,
        toolCalls: [],
        usage: { promptTokens: 10, completionTokens: exact ? 5 : 1 },
        costUsd: usd,
        model: name,
        finishReason: "stop",
      };
    },
  };
}

const space = {
  models: [createAdder("large", { usd: 0.01, exact: true }), createAdder("small", { usd: 0.001, exact: false })],
  prompts: ["Add {left} and {right}.", "{left} {right}"],
  temperatures: [0, 1.5],
} as const;

describe("tune", () => {
  it("finds the cheapest of the best and the frontier of cost and quality", async () => {
    const result = await tune({ space, data, metric, budget: { calls: 1_000 } });
    expect(result.best).toMatchObject({ model: "small", promptIndex: 0, temperature: 0, quality: 1, examples: 16 });
    expect(result.frontier).toEqual([result.best]);
    expect(result.stoppedBy).toBe("finished");
    expect(result.trials).toHaveLength(8);
    // 8 candidates on 2 examples, then 4 on 4, 2 on 8, 1 on 16.
    expect(result.spent.calls).toBe(16 + 8 + 8 + 8);
    expect(result.costUnit).toBe("usd");
    expect(structuredClone(result)).toEqual(result);
  });

  it("keeps what is cheaper and worse on the frontier", async () => {
    const only = { models: space.models, prompts: ["{left} {right}"] };
    const result = await tune({ space: only, data, metric, budget: { calls: 1_000 }, firstExamples: 16 });
    expect(result.frontier.map(({ model }) => model)).toEqual(["small", "large"]);
    expect(result.best?.model).toBe("large");
    expect(result.frontier[0]).toMatchObject({ quality: 0, tokensPerExample: 11 });
    expect(result.frontier[1]?.usdPerExample).toBeCloseTo(0.01);
  });

  it("gives the same search for the same seed, and another one for another", async () => {
    const run = (seed: number) => tune({ space, data, metric, budget: { calls: 20 }, seed, candidates: 5 });
    expect(await run(7)).toEqual(await run(7));
    expect((await run(8)).trials).not.toEqual((await run(7)).trials);
  });

  it("keeps to a budget in calls, those for several replies too", async () => {
    const result = await tune({ space: { ...space, n: [3] }, data, metric, budget: { calls: 10 } });
    expect(result.spent.calls).toBe(9);
    expect(result.stoppedBy).toBe("budget");
    expect(result.best?.examples).toBeGreaterThan(0);
  });

  it("keeps to a budget in money, up to the last call", async () => {
    const result = await tune({ space, data, metric, budget: { usd: 0.05 } });
    expect(result.stoppedBy).toBe("budget");
    expect(result.spent.usd).toBeGreaterThanOrEqual(0.05);
    expect(result.spent.usd).toBeLessThan(0.061);
  });

  it("refuses a budget in money alone when a price is unknown, and compares tokens otherwise", async () => {
    const unpriced = { ...space, models: [createAdder("free", { usd: null, exact: true })] };
    await expect(tune({ space: unpriced, data, metric, budget: { usd: 1 } })).rejects.toMatchObject({
      code: "config_invalid",
    });
    const result = await tune({ space: unpriced, data, metric, budget: { calls: 100 } });
    expect(result).toMatchObject({ costUnit: "tokens", spent: { usd: null } });
  });

  it("passes temperature, stop texts and a seed of its own with each reply", async () => {
    const requests: ModelRequest[] = [];
    const models = [createAdder("adder", { usd: 0, exact: true, requests })];
    await tune({
      space: {
        models,
        prompts: [({ left }: Sum) => [{ role: "system", content: String(left) }]],
        n: [2],
        stop: [["."]],
      },
      data: data.slice(0, 2),
      metric: () => 0,
      budget: { calls: 100 },
    });
    expect(requests).toHaveLength(4);
    expect(requests[0]).toMatchObject({ stop: ["."], messages: [{ role: "system" }] });
    expect(requests[0]).not.toHaveProperty("temperature");
    expect(new Set(requests.map(({ seed }) => seed)).size).toBe(4);
  });

  it("gives a candidate up whose calls fail, and says why", async () => {
    const broken: LanguageModel = {
      name: "broken",
      contextWindow: null,
      // oxlint-disable-next-line require-yield -- it fails before
      async *stream() {
        throw new Error("out of order");
      },
    };
    const models = [broken, createAdder("good", { usd: 0, exact: true })];
    const result = await tune({ space: { models, prompts: ["{left} {right}"] }, data, metric, budget: { calls: 100 } });
    expect(result.best?.model).toBe("good");
    expect(result.trials.find(({ model }) => model === "broken")).toMatchObject({ error: "out of order", examples: 0 });
  });

  it("tells of trials and stops on abort", async () => {
    const controller = new AbortController();
    const running = tune({
      space,
      data,
      metric,
      budget: { calls: 1_000 },
      signal: controller.signal,
      onTrial: () => controller.abort(new Error("enough")),
    });
    await expect(running).rejects.toThrow("enough");
  });

  it.each([
    [{ data: [] }, /data/],
    [{ budget: {} }, /budget/],
    [{ candidates: 0 }, /candidates/],
    [{ space: { ...space, temperatures: [3] } }, /temperatures/],
    [{ space: { ...space, prompts: [] } }, /prompts/],
  ])("refuses %j", async (wrong, message) => {
    await expect(tune({ space, data, metric, budget: { calls: 1 }, ...wrong })).rejects.toThrow(message);
  });
});

describe("drawCandidates", () => {
  it("draws different candidates, in a large space too", () => {
    const large = {
      ...space,
      temperatures: { min: 0, max: 2 },
      n: Array.from({ length: 50 }, (_, index) => index + 1),
    };
    const drawn = drawCandidates(large, { count: 500, random: createRandom(3) });
    expect(new Set(drawn.map((candidate) => JSON.stringify(candidate))).size).toBe(500);
    expect(drawn.every(({ temperature }) => temperature !== null && temperature >= 0 && temperature <= 2)).toBe(true);
    expect(drawCandidates(space, { count: 500, random: createRandom(3) })).toHaveLength(8);
  });
});

describe("frontierOf", () => {
  const standings = [
    { quality: 1, cost: 5 },
    { quality: 0.5, cost: 1 },
    { quality: 0.4, cost: 2 },
    { quality: 1, cost: 6 },
  ];

  it("leaves out what another one beats", () => {
    expect(frontierOf(standings, (one) => one)).toEqual([standings[1], standings[0]]);
  });

  it("ranks every one, the beaten behind", () => {
    expect(rankByFrontiers(standings, (one) => one)).toEqual([0, 1, 3, 2].map((index) => standings[index]));
  });
});
