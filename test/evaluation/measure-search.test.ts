import { expect, it } from "vitest";
import type { SearchRequest } from "../../src/answering/use-cases.ts";
import type { Hit } from "../../src/domain/hit.ts";
import { measureSearch } from "../../src/evaluation/measure-search.ts";
import type { ResolvedReference } from "../../src/evaluation/resolve-labels.ts";
import { createFakeUseCases } from "../server/fake-use-cases.ts";
import { makeHit } from "../support/make-chunk.ts";
import { QUESTION } from "./sample-question.ts";

const passage = (start: number, end: number): ResolvedReference => ({
  documentId: "d",
  source: "d.md",
  span: { start, end },
  unit: "passage",
  contentHash: "",
});
const document = (documentId: string): ResolvedReference => ({
  documentId,
  source: documentId,
  span: null,
  unit: "document",
  contentHash: "",
});
const hitOf = (documentId: string, start = 0, end = 10): Hit =>
  makeHit({ text: "x".repeat(end - start), documentId, source: documentId, span: { start, end } });

async function ranksOf(
  references: readonly ResolvedReference[],
  hits: readonly Hit[],
  asked: SearchRequest[] = [],
): Promise<readonly (number | null)[]> {
  const fakes = createFakeUseCases();
  const useCases = createFakeUseCases({
    async searchCorpus(request) {
      asked.push(request);
      return { ...(await fakes.searchCorpus(request)), hits };
    },
  });
  const resolver = { resolve: async () => ({ references: [], stale: [] }), read: async () => null };
  const measured = await measureSearch({ useCases, question: QUESTION, references, resolver, collection: "c" });
  return measured.references?.map(({ rank }) => rank) ?? [];
}

it("takes a passage for found from half of its characters on", async () => {
  expect(await ranksOf([passage(0, 100)], [hitOf("d", 51, 200), hitOf("d", 50, 200)])).toEqual([2]);
});

it("counts a document at the first result that shows it, and others behind it one by one, up to ten", async () => {
  const names = ["b", "c", "d", "e", "f", "g", "h", "i", "j", "k"];
  const hits = [hitOf("a"), hitOf("a", 20, 30), ...names.map((name) => hitOf(name))];
  expect(await ranksOf(["a", "b", "j", "k"].map(document), hits)).toEqual([1, 2, 10, null]);
});

it("searches as a user would, and once more for a ranking that does not stop", async () => {
  const asked: SearchRequest[] = [];
  await ranksOf([passage(0, 10)], [], asked);
  await ranksOf([document("a")], [], asked);
  expect(asked.map(({ limit, stop }) => [limit, stop])).toEqual([
    [undefined, undefined],
    [10, false],
    [undefined, undefined],
    [30, false],
  ]);
});
