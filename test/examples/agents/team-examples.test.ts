import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createHashingEmbedder, createScriptedHumanInput, createScriptedModel } from "../../../src/index.ts";
import type { ScriptedModel, ScriptedStep } from "../../../src/index.ts";
import { Board } from "./board.ts";
import type { ExampleParts } from "./example-program.ts";
import { runGroupWithRetrieval } from "./group-with-retrieval.ts";
import { runNestedChess } from "./nested-chess.ts";
import { runRagQuestion } from "./rag-question.ts";
import { runResearchTeam } from "./research-team.ts";
import { runSeveralHumans } from "./several-humans.ts";
import { planSupply, runSupplyChain } from "./supply-chain.ts";

const embedder = createHashingEmbedder();
let workDir = "";

beforeEach(async () => {
  workDir = await mkdtemp(join(tmpdir(), "citewell-teams-"));
});
afterEach(async () => {
  await rm(workDir, { recursive: true, force: true });
});

function play(steps: readonly ScriptedStep[]): { readonly script: ScriptedModel; readonly parts: ExampleParts } {
  const script = createScriptedModel(steps);
  const embeddingFunction = (texts: readonly string[]) => embedder.embed(texts);
  return { script, parts: { model: { model: script }, workDir, watchers: [], embeddingFunction } };
}

const wish = (id: string, name: string, args: object): ScriptedStep => ({
  toolCalls: [{ id, name, arguments: JSON.stringify(args) }],
});

