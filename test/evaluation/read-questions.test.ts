import { writeFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { parseQuestions, readQuestions } from "../../src/evaluation/read-questions.ts";
import { createFolder } from "../ingest/temporary-folder.ts";

const read = (...lines: readonly unknown[]): ReturnType<typeof parseQuestions> =>
  parseQuestions(lines.map((line) => (typeof line === "string" ? line : JSON.stringify(line))).join("\n"), "set.jsonl");

it.each(["utf8", "utf16le"] as const)("reads a file in %s past its byte order mark", async (encoding) => {
  const { path: folder } = await createFolder({});
  const file = path.join(folder, "set.jsonl");
  await writeFile(file, `\uFEFF${JSON.stringify({ id: "1", question: "Wo ist das Öl?", answers: [] })}`, encoding);
  expect(await readQuestions(file)).toMatchObject([{ question: "Wo ist das Öl?" }]);
});

describe("parseQuestions", () => {
  it("reads passages by text, and by place in a corpus", () => {
    expect(
      read(
        { id: "1", question: "Q?", references: [{ source: "a.md", text: "A." }] },
        {
          id: "2",
          question: "Q?",
          corpus: "b",
          references: [{ start: 2, end: 4, text: "B." }],
          answers: [{ text: "B" }],
        },
      ),
    ).toMatchObject([
      { kind: "passages", unanswerable: false, references: [{ source: "a.md", span: null, text: "A." }] },
      { references: [{ source: "b", span: { start: 2, end: 4 }, text: "B." }], answers: ["B"] },
    ]);
  });

  it("reads whole documents and files of code", () => {
    expect(
      read(
        { id: "1", question: "Q?", evidence: [{ doc: "h1" }], answers: ["x"] },
        { id: "2", query: "fix(a): do", query_noscope: "fix: do", relevant: ["src/a.ts"] },
        { id: "3", question: "Q?", sources: ["c.md"], must: ["x|y"], facts: ["z"], task: "code" },
      ),
    ).toMatchObject([
      { references: [{ source: "h1", span: null, text: null }] },
      { kind: "code", question: "fix: do", references: [{ source: "src/a.ts" }] },
      { must: [["x", "y"]], facts: ["z"], task: "code" },
    ]);
  });

  it("takes what names nothing to find as unanswerable", () => {
    expect(
      read({ id: "1", question: "Q?", answers: [] }, { id: "2", question: "Q?", unanswerable: true, must: ["no"] }),
    ).toMatchObject([{ unanswerable: true }, { unanswerable: true }]);
  });

  it("takes a question with nothing but answers as answerable, and a number as an id", () => {
    expect(read({ id: 7, question: "Q?", answers: ["A"] })).toMatchObject([
      { id: "7", unanswerable: false, answers: ["A"] },
    ]);
  });

  it.each([
    [["{"], /set\.jsonl, line 1 is not JSON \(.+\); each line/],
    [[{ id: "1" }], /line 1: `question`: is missing/],
    [["", { id: true, question: "Q", answers: [] }], /line 2: `id`: must be a text or a number/],
    [
      [{ id: "1", question: "Q", refrences: [{ source: "a", text: "b" }] }],
      /line 1: what is right is missing: give one/,
    ],
    [[{ id: "1", question: "Q", references: [{ text: "b" }] }], /`references`: name no document/],
    [[{ id: "1", question: "Q", corpus: "a", references: [{ start: 3 }] }], /`references\.0`: start and end belong/],
    [[{ id: "1", question: "Q", corpus: "a", references: [{ start: 3, end: 3 }] }], /`references\.0`: end must lie/],
    [
      [
        { id: "1", question: "Q", answers: [] },
        { id: "1", question: "R", answers: [] },
      ],
      /line 2: the id 1 is that of line 1 too/,
    ],
  ])("names the line of %j", (lines, message) => {
    expect(() => read(...lines)).toThrow(message);
  });
});
