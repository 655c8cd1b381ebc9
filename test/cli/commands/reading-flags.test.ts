import { describe, expect, it } from "vitest";
import type { AnswerQuestion, AnswerRequest, SearchRequest } from "../../../src/answering/use-cases.ts";
import type { Interpretation } from "../../../src/domain/hit.ts";
import { createAnswer, createSearchResult, runProgram } from "../run-program.ts";

const FILTER = { words: "in the guide", filter: { source: ["a.md", "b.md", "c.md", "d.md"] }, applied: true };
const INTERPRETATION: Interpretation = {
  queries: [
    { query: "And keys?", reason: "asked", weight: 0.4, evidence: "weak" },
    { query: "How are locks changed? And keys?", reason: "standalone", weight: 0.6, evidence: "good" },
  ],
  fusion: "mean",
  filter: FILTER,
  standalone: { text: "How are locks changed? And keys?", by: "rules", why: "it begins as a continuation" },
};

function answering(interpretation?: Interpretation) {
  const requests: AnswerRequest[] = [];
  const read = interpretation === undefined ? {} : { interpretation };
  const answer = createAnswer({ searches: [{ query: "And keys?", hits: 2, ...read }] });
  const answerQuestion: AnswerQuestion = async function* (request) {
    requests.push(request);
    yield { type: "answer", answer };
    return answer;
  };
  return { requests, useCases: { answerQuestion } };
}

describe("flags for the reading of questions", () => {
  it("search for several things together, or for the words as they are", async () => {
    const requests: SearchRequest[] = [];
    const useCases = {
      searchCorpus: async (request: SearchRequest) => {
        requests.push(request);
        return createSearchResult();
      },
    };
    await runProgram(["search", "keys", "--also", "locks", "--also", "bolts", "--as-is"], { useCases });
    await runProgram(["search", "keys"], { useCases });
    expect(requests[0]).toMatchObject({ query: "keys", queries: ["locks", "bolts"], interpret: false });
    expect(requests[1]).toMatchObject({ interpret: undefined });
    const wrong = await runProgram(["search", "--also", "locks", "--queries", "-"], { useCases });
    expect(wrong).toMatchObject({ exitCode: 2, stderr: expect.stringContaining("--also") });
  });

  it("ask the question as it is", async () => {
    const { requests, useCases } = answering();
    await runProgram(["ask", "And keys?", "--as-is"], { useCases });
    expect(requests[0]).toMatchObject({ question: "And keys?", interpret: false });
  });

  it("narrow searches and questions to documents by their metadata", async () => {
    const flags = ["--meta", "team=docs", "--meta", "year=2024", "--meta", "year=2025", "--meta", "note=a=b"];
    const metadata = { team: ["docs"], year: ["2024", 2024, "2025", 2025], note: ["a=b"] };
    const searches: SearchRequest[] = [];
    const searchCorpus = async (request: SearchRequest) => {
      searches.push(request);
      return createSearchResult();
    };
    const { requests, useCases } = answering();
    await runProgram(["search", "keys", "--language", "python", ...flags], { useCases: { searchCorpus } });
    await runProgram(["ask", "And keys?", ...flags], { useCases });
    expect(searches.map(({ filter }) => filter)).toEqual([{ language: ["python"], metadata }]);
    expect(requests.map(({ filter }) => filter)).toEqual([{ metadata }]);
    const wrong = await runProgram(["ask", "And keys?", "--meta", "team"], { useCases });
    expect(wrong).toMatchObject({ exitCode: 2, stderr: expect.stringContaining("team=docs") });
  });

  it("are named on standard error where a search was narrowed, with how much", async () => {
    const { useCases } = answering(INTERPRETATION);
    const run = await runProgram(["ask", "And keys?"], { useCases });
    expect(run.stderr).toContain(
      "Searched in a.md, b.md, c.md and 1 more only, because of “in the guide”; --as-is searches everything.",
    );
    expect((await runProgram(["ask", "And keys?", "--quiet"], { useCases })).stderr).toBe("");
    const dropped = { ...INTERPRETATION, filter: { ...FILTER, filter: { language: "python" }, applied: false } };
    const search = { searchCorpus: async () => createSearchResult({ interpretation: dropped }) };
    expect((await runProgram(["search", "keys"], { useCases: search })).stderr).toContain(
      "Little or nothing in python fits, which “in the guide” names; everything was searched.",
    );
  });

  it("are named on standard error where words were misspelt", async () => {
    const interpretation = { ...INTERPRETATION, filter: null, corrections: [{ written: "keyz", read: "keys" }] };
    const note = "Read “keyz” as “keys”; --as-is searches for what was written.";
    const { useCases } = answering(interpretation);
    expect((await runProgram(["ask", "And keyz?"], { useCases })).stderr).toContain(note);
    const explained = await runProgram(["ask", "And keyz?", "--explain"], { useCases });
    expect(explained.stdout).toContain("Read “keyz” as “keys”");
    const search = { searchCorpus: async () => createSearchResult({ interpretation }) };
    expect((await runProgram(["search", "keyz"], { useCases: search })).stderr).toContain(note);
  });

  it("show what was searched for with ask --explain", async () => {
    const { useCases } = answering(INTERPRETATION);
    const { stdout } = await runProgram(["ask", "And keys?", "--explain"], { useCases });
    expect(stdout).toMatch(/0\.40 +asked +weak +And keys\?/);
    expect(stdout).toMatch(/0\.60 +standalone +good +How are locks changed\?/);
    expect(stdout).toContain("Searched for (scores: weighted mean)");
    expect(stdout).toContain("Follow-up question, by rules: it begins as a continuation");
  });
});
