import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { UseCases } from "../../src/answering/use-cases.ts";
import { compose } from "../../src/compose.ts";
import { loadConfig } from "../../src/config.ts";
import { runToEnd } from "../../src/domain/run-to-end.ts";
import { EXAMPLE_QUESTIONS } from "../../src/web/words.ts";

/** How the answers to the questions of the start page begin. */
const BEGINNINGS: Readonly<Record<string, string>> = {
  "How do I install citewell?": "To install citewell and start it, run two commands",
  "Which file formats can it read?": "These file types are supported",
  "What does “insufficient” mean?": "`insufficient` means that the documents do not hold the answer",
  "How do I use it with Qdrant?": "To use citewell with Qdrant, start a server",
};

describe("the questions that the start page suggests", () => {
  let folder = "";
  let useCases: UseCases | undefined;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "citewell-examples-"));
    useCases = await compose(loadConfig({ env: { CITEWELL_DATA: folder, XDG_CACHE_HOME: folder }, cwd: folder }));
  });
  afterAll(async () => {
    await useCases?.close();
    await rm(folder, { recursive: true, force: true });
  });

  it("are those that are asked here", () => {
    expect(EXAMPLE_QUESTIONS.toSorted()).toEqual(Object.keys(BEGINNINGS).toSorted());
  });

  // A server answers by words before the vectors are there.
  it.each([true, false])(
    "are answered from the handbook, with words only: %s",
    { timeout: 300_000 },
    async (wordsOnly) => {
      if (useCases === undefined) throw new TypeError("Nothing was opened.");
      const roots = [join(process.cwd(), "corpora")];
      await runToEnd(useCases.ingestRoots({ collection: "default", roots, wordsOnly }));
      for (const [question, beginning] of Object.entries(BEGINNINGS)) {
        const { status, answer } = await runToEnd(useCases.answerQuestion({ question }));
        expect(status, question).toBe("answered");
        expect(answer.startsWith(beginning), answer).toBe(true);
      }
    },
  );
});
