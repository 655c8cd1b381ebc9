import { describe, expect, it } from "vitest";
import type { PartState, UseCases } from "../../../src/answering/use-cases.ts";
import { CitewellError } from "../../../src/errors.ts";
import { createCollectionInfo, createRecord, fakeUseCases, runProgram } from "../run-program.ts";

describe("status", () => {
  const base = fakeUseCases({});
  const pages = [
    [
      createRecord({ ingestedAt: "2026-02-01T00:00:00.000Z" }),
      createRecord({ root: "/other", source: "x.md", chunks: 1 }),
    ],
    [createRecord({ source: "b.md", chunks: 1, bytes: 50, ingestedAt: "2026-03-01T10:20:30.000Z" })],
  ];
  const useCases: Partial<UseCases> = {
    collections: {
      ...base.collections,
      list: async () => [createCollectionInfo(), createCollectionInfo({ name: "empty", documents: 0, chunks: 0 })],
    },
    checkFreshness: async ({ documents }) =>
      [...new Set(documents.map(({ root }) => root))].toSorted().map((root) => ({
        root,
        isThere: root !== "/other",
        changed: root === "/other" ? 0 : 1,
        unfinished: 0,
        gone: root === "/other" ? 1 : 0,
      })),
    documents: {
      ...base.documents,
      list: async ({ collection, cursor }) => {
        if (collection === "empty") return { documents: [], nextCursor: null };
        return cursor === undefined
          ? { documents: pages[0] ?? [], nextCursor: "2" }
          : { documents: pages[1] ?? [], nextCursor: null };
      },
    },
  };

  it("prints each collection with its roots, over all pages", async () => {
    const { stdout, exitCode } = await runProgram(["status"], { useCases });
    expect(exitCode).toBe(0);
    expect(stdout).toContain("Store: embedded, in /project/.citewell\n");
    expect(stdout).toContain("default  2 documents, 5 chunks\n  all-MiniLM-L6-v2, sentences chunks of 150 tokens\n");
    expect(stdout).toMatch(/^ {2}\/project\/docs +2 +4 +2026-03-01 10:20 +stale: 1 changed$/m);
    expect(stdout).toMatch(/^ {2}\/other +1 +1 +2026-02-03 04:05 +gone$/m);
    expect(stdout).toContain("empty  0 documents, 0 chunks");
  });

  it("prints the same as JSON", async () => {
    const { stdout } = await runProgram(["status", "--json", "--collection", "default"], { useCases });
    expect(JSON.parse(stdout)).toMatchObject({
      store: "embedded",
      dataFolder: "/project/.citewell",
      collections: [
        {
          name: "default",
          documents: 2,
          chunks: 5,
          embeddingModel: "all-MiniLM-L6-v2",
          ingestedAt: "2026-03-01T10:20:30.000Z",
          roots: [
            { root: "/other", documents: 1, isThere: false, changed: 0, gone: 1 },
            { root: "/project/docs", documents: 2, chunks: 4, bytes: 150, ingestedAt: "2026-03-01T10:20:30.000Z" },
          ],
        },
      ],
    });
  });

  it.each([
    [{ isThere: null, changed: 0, unfinished: 1 }, "1 not finished"],
    [{ isThere: null, changed: 0, unfinished: 0 }, "-"],
    [{ isThere: true, changed: 0, unfinished: 3 }, "3 not finished"],
    [{ isThere: true, changed: 2, unfinished: 3 }, "stale: 2 changed, 3 not finished"],
  ])("tells what is not finished from what has changed: %j", async (state, shown) => {
    const checkFreshness: UseCases["checkFreshness"] = async () => [{ root: "/project/docs", ...state, gone: 0 }];
    const { stdout } = await runProgram(["status"], { useCases: { ...useCases, checkFreshness } });
    expect(/\/project\/docs .*:20 +(.*)$/m.exec(stdout)?.[1]).toBe(shown);
  });

  it("says that a collection is being re-indexed", async () => {
    const list = async () => [createCollectionInfo({ name: "empty", reindexing: { documents: 3, chunks: 7 } })];
    const collections = { ...base.collections, list };
    const { stdout } = await runProgram(["status"], { useCases: { ...useCases, collections } });
    expect(stdout).toContain("being re-indexed, or interrupted at it: 3 documents so far");
  });

  it("refuses a collection that is not there", async () => {
    const run = await runProgram(["status", "--collection", "nope"], { useCases });
    expect(run.exitCode).toBe(1);
    expect(run.stderr).toContain('There is no collection "nope"');
  });

  it("says what to do when nothing is stored", async () => {
    const none = { collections: { ...base.collections, list: async () => [] } };
    expect((await runProgram(["status"], { useCases: none })).stdout).toContain("citewell ingest <path>");
  });
});

