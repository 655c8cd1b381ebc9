import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  createHashingEmbedder,
  createScriptedModel,
  type ScriptedModel,
  type ScriptedStep,
} from "../../../src/index.ts";
import { runContinualLearning } from "./continual-learning.ts";
import type { ExampleParts } from "./example-program.ts";
import { runMathsWithTools } from "./maths-with-tools.ts";
import { runRagCodeTask } from "./rag-code-task.ts";
import { runTeachableAssistant } from "./teachable-assistant.ts";
import { runTemplating } from "./templating.ts";
import { runCodeTask } from "./two-agent-code-task.ts";
import { runWebSearch } from "./web-search-tool.ts";

const embedder = createHashingEmbedder();
let workDir = "";
let types: string[] = [];

beforeEach(async () => {
  workDir = await mkdtemp(join(tmpdir(), "citewell-examples-"));
  types = [];
});
afterEach(async () => {
  await rm(workDir, { recursive: true, force: true });
});

function play(steps: readonly ScriptedStep[]): { readonly script: ScriptedModel; readonly parts: ExampleParts } {
  const script = createScriptedModel(steps);
  const watchers = [() => ({ onEvent: ({ type }: { type: string }) => void types.push(type) })];
  const parts = {
    model: { model: script },
    workDir,
    watchers,
    embeddingFunction: (texts: readonly string[]) => embedder.embed(texts),
  };
  return { script, parts };
}

const javascript = (...lines: readonly string[]): string => ["```javascript", ...lines, "```"].join("\n");
const wish = (id: string, name: string, args: object): ScriptedStep => ({
  toolCalls: [{ id, name, arguments: JSON.stringify(args) }],
});

describe("the example", () => {
  it("of two agents and code runs, fails, is mended and ends", async () => {
    const mended = [
      "// filename: primes.js",
      'const { writeFileSync } = require("node:fs");',
      "const primes = [];",
      "for (let n = 2; primes.length < 10; n += 1) if (primes.every((prime) => n % prime)) primes.push(n);",
      'writeFileSync("primes.txt", primes.join("\\n"));',
      "console.log(primes.reduce((sum, prime) => sum + prime));",
    ];
    const { script, parts } = play([
      `Step 1.\n${javascript("writeFileSync('primes.txt', '2');")}`,
      ({ messages }) => {
        expect(messages.at(-1)?.content).toMatch(/^exitcode: 1 \(execution failed\)\nCode output: [^]*ReferenceError/);
        return `writeFileSync was not imported.\n${javascript(...mended)}`;
      },
      ({ messages }) => {
        expect(messages.at(-1)?.content).toBe("exitcode: 0 (execution succeeded)\nCode output: 129\n");
        return "The sum is 129. TERMINATE";
      },
    ]);
    const result = await runCodeTask(parts);
    script.assertDone();
    expect(result.summary).toBe("The sum is 129.");
    expect(result.outcome.reason).toBe("termination-message");
    expect(await readFile(join(workDir, "primes.txt"), "utf8")).toBe("2\n3\n5\n7\n11\n13\n17\n19\n23\n29");
  });

  it("of code over documents finds the rule, writes the code and runs it", async () => {
    const { script, parts } = play([
      ({ messages }) => {
        expect(messages.at(-1)?.content).toContain("plus three times n, plus seven");
        return javascript("console.log([1, 2, 3].map((n) => n * n + 3 * n + 7).join(','));");
      },
      ({ messages }) => {
        expect(messages.at(-1)?.content).toContain("Code output: 11,17,25");
        return "They are 11, 17 and 25 [1].";
      },
    ]);
    const result = await runRagCodeTask(parts);
    script.assertDone();
    expect(result.retrieval).toMatchObject({ answer: "They are 11, 17 and 25 [1].", rounds: 1 });
    expect(types).toContain("retrieval");
  });

  it("of a teachable assistant knows in the second chat what was said in the first", async () => {
    const fact = { kind: "fact", input: "How many cars does the Vicuna take?", output: "The Vicuna takes forty cars." };
    const { script, parts } = play([
      JSON.stringify({ add: [fact] }),
      "Good to know.",
      "{}",
      ({ messages }) => {
        expect(messages.at(-1)?.content).toContain("The Vicuna takes forty cars.");
        return "Forty.";
      },
    ]);
    const { answer, memos } = await runTeachableAssistant(parts);
    script.assertDone();
    expect(answer).toBe("Forty.");
    expect(memos).toMatchObject([fact]);
  });

  it("of continual learning answers from what has arrived by then", async () => {
    const { script, parts } = play([
      "The old harbour [1].",
      ({ messages }) => {
        expect(messages.at(-1)?.content).toContain("western harbour instead");
        return "The western harbour [1].";
      },
    ]);
    const answers = await runContinualLearning(parts);
    script.assertDone();
    expect(answers).toEqual([
      "1 added",
      expect.stringContaining("Nothing in the documents fits"),
      "1 added",
      "The old harbour [1].",
      "1 added",
      "The western harbour [1].",
    ]);
    // Nothing fitting had arrived on the first day, so no model was asked.
    expect(script.requests).toHaveLength(2);
  });

  it("of maths with tools calls the calculator for each step, and hears of its errors", async () => {
    const { script, parts } = play([
      wish("1", "calculate", { left: 17, operation: "times", right: 23 }),
      wish("2", "calculate", { left: 17, operation: "*", right: 23 }),
      wish("3", "calculate", { left: 4, operation: "power", right: 5 }),
      wish("4", "calculate", { left: 391, operation: "+", right: 1024 }),
      ({ messages }) => {
        expect(messages.filter(({ role }) => role === "tool").map(({ content }) => content)).toEqual([
          expect.stringContaining("operation"),
          "391",
          "1024",
          "1415",
        ]);
        return "It is 1415. TERMINATE";
      },
    ]);
    const result = await runMathsWithTools(parts);
    script.assertDone();
    expect(result.summary).toBe("It is 1415.");
    expect(types.filter((type) => type === "tool-result")).toHaveLength(4);
  });

  it("of a web search answers with the address it found", async () => {
    const { script, parts } = play([
      wish("1", "web_search", { query: "observatory visit" }),
      ({ messages, tools }) => {
        expect(tools?.map(({ name }) => name)).toEqual(["web_search"]);
        expect(messages.at(-1)?.content).toContain("https://observatory.example/hours");
        expect(messages.at(-1)?.content).not.toContain("Soup");
        return "On Thursdays from 7 to 10 p.m. (https://observatory.example/hours) TERMINATE";
      },
    ]);
    const result = await runWebSearch(parts);
    script.assertDone();
    expect(result.summary).toContain("Thursdays");
  });

  it("of templating fills the places for each reader and leaves other braces alone", async () => {
    const { script, parts } = play(["The rise and fall of the sea.", "Das Steigen und Fallen des Meeres."]);
    const answers = await runTemplating(parts);
    expect(answers).toEqual(["The rise and fall of the sea.", "Das Steigen und Fallen des Meeres."]);
    const texts = script.requests.map(({ messages }) => messages.map(({ content }) => content));
    expect(texts[0]?.[0]).toBe(
      "Answer in English, in one sentence. Code such as {{ x: 1 }} or {unknown} stays as it is.",
    );
    expect(texts[0]?.at(-1)).toBe("What are tides?");
    expect(texts[1]?.[0]).toContain("Answer in German");
    expect(texts[1]?.at(-1)).toBe("What are Gezeiten?");
  });
});
