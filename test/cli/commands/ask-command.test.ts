import { describe, expect, it } from "vitest";
import type { AnswerQuestion, AnswerRequest } from "../../../src/answering/use-cases.ts";
import type { Answer, AnswerEvent } from "../../../src/domain/answer.ts";
import { createAnswer, createHit, runProgram } from "../run-program.ts";

function answering(answer: Answer = createAnswer(), events: readonly AnswerEvent[] = []) {
  const requests: AnswerRequest[] = [];
  const answerQuestion: AnswerQuestion = async function* (request) {
    requests.push(request);
    yield* events;
    yield { type: "answer", answer };
    return answer;
  };
  return { requests, useCases: { answerQuestion } };
}

const delta = (text: string): AnswerEvent => ({ type: "delta", text });

const SOURCES = '\nSources\n[1] docs/guide/install.md:3-9\n    "It asks for a key."\n';

describe("ask", () => {
  it("prints the answer and its sources", async () => {
    const { useCases } = answering(createAnswer(), [delta("It asks")]);
    const run = await runProgram(["ask", "What", "is asked?"], { useCases });
    expect(run).toMatchObject({ exitCode: 0, stderr: "" });
    expect(run.stdout).toBe(`It asks for a key [1].\n${SOURCES}`);
  });

  it("prints the headings over a source, which tell the chapter of a book without pages", async () => {
    const given = createAnswer();
    const citations = given.citations.map((citation) => ({ ...citation, heading: "The lock > Keys" }));
    const { stdout } = await runProgram(["ask", "x"], answering({ ...given, citations }, [delta("It asks")]));
    expect(stdout).toContain("[1] docs/guide/install.md:3-9  The lock > Keys\n");
  });

  it("breaks the lines of an answer between words on a terminal only", async () => {
    const text = `${"It asks for a key that somebody else keeps. ".repeat(4)}[1]`;
    const { useCases } = answering({ ...createAnswer(), answer: text }, [
      delta(text.slice(0, 60)),
      delta(text.slice(60)),
    ]);
    for (const flags of [[], ["--stream"]]) {
      const piped = await runProgram(["ask", "What?", ...flags], { useCases });
      expect(piped.stdout).toContain(`${text}\n`);
      const shown = await runProgram(["ask", "What?", "--no-color", ...flags], {
        useCases,
        isTerminal: { stdout: true },
      });
      expect(shown.stdout).toContain("It asks for\na key that");
      expect(shown.stdout.replaceAll("\n", " ")).toContain(text);
    }
  });

  it("hands question and flags on", async () => {
    const { requests, useCases } = answering();
    const flags = ["--task", "code", "--limit", "3", "--max-rounds", "2", "--model", "m", "--collection", "c"];
    await runProgram(["ask", "What", "now?", ...flags], { useCases });
    expect(requests).toEqual([
      {
        question: "What now?",
        collection: "c",
        task: "code",
        limit: 3,
        maxRounds: 2,
        model: "m",
        signal: expect.any(AbortSignal),
      },
    ]);
  });

  it.each(["ask", "chat"])("%s looks only where the flags say", async (command) => {
    const { requests, useCases } = answering();
    const words = command === "ask" ? ["What?"] : [];
    const flags = ["--source", "guide/**", "--source", "a.md", "--language", "markdown", "--meta", "team=docs"];
    await runProgram([command, ...words, ...flags], { useCases, stdin: "What?\n" });
    expect(requests[0]?.filter).toEqual({
      source: ["guide/**", "a.md"],
      language: ["markdown"],
      metadata: { team: ["docs"] },
    });
  });

  it.each([[["ask"]], [["ask", "-"]]])("reads standard input with %j", async (args) => {
    const { requests, useCases } = answering();
    await runProgram(args, { useCases, stdin: "  What now?\n" });
    expect(requests[0]?.question).toBe("What now?");
  });

  it.each([
    ["on a terminal", { isTerminal: { stdin: true } }],
    ["with empty input", { stdin: "\n" }],
  ])("asks for a question %s, and prompts for none", async (_, options) => {
    const run = await runProgram(["ask"], options);
    expect(run).toMatchObject({ exitCode: 2, stdout: "", config: undefined });
    expect(run.stderr).toMatch(/A question is missing/);
  });

  it("prints the answer object with --json", async () => {
    const run = await runProgram(["ask", "x", "--json"], answering(createAnswer(), [delta("It")]));
    expect(JSON.parse(run.stdout)).toEqual(createAnswer());
  });

  it("prints every event on its line with --json --stream", async () => {
    const run = await runProgram(["ask", "x", "--json", "--stream"], answering(createAnswer(), [delta("It")]));
    const lines = run.stdout.trimEnd().split("\n");
    expect(lines.map((line): unknown => JSON.parse(line))).toEqual([
      { type: "delta", text: "It" },
      { type: "answer", answer: createAnswer() },
    ]);
  });

  it("streams the answer once", async () => {
    const events = [delta("It asks "), delta("for a key [1].")];
    const run = await runProgram(["ask", "x", "--stream"], answering(createAnswer(), events));
    expect(run.stdout).toBe(`It asks for a key [1].\n${SOURCES}`);
  });

  it("shows control characters of an answer as signs", async () => {
    const answer = createAnswer({ answer: "It \u001B[8masks." });
    expect((await runProgram(["ask", "x"], answering(answer))).stdout).toMatch(/^It ␛\[8masks\.\n/);
    const streamed = await runProgram(
      ["ask", "x", "--stream"],
      answering(answer, [delta("It \u001B[8m"), delta("asks.")]),
    );
    expect(streamed.stdout).toMatch(/^It ␛\[8masks\.\n/);
  });

  it("prints the checked answer when it differs from what was streamed", async () => {
    const run = await runProgram(["ask", "x", "--stream"], answering(createAnswer(), [delta("It asks [1][2].")]));
    expect(run.stdout).toBe(`It asks [1][2].\n\nAfter checking the citations:\nIt asks for a key [1].\n${SOURCES}`);
  });

  it("sets rounds apart when the model asks for another context", async () => {
    const events: AnswerEvent[] = [
      delta("Not sure."),
      { type: "context-update", round: 2, query: "key" },
      delta("It asks for a key [1]."),
    ];
    const run = await runProgram(["ask", "x", "--stream"], answering(createAnswer(), events));
    expect(run.stdout).toBe(`Not sure.\n\nIt asks for a key [1].\n${SOURCES}`);
  });

  it("says what was searched when the collection does not hold an answer, and ends with 0", async () => {
    const answer = createAnswer({
      answer: "I do not know.",
      status: "insufficient",
      citations: [],
      searches: [
        { query: "moon", hits: 1 },
        { query: "moon rock", hits: 0 },
      ],
    });
    const run = await runProgram(["ask", "x"], answering(answer));
    expect(run.exitCode).toBe(0);
    expect(run.stdout).toBe(
      'I do not know.\n\nThe collection "default" does not hold enough to answer this.\n' +
        'Searched for:\n  "moon" (1 passage)\n  "moon rock" (0 passages)\n' +
        "For the passages that come nearest, give the same question to `citewell search`.\n",
    );
    const searches = [{ query: "moon", hits: 0 }];
    const nothing = await runProgram(["ask", "x"], answering({ ...answer, searches }));
    expect(nothing.stdout).not.toContain("nearest");
  });

  it("marks a partial answer", async () => {
    const run = await runProgram(["ask", "x"], answering(createAnswer({ status: "partial" })));
    expect(run.stdout).toContain("\n\nPartial answer: ");
  });

  it("adds rounds, searches, scores and dropped citations with --explain", async () => {
    const answer = createAnswer({ droppedCitations: [{ marker: 2, reason: "the quote is not in the text" }] });
    const { stdout } = await runProgram(["ask", "x", "--explain"], answering(answer));
    expect(stdout).toMatch(/^Rounds +1$/m);
    expect(stdout).toMatch(/^Tokens +1,200 in, 34 out$/m);
    expect(stdout).toMatch(/^Cost +unknown$/m);
    expect(stdout).toMatch(/^Time +12 ms retrieval, 2\.5 s answer, 2\.5 s in all$/m);
    expect(stdout).toContain("  installer asks (8 passages)");
    expect(stdout).toContain("  [1]  0.71  docs/guide/install.md:3-9");
    expect(stdout).toContain("  [2] the quote is not in the text");
  });

  it("shows on a terminal what is going on, and takes it away again", async () => {
    const events: AnswerEvent[] = [{ type: "retrieval", query: "key", hits: [createHit(), createHit()] }];
    const run = await runProgram(["ask", "x"], { ...answering(createAnswer(), events), isTerminal: { stderr: true } });
    expect(run.stderr).toBe("\r\u001B[2KReading 2 passages …\r\u001B[2K");
  });

  it("cuts what is going on at the edge of a narrow terminal, where a line that wraps could not be taken away", async () => {
    const events: AnswerEvent[] = [
      { type: "context-update", round: 2, query: "what the installer asks for at the end" },
    ];
    const options = { ...answering(createAnswer(), events), isTerminal: { stderr: true }, columns: 30 };
    const { stderr } = await runProgram(["ask", "x"], options);
    expect(stderr).toBe("\r\u001B[2KRound 2: looking for what the\r\u001B[2K");
  });
});

describe("chat", () => {
  it("answers line by line in one conversation, until exit", async () => {
    const { requests, useCases } = answering(createAnswer(), [delta("It asks for a key [1].")]);
    const run = await runProgram(["chat"], { useCases, stdin: "first\n\nsecond\nexit\nthird\n" });
    expect(run).toMatchObject({ exitCode: 0, stderr: "" });
    expect(requests.map(({ question, conversationId }) => [question, conversationId])).toEqual([
      ["first", undefined],
      ["second", "conversation-1"],
    ]);
    expect(run.stdout).toBe(`It asks for a key [1].\n${SOURCES}\n`.repeat(2));
  });

  it("ends with the input, and prints answer objects with --json", async () => {
    const run = await runProgram(["chat", "--json"], { ...answering(), stdin: "first\nsecond" });
    expect(run.exitCode).toBe(0);
    expect(run.stdout.trimEnd().split("\n")).toHaveLength(2);
  });

  it.each([
    ["Ctrl-C", "\u0003", 130],
    ["Ctrl-D", "\u0004", 0],
  ])("leaves the line of its prompt when %s ends it", async (_, stdin, exitCode) => {
    const isTerminal = { stdin: true, stdout: true };
    const run = await runProgram(["chat", "--no-color"], { ...answering(), stdin, isTerminal });
    expect(run.exitCode).toBe(exitCode);
    expect(run.stdout).toMatch(/> .*\n$/su);
  });
});
