import { expect, it } from "vitest";
import type { Answer } from "../../src/domain/answer.ts";
import { measureAnswer } from "../../src/evaluation/measure-answer.ts";
import { CITATION, createFakeUseCases, DOCUMENT, DOCUMENT_TEXT, fakeAnswer } from "../server/fake-use-cases.ts";
import { QUESTION } from "./sample-question.ts";

async function metricsOf(part: Partial<Answer>): Promise<Readonly<Record<string, number>>> {
  const useCases = createFakeUseCases({
    async *answerQuestion({ question }) {
      const answer = { ...fakeAnswer(question), ...part };
      yield { type: "answer", answer };
      return answer;
    },
  });
  const resolver = {
    resolve: async () => ({ references: [], stale: [] }),
    read: async () => ({ document: DOCUMENT, text: DOCUMENT_TEXT, chunks: [] }),
  };
  const parts = { useCases, question: QUESTION, references: [], resolver, collection: "default", model: null };
  return (await measureAnswer(parts)).metrics;
}

it("counts a citation that was dropped as one that does not hold", async () => {
  const dropped = [{ marker: 2, reason: "gone" }];
  expect(await metricsOf({})).toMatchObject({ citationValid: 1, citationSupported: 1 });
  expect(await metricsOf({ droppedCitations: dropped })).toMatchObject({ citationValid: 0.5, citationSupported: 0.5 });
});

it("takes no statement for supported by a quote that does not stand where it says", async () => {
  const { span } = CITATION;
  const moved = { ...CITATION, span: { start: span.start + 1, end: span.end + 1 } };
  expect(await metricsOf({ citations: [CITATION, moved] })).toMatchObject({
    citationValid: 0.5,
    citationSupported: 0.5,
  });
});