describe("the example", () => {
  it("of a research team plans, runs code, interprets it and writes a report", async () => {
    const { script, parts } = play([
      "Planner",
      "The Engineer counts, the Scientist interprets, the ResearchWriter writes.",
      "Critic",
      "The plan is sound.",
      "Engineer",
      "```javascript\nconst primes = [2, 3, 5, 7, 11];\nconsole.log(primes.slice(1).map((p, i) => p - primes[i]).join(' '));\n```",
      "Executor",
      "Scientist",
      ({ messages }) => {
        expect(messages.at(-1)?.content).toBe("exitcode: 0 (execution succeeded)\nCode output: 1 2 2 4\n");
        return "The distances grow, though not evenly.";
      },
      "ResearchWriter",
      "# Distances of primes\n\nThey grow, though not evenly. TERMINATE",
    ]);
    const result = await runResearchTeam(parts);
    script.assertDone();
    expect(result.chatHistory.map(({ name }) => name)).toEqual([
      "Admin",
      "Planner",
      "Critic",
      "Engineer",
      "Executor",
      "Scientist",
      "ResearchWriter",
    ]);
    expect(result.summary).toBe("# Distances of primes\n\nThey grow, though not evenly.");
    expect(result.outcome.reason).toBe("termination-message");
    expect(result.conversation.modelCalls.filter(({ purpose }) => purpose === "speaker-selection")).toHaveLength(6);
  });

  it("of chess makes every move at the board, which refuses wrong ones", async () => {
    const { script, parts } = play([
      wish("1", "make_move", { from: "e2", to: "e5" }),
      ({ messages }) => {
        expect(messages.at(-1)?.content).toBe("Error: e2e5 is not allowed for white. From e2: e2e3, e2e4.");
        return { toolCalls: [{ id: "2", name: "make_move", arguments: '{"from":"e2","to":"e4"}' }] };
      },
      "I played e4.",
      wish("3", "legal_moves", {}),
      ({ messages }) => {
        expect(messages.at(-1)?.content.split(",")).toHaveLength(20);
        return "I think about it.";
      },
      wish("4", "make_move", { from: "d7", to: "d5" }),
      "I played d5.",
      wish("5", "make_move", { from: "e4", to: "d5" }),
      "I took on d5.",
    ]);
    const result = await runNestedChess(parts);
    script.assertDone();
    expect(result.chatHistory.map(({ name, content }) => `${String(name)}: ${content}`)).toEqual([
      "player_black: Let us play. Your move.",
      "player_white: I played e4.",
      "player_black: I played d5.",
      "player_white: I took on d5.",
    ]);
    expect(result.board.turn).toBe("black");
    expect(result.conversation.toolCalls.map(({ outcome }) => outcome)).toEqual(["failed", "ok", "ok", "ok", "ok"]);
    expect(result.conversation.modelCalls).toHaveLength(9);
  });

  it("of a supply chain answers a safe what-if question", async () => {
    expect(planSupply()).toBe("cost 520");
    expect(planSupply({ demand: 500 })).toBe("no plan: 320 units are missing");
    const { script, parts } = play(['{"capacity": {"north": 50}}', "SAFE"]);
    const result = await runSupplyChain(parts);
    expect(result.summary).toBe("Before: cost 520. Then: cost 620.");
    expect(script.requests[1]?.messages.at(-1)?.content).toContain('{"capacity": {"north": 50}}');
    expect(result.conversation.modelCalls).toHaveLength(2);
  });

  it.each([
    ["is not safe", ["process.exit()", "DANGER"], /not answered: it is not safe/],
    ["is not understood", ["fifty", "SAFE"], /not understood/],
  ])("of a supply chain says when a question %s", async (_title, steps, expected) => {
    expect((await runSupplyChain(play(steps).parts)).summary).toMatch(expected);
  });

  it("of a question over documents cites the passage", async () => {
    const { script, parts } = play([
      ({ messages }) => {
        expect(messages.at(-1)?.content).toContain("Green tea is steeped at 70 degrees");
        return "Two minutes [1].";
      },
    ]);
    const result = await runRagQuestion(parts);
    script.assertDone();
    expect(result.summary).toBe("Two minutes [1].");
    expect(result.retrieval?.passages[0]?.hit.source).toBe("green.md");
  });

  it("of a group with retrieval searches before it answers", async () => {
    const { script, parts } = play([
      "tea_master",
      wish("1", "retrieve_content", { message: "How is black tea steeped?" }),
      "tea_master",
      ({ messages }) => {
        expect(messages.at(-1)).toMatchObject({ role: "tool", toolCallId: "1" });
        expect(messages.at(-1)?.content).toContain("black.md, lines");
        return "At 95 degrees for four minutes.";
      },
      "reviewer",
      "That is what black.md says. TERMINATE",
    ]);
    const result = await runGroupWithRetrieval(parts);
    script.assertDone();
    expect(result.chatHistory.map(({ name }) => name)).toEqual([
      "host",
      "tea_master",
      "host",
      "tea_master",
      "reviewer",
    ]);
    expect(result.conversation.toolCalls).toMatchObject([{ tool: "retrieve_content", agent: "host", outcome: "ok" }]);
  });

  it("of several humans asks the expert only when it must, and the student at the end", async () => {
    const { script, parts } = play([
      wish("1", "ask_expert", { message: "What makes the tides?" }),
      "What should I say?",
      "The moon pulls the water.",
      ({ messages }) => {
        expect(messages.at(-1)?.content).toBe("The moon pulls the water.");
        return "The moon pulls the water. TERMINATE";
      },
      "Because of its gravity. TERMINATE",
    ]);
    const student = createScriptedHumanInput(["And why?", "exit"]);
    const expert = createScriptedHumanInput(["Say that the moon pulls the water.", "exit"]);
    const result = await runSeveralHumans(parts, { student, expert });
    for (const one of [script, student, expert]) one.assertDone();
    expect(result.summary).toBe("Because of its gravity.");
    expect(result.humanInput).toEqual(["And why?", "exit"]);
  });
});

describe("the board of the example", () => {
  it("knows twenty first moves, whose turn it is, and what stands in the way", () => {
    const board = new Board();
    expect(board.legalMoves()).toHaveLength(20);
    expect(board.move({ from: "g1", to: "f3" })).toBe("Moved N from g1 to f3.");
    expect(() => board.move({ from: "f3", to: "e5" })).toThrow(/not allowed for black/);
    expect(() => board.move({ from: "d8", to: "d6" })).toThrow(/nothing/);
  });
});
