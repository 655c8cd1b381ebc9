import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { AnswerRequest } from "../../src/answering/use-cases.ts";
import { isIntroduction, type Answer } from "../../src/domain/answer.ts";
import { runToEnd } from "../../src/domain/run-to-end.ts";
import { createHashingEmbedder } from "../../src/embedding/hashing-embedder.ts";
import { createScriptedModel } from "../../src/language-model/scripted-model.ts";
import { answeringWith } from "../support/answering.ts";
import { openTestStore, storeFiles, type TestStore } from "../support/store-files.ts";

const FILES: Readonly<Record<string, string>> = {
  "notes/deep/seals.md": "# Seals\n\nA seal is checked every May.\n",
  "CONTRIBUTING.md": "# Contributing\n\nWrite to the harbour.\n",
  "guide/getting-started.md": "# First steps\n\nTake a boat.\n",
  "boats.md": "# The two boats\n\nThe boats lie at the northern pier.\n",
};

describe("introducing a collection", () => {
  let opened: TestStore;

  beforeAll(async () => {
    opened = await openTestStore();
    await storeFiles(FILES, { store: opened.store, embedder: createHashingEmbedder(), collection: "default" });
  });
  afterAll(() => opened.close());

  async function ask(request: AnswerRequest): Promise<Answer> {
    // A model without any reply: to call it is an error.
    const answerQuestion = answeringWith(createScriptedModel([]), { ...opened, embedder: createHashingEmbedder() });
    return runToEnd(answerQuestion(request));
  }

  it.each(["Hello!", "What can you do?", "Which documents do you have?", "What is this?"])(
    "answers %j with what the collection has, without a search or a model",
    async (question) => {
      const answer = await ask({ question });
      expect(answer).toMatchObject({
        status: "insufficient",
        searches: [],
        rounds: 0,
        citations: [],
        cost: { usd: 0 },
      });
      expect(isIntroduction(answer)).toBe(true);
      expect(answer.answer).toBe(
        "This is citewell, which answers questions from documents and shows the lines that each answer stands on. " +
          "The collection “default” has 4 documents: “First steps”, “The two boats”, “Seals”, “Contributing”.\n\n" +
          "Ask something that they may say, in a question or a few words.",
      );
    },
  );

  it("says to somebody who only thanks that nothing was asked", async () => {
    const answer = await ask({ question: "thank you!" });
    expect(answer).toMatchObject({ status: "insufficient", searches: [], rounds: 0 });
    expect(answer.answer).toMatch(/^Nothing was asked/);
  });

  it("searches for the words of a greeting where they are not to be read", async () => {
    const answer = await ask({ question: "Hello!", interpret: false, model: "extractive" });
    expect(isIntroduction(answer)).toBe(false);
  });

  it("keeps it in the conversation, where the next question stands alone", async () => {
    const hello = await ask({ question: "Hello!", model: "extractive" });
    const { conversationId } = hello;
    const next = await ask({ question: "and the boats?", model: "extractive", conversationId });
    expect(next.searches[0]?.interpretation?.standalone ?? null).toBeNull();
    expect(next.answer).toContain("northern pier");
    const leaning = await ask({ question: "What is this?", model: "extractive", conversationId });
    expect(isIntroduction(leaning)).toBe(false);
  });

  it("refuses a collection that is not there", async () => {
    await expect(ask({ question: "Hello!", collection: "nowhere" })).rejects.toMatchObject({
      code: "collection_missing",
    });
  });
});
