import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import type { UseCases } from "../../src/answering/use-cases.ts";
import type { Hit } from "../../src/domain/hit.ts";
import { compareReports } from "../../src/evaluation/compare-reports.ts";
import { diffReports } from "../../src/evaluation/diff-reports.ts";
import { readReport, type EvalReport } from "../../src/evaluation/eval-report.ts";
import { parseQuestions } from "../../src/evaluation/read-questions.ts";
import { runEvaluation, summarise } from "../../src/evaluation/run-evaluation.ts";
import { writeReport } from "../../src/evaluation/write-report.ts";
import { createFakeUseCases, DOCUMENT, DOCUMENT_TEXT, HIT } from "../server/fake-use-cases.ts";

const QUESTIONS = parseQuestions(
  [
    { id: "found", question: "How?", references: [{ source: "install.md", text: HIT.text }], answers: ["Run it once"] },
    { id: "missed", question: "Where?", references: [{ source: "install", text: "Remove the package" }] },
    { id: "document", question: "What?", sources: ["guide/install.md"] },
    { id: "stale", question: "When?", references: [{ source: "install.md", text: "at midnight" }] },
    { id: "gone", question: "Who?", references: [{ source: "other.md", text: "x" }] },
    { id: "code", query: "Change it", relevant: ["guide/install.md"] },
    { id: "none", question: "Why?", unanswerable: true },
  ]
    .map((line) => JSON.stringify(line))
    .join("\n"),
  "set",
);

async function run(overrides: Partial<UseCases> = {}, ask?: { model: string | null }): Promise<EvalReport> {
  return runEvaluation({
    useCases: createFakeUseCases(overrides),
    questions: QUESTIONS,
    questionsFile: "set.jsonl",
    collection: "default",
    ...(ask === undefined ? {} : { ask }),
  });
}

function metricsOf(report: EvalReport, id: string): Readonly<Record<string, number>> {
  return report.results.find((result) => result.id === id)?.metrics ?? {};
}