describe("remove", () => {
  const removing = (removed: readonly string[]): Partial<UseCases> => ({
    documents: { ...fakeUseCases({}).documents, removeSources: async () => removed },
  });

  it("prints what went", async () => {
    const run = await runProgram(["remove", "old/**"], { useCases: removing(["old/a.md", "old/b.md"]) });
    expect(run).toMatchObject({ exitCode: 0, stdout: "old/a.md\nold/b.md\n" });
    expect(run.stderr).toBe('Removed 2 documents from "default".\n');
  });

  it("says for whom it waits", async () => {
    const documents: UseCases["documents"] = {
      ...fakeUseCases({}).documents,
      removeSources: async ({ sources, onWait }) => {
        onWait?.({ holder: "process 7 on box", since: "2026-11-20T10:00:00.000Z" });
        return sources;
      },
    };
    const run = await runProgram(["remove", "a.md"], { useCases: { documents } });
    expect(run.stderr).toMatch(/^citewell: waiting for process 7 on box, which ingests into the same collection\n/);
  });

  it("says how to reach into folders where a glob looked in the root alone", async () => {
    const flat = await runProgram(["remove", "*.csv"], { useCases: removing([]) });
    expect(flat.stderr).toContain("*.csv looks in the root alone: **/*.csv looks everywhere");
    const deep = await runProgram(["remove", "old/*.csv", "**/*.tsv"], { useCases: removing([]) });
    expect(deep.stderr).toContain("sources are paths relative to their root.");
  });

  it("ends with 1 and a sentence when nothing matched", async () => {
    const run = await runProgram(["remove", "old/**", "--json"], { useCases: removing([]) });
    expect(run.exitCode).toBe(1);
    expect(JSON.parse(run.stdout)).toEqual({ collection: "default", removed: [] });
    const message = 'No document in "default" matches old/**; sources are paths relative to their root.';
    expect(JSON.parse(run.stderr)).toEqual({ error: { code: "document_missing", message } });
  });
});

describe("doctor", () => {
  const part = (name: PartState["part"], ok: boolean): PartState => ({
    part: name,
    ok,
    detail: ok ? "is well" : "is ill",
  });
  const checking = (...parts: readonly PartState[]) => ({ useCases: { checkParts: async () => parts } });
  const env = { OPENAI_API_KEY: "sk-1234567890abcd", PORT: "9000" };

  it("prints parts and settings with where they came from, secrets masked", async () => {
    const run = await runProgram(["doctor"], { ...checking(part("store", true)), env });
    expect(run.exitCode).toBe(0);
    expect(run.stdout).toMatch(/^ {2}ok {2}store {2}is well$/m);
    expect(run.stdout).toMatch(/^ {2}port +9000 +PORT$/m);
    expect(run.stdout).toMatch(/^ {2}openaiApiKey +••••abcd +OPENAI_API_KEY$/m);
    expect(run.stdout).not.toContain("1234567890");
  });

  it.each([
    ["language model", 1],
    ["store", 4],
  ] as const)("gives a failing %s the exit code %i", async (name, exitCode) => {
    const run = await runProgram(["doctor", "--json"], {
      ...checking(part("data folder", true), part(name, false)),
      env,
    });
    expect(run.exitCode).toBe(exitCode);
    expect(JSON.parse(run.stdout)).toMatchObject({
      ok: false,
      parts: [{ ok: true }, { part: name, ok: false, detail: "is ill" }],
      settings: expect.arrayContaining([{ name: "port", value: "9000", origin: "PORT" }]),
    });
  });

  it("reports a store that cannot even be opened, and still prints the settings", async () => {
    const run = await runProgram(["doctor"], {
      openUseCases: async () => {
        throw new CitewellError("store_unavailable", "Nobody answers at http://db:6333.");
      },
    });
    expect(run.exitCode).toBe(4);
    expect(run.stdout).toMatch(/FAILS +store +Nobody answers/);
    expect(run.stdout).toContain("dataFolder");
  });
});