describe("runEvaluation", () => {
  it("measures each question by what it is about", async () => {
    const report = await run();
    expect(metricsOf(report, "found")).toEqual({
      recallAt1: 1,
      recallAt5: 1,
      recallAt10: 1,
      mrr: 1,
      ndcgAt10: 1,
      wrongRefusal: 0,
      spanRecall: 1,
      spanPrecision: 1,
      iou: 1,
      // The fakes have no chunks.
      precisionOmega: 0,
    });
    expect(metricsOf(report, "missed")).toMatchObject({ recallAt10: 0, mrr: 0, spanRecall: 0, iou: 0 });
    expect(metricsOf(report, "document")).toEqual({
      recallAt1: 1,
      recallAt5: 1,
      recallAt10: 1,
      mrr: 1,
      ndcgAt10: 1,
      wrongRefusal: 0,
    });
    expect(metricsOf(report, "code")).toMatchObject({ recallAt5: 0 });
    expect(metricsOf(report, "none")).toEqual({ rightRefusal: 0 });
    expect(report).toMatchObject({ questions: 7, unanswerable: 1, model: null, embeddingModel: "all-MiniLM-L6-v2" });
    expect(report.metrics["recallAt1"]).toMatchObject({ mean: 0.5, n: 4 });
  });

  it("reports labels that do not fit, and does not rank their questions", async () => {
    const report = await run();
    expect(report.stale).toEqual([
      { id: "stale", source: "install.md", reason: "its text is not in the document" },
      { id: "gone", source: "other.md", reason: "no such document" },
    ]);
    expect(metricsOf(report, "stale")).toEqual({ wrongRefusal: 0 });
  });

  it("finds a row of a file of rows by its id, and ranks rows apart", async () => {
    const lines = ["h1", "h2", "h3"].map((id, index) => `| row ${index + 1} | id: ${id} | text: Words of ${id}. |`);
    const text = `${lines.join("\n")}\n`;
    const document = { ...DOCUMENT, source: "corpus.jsonl", language: "jsonl" };
    const fakes = createFakeUseCases();
    const hitOf = (line: string): Hit => {
      const start = text.indexOf(line);
      return { ...HIT, source: document.source, span: { start, end: start + line.length }, text: line };
    };
    const useCases = createFakeUseCases({
      documents: {
        ...fakes.documents,
        list: async () => ({ documents: [document], nextCursor: null }),
        get: async () => ({ document, text, chunks: [] }),
      },
      searchCorpus: async (request) => ({
        ...(await fakes.searchCorpus(request)),
        hits: lines.toReversed().map(hitOf),
      }),
    });
    const questions = parseQuestions(
      [
        { id: "two", question: "?", evidence: [{ doc: "h1" }, { doc: "h3" }] },
        { id: "gone", question: "?", evidence: [{ doc: "h4" }] },
      ]
        .map((line) => JSON.stringify(line))
        .join("\n"),
      "set",
    );
    const report = await runEvaluation({ useCases, questions, questionsFile: "x", collection: "default" });
    expect(report.results[0]?.references?.map(({ rank }) => rank)).toEqual([3, 1]);
    expect(report.stale).toEqual([{ id: "gone", source: "h4", reason: "no such document" }]);
  });

  it("hands over what was measured when it is aborted or fails", async () => {
    const controller = new AbortController();
    const reason = new Error("enough");
    let kept: EvalReport | undefined;
    const running = runEvaluation({
      useCases: createFakeUseCases(),
      questions: QUESTIONS,
      questionsFile: "x",
      collection: "default",
      signal: controller.signal,
      onQuestion: (done) => void (done === 2 && controller.abort(reason)),
      onFailure: (report) => {
        kept = report;
      },
    });
    await expect(running).rejects.toBe(reason);
    expect(kept).toMatchObject({ interrupted: true, questions: 2, metrics: { recallAt1: { mean: 0.5, n: 2 } } });
  });

  it("says when the questions' own file is searched", async () => {
    const questionsPath = `${DOCUMENT.root}/${DOCUMENT.source}`;
    const options = { useCases: createFakeUseCases(), questions: QUESTIONS, questionsFile: "x", collection: "default" };
    const { remarks } = await runEvaluation({ ...options, questionsPath });
    expect(remarks).toEqual([expect.stringMatching(/own file, guide\/install\.md, is in the collection/)]);
  });

  it("takes a text that has moved at its new place, and refuses one that is there twice", async () => {
    const questions = parseQuestions(
      [
        {
          id: "moved",
          question: "?",
          corpus: "install",
          references: [{ start: 0, end: 5, text: "Remove the package" }],
        },
        { id: "twice", question: "?", corpus: "install", references: [{ text: "install" }] },
        { id: "behind", question: "?", corpus: "install", references: [{ start: 9, end: 9_999 }] },
      ]
        .map((line) => JSON.stringify(line))
        .join("\n"),
      "set",
    );
    const start = DOCUMENT_TEXT.indexOf("Remove");
    const useCases = createFakeUseCases({
      searchCorpus: async ({ query }) => ({
        query,
        collection: "default",
        mode: "hybrid",
        hits: [{ ...HIT, span: { start, end: start + 18 } }],
        evidence: "good",
        timing: { embedMs: 0, searchMs: 0 },
      }),
    });
    const report = await runEvaluation({ useCases, questions, questionsFile: "x", collection: "default" });
    expect(metricsOf(report, "moved")).toMatchObject({ spanRecall: 1, iou: 1 });
    expect(report.stale).toEqual([
      { id: "twice", source: "install", reason: "its text is there more than once" },
      { id: "behind", source: "install", reason: expect.stringMatching(/^it ends at 9999, and the document has \d+/) },
    ]);
  });

  it("measures answers, checks their quotes against the text, and keeps abstentions apart", async () => {
    const report = await run({}, { model: null });
    expect(metricsOf(report, "found")).toMatchObject({
      wrongAbstention: 0,
      answerExact: 0,
      citationValid: 1,
      citationOnReference: 1,
    });
    expect(metricsOf(report, "missed")).toMatchObject({ citationValid: 1, citationOnReference: 0 });
    expect(metricsOf(report, "none")).toEqual({ rightRefusal: 0, rightAbstention: 0 });
    expect(report.model).toBe("extractive");
    const lying = await run(
      {
        documents: {
          ...createFakeUseCases().documents,
          get: async () => ({ document: DOCUMENT, text: DOCUMENT_TEXT.replace("Run", "Ran"), chunks: [] }),
        },
      },
      { model: null },
    );
    expect(metricsOf(lying, "document")).toMatchObject({ citationValid: 0 });
  });
});

describe("writeReport and readReport", () => {
  it("give back what was written, with a page of its own", async () => {
    const folder = await mkdtemp(path.join(tmpdir(), "citewell-report-"));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    const report = { ...(await run()), collection: "<b>&" };
    await writeReport(report, folder);
    expect(await readReport(path.join(folder, "report.json"))).toEqual(report);
    const html = await readFile(path.join(folder, "report.html"), "utf8");
    expect(html).toContain("&#60;b&#62;&#38;");
    expect(html).toContain("<svg");
    expect(html).not.toMatch(/<script|https?:\/\//);
    expect((await readFile(path.join(folder, "results.jsonl"), "utf8")).trim().split("\n")).toHaveLength(7);
    await expect(readReport(path.join(folder, "results.jsonl"))).rejects.toMatchObject({ code: "usage_invalid" });
    await expect(readReport(path.join(folder, "none.json"))).rejects.toMatchObject({ code: "path_not_found" });
    // As `eval run --json > report.json` writes it in Windows PowerShell.
    await writeFile(path.join(folder, "shell.json"), `\uFEFF${JSON.stringify(report)}`, "utf16le");
    expect(await readReport(path.join(folder, "shell.json"))).toEqual(report);
  });
});

const made = (values: readonly number[], name = "recallAt5"): EvalReport => {
  const results = values.map((value, index) => ({
    id: `q${index}`,
    question: "?",
    metrics: { [name]: value },
    found: [],
  }));
  return {
    version: 1,
    questionsFile: "x",
    collection: "c",
    embeddingModel: "m",
    createdAt: "2026-11-20T00:00:00.000Z",
    model: null,
    questions: values.length,
    unanswerable: 0,
    stale: [],
    metrics: summarise(results),
    results,
    seconds: 1,
  };
};

describe("compareReports", () => {
  const ones = Array.from({ length: 40 }, () => 1);

  it("finds a loss in pairs, and none in noise", () => {
    expect(compareReports(made(ones), made(ones.map((_, index) => (index < 8 ? 0 : 1)))).regressed).toBe(true);
    const noisy = ones.map((_, index) => (index % 2 === 0 ? 1 : 0));
    const other = ones.map((_, index) => (index % 2 === 1 ? 1 : 0));
    expect(compareReports(made(noisy), made(other)).metrics[0]?.verdict).toBe("same");
    expect(compareReports(made(ones), made(ones.map((_, index) => (index === 0 ? 0 : 1)))).regressed).toBe(false);
  });

  it("knows which way is better", () => {
    const [refusals] = compareReports(
      made(
        ones.map(() => 0),
        "wrongRefusal",
      ),
      made(ones, "wrongRefusal"),
    ).metrics;
    expect(refusals?.verdict).toBe("worse");
    const [recall] = compareReports(made(ones.map(() => 0)), made(ones)).metrics;
    expect(recall?.verdict).toBe("better");
  });

  it("compares what both have, and names the rest", () => {
    expect(compareReports(made([1, 1, 1]), made([1, 1]))).toMatchObject({
      questions: 2,
      onlyBaseline: ["q2"],
      onlyCurrent: [],
    });
    expect(() => compareReports(made([1]), { ...made([1]), results: [] })).toThrow(/no question in common/);
  });

  it("calls nothing worse that chance explains, and says when a set is too small for a test", () => {
    const few = compareReports(made(ones), made(ones.map((_, index) => (index < 4 ? 0 : 1))));
    expect(few.metrics[0]).toMatchObject({ won: 0, lost: 4, p: 0.125, verdict: "same" });
    expect(few.remarks).toEqual([]);
    const tiny = compareReports(made([1, 1, 1]), made([0, 0, 0]));
    expect(tiny).toMatchObject({
      regressed: true,
      remarks: [expect.stringContaining("Only 3 questions are compared")],
    });
    expect(compareReports(made([1, 1, 1]), made([0, 1, 1])).regressed).toBe(false);
    // Of five questions no outcome is significant, of six one would be.
    expect(compareReports(made([1, 1, 1, 1, 1]), made([0, 0, 0, 0, 1])).regressed).toBe(true);
    expect(compareReports(made([1, 1, 1, 1, 1, 1]), made([0, 0, 0, 0, 0, 1])).regressed).toBe(false);
  });

  it("takes labels that are all out of date for no success", () => {
    const current = {
      ...made(ones, "wrongRefusal"),
      stale: ones.map((_, index) => ({ id: `q${index}`, source: "gone.md", reason: "no such document" })),
    };
    expect(compareReports(made(ones), current)).toMatchObject({ regressed: true, unmeasured: ["recallAt5"] });
    expect(compareReports(made(ones), { ...current, stale: [] })).toMatchObject({ regressed: false, unmeasured: [] });
  });

  it("takes rounded reports for the same", () => {
    const rounded = ones.map(() => 0.6667);
    const exact = ones.map(() => 2 / 3);
    expect(compareReports(made(rounded), made(exact)).metrics[0]?.verdict).toBe("same");
    expect(diffReports(made(rounded), made(exact))).toEqual([]);
  });

  it("leaves out questions in other words, and says when models differ", () => {
    const current = { ...made([1, 1]), embeddingModel: "n", model: "b" };
    const [first, second] = current.results;
    if (first === undefined || second === undefined) throw new TypeError("Two results are needed.");
    const reworded = { ...current, results: [{ ...first, question: "Why?" }, second] };
    const comparison = compareReports({ ...made([1, 1]), model: "a" }, reworded);
    expect(comparison).toMatchObject({ questions: 1, reworded: ["q0"] });
    expect(comparison.remarks.join(" ")).toMatch(/Only one question is .*"m" in the baseline, "n" now\..*"a".*"b"/);
    expect(() => compareReports(made([1]), { ...current, results: [{ ...first, question: "Why?" }] })).toThrow(
      /share ids, but not one question/,
    );
  });
});

describe("diffReports", () => {
  it("says what moved: the rank, the parts of the score, the document, the label", async () => {
    const before = await run();
    const found = before.results[0]?.references?.[0]?.found ?? null;
    const after: EvalReport = {
      ...before,
      stale: [...before.stale, { id: "missed", source: "install", reason: "no such document" }],
      results: before.results.map((result) => {
        if (result.id === "missed") return { ...result, metrics: { wrongRefusal: 0 } };
        if (result.id !== "found" || found === null) return result;
        const reference = { source: DOCUMENT.source, start: 1, end: 2, rank: 3, contentHash: "other" };
        const moved = { ...reference, found: { ...found, dense: 0.5, score: 0.6 } };
        return { ...result, metrics: { ...result.metrics, mrr: 1 / 3 }, references: [moved] };
      }),
    };
    const reasons = Object.fromEntries(diffReports(before, after).map((one) => [one.id, one.reasons]));
    expect(reasons).toEqual({
      found: [
        "guide/install.md at 1: rank 1 → rank 3 (dense 0.64 → 0.50, score 0.71 → 0.60)",
        "guide/install.md has changed in between.",
      ],
      missed: ["The label is out of date: install: no such document."],
    });
  });

  it("lists the questions that lost most first", () => {
    expect(diffReports(made([1, 0.5, 1]), made([1, 1, 0])).map(({ id, metrics }) => [id, metrics])).toEqual([
      ["q2", { recallAt5: [1, 0] }],
      ["q1", { recallAt5: [0.5, 1] }],
    ]);
  });
});
