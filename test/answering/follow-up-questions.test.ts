import { writeFile } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { AnswerQuestion, AnswerRequest } from "../../src/answering/use-cases.ts";
import { createFileConversationStore } from "../../src/conversations/file-conversation-store.ts";
import type { Answer, AnswerEvent } from "../../src/domain/answer.ts";
import type { Embedder } from "../../src/embedding/embedder.ts";
import { createHashingEmbedder } from "../../src/embedding/hashing-embedder.ts";
import { createScriptedModel, type ScriptedModel, type ScriptedStep } from "../../src/language-model/scripted-model.ts";
import type { VectorStore } from "../../src/store/vector-store.ts";
import { answeringWith } from "../support/answering.ts";
import { openTestStore, storeFiles, type TestStore } from "../support/store-files.ts";

const DOCUMENTS: Readonly<Record<string, string>> = {
  "linux.md": "# Certificates on Linux\n\nOn Linux a certificate is renewed with the program sealmaker.\n",
  "windows.md": "# Certificates on Windows\n\nOn Windows a certificate is renewed in the window Seals.\n",
  "glass.md": "# Windows of glass\n\nWindows are washed on Fridays. Who washes windows gets a bucket on loan.\n",
  "garden.md": "# Garden\n\nThe botanical garden keeps four hundred orchids.\n",
};
const FIRST = "How is a certificate renewed on Linux?";
const FOLLOW_UP = "And on Windows?";

describe("follow-up questions", () => {
  let opened: TestStore;
  let folder: string;
  let store: VectorStore;
  let embedder: Embedder;

  beforeAll(async () => {
    opened = await openTestStore();
    ({ folder, store } = opened);
    embedder = createHashingEmbedder();
    await storeFiles(DOCUMENTS, { store, embedder, collection: "default" });
  });
  afterAll(() => opened.close());

  function answering(model?: ScriptedModel, conversations = "conversations"): AnswerQuestion {
    return answeringWith(model ?? createScriptedModel([]), {
      store,
      embedder,
      folder,
      conversations: createFileConversationStore({ folder: path.join(folder, conversations) }),
      modelNames: async () => (model === undefined ? ["extractive"] : [model.name, "extractive"]),
    });
  }

  async function ask(
    answerQuestion: AnswerQuestion,
    request: AnswerRequest,
  ): Promise<{ readonly answer: Answer; readonly events: readonly AnswerEvent[] }> {
    const events: AnswerEvent[] = [];
    const generator = answerQuestion(request);
    for (;;) {
      const next = await generator.next();
      if (next.done === true) return { answer: next.value, events };
      events.push(next.value);
    }
  }

  it("are answered for what they mean, without a model, and the question shown is the asked one", async () => {
    const answerQuestion = answering();
    const { answer: first } = await ask(answerQuestion, { question: FIRST });
    const { conversationId } = first;
    const { answer, events } = await ask(answerQuestion, { question: FOLLOW_UP, conversationId });
    expect(answer.question).toBe(FOLLOW_UP);
    expect(answer.citations[0]).toMatchObject({ source: "windows.md", quote: expect.stringContaining("Seals") });
    const interpretation = { standalone: { text: `${FIRST} ${FOLLOW_UP}`, by: "rules" }, fusion: "mean" };
    expect(answer.searches[0]).toMatchObject({ query: FOLLOW_UP, interpretation });
    expect(events[0]).toMatchObject({ type: "retrieval", query: FOLLOW_UP, interpretation });
  });

  it("are answered although the conversation can't be kept, with a warning", async () => {
    await writeFile(path.join(folder, "in-the-way"), "");
    const { answer, events } = await ask(answering(undefined, "in-the-way"), { question: FIRST });
    expect(answer.citations[0]).toMatchObject({ source: "linux.md" });
    expect(answer.warnings).toEqual([
      expect.stringMatching(/can't be kept in .*in-the-way.*will not know this answer/),
    ]);
    expect(events.at(-1)).toEqual({ type: "answer", answer });
  });

  it("are searched for as they are where the request wants it so", async () => {
    const answerQuestion = answering();
    const { answer: first } = await ask(answerQuestion, { question: FIRST });
    const { conversationId } = first;
    const { answer } = await ask(answerQuestion, { question: FOLLOW_UP, conversationId, interpret: false });
    expect(answer.searches[0]?.interpretation).toBeUndefined();
    expect(answer.citations[0]?.source).not.toBe("linux.md");
  });

  it("take a history that is handed over in place of a stored conversation", async () => {
    const history = [{ question: FIRST, answer: "With the program sealmaker. [1]" }];
    const { answer } = await ask(answering(), { question: FOLLOW_UP, history });
    expect(answer.citations[0]?.source).toBe("windows.md");
    const request = { question: FOLLOW_UP, history, conversationId: "any" };
    await expect(ask(answering(), request)).rejects.toMatchObject({ code: "usage_invalid" });
  });

  it("are answered behind a pasted text that is longer than what a model reads, which is not searched for whole", async () => {
    const pasted = {
      question: `${FIRST} ${"We log every seal that breaks. ".repeat(3_000)}`,
      answer: "With sealmaker.",
    };
    for (const history of [[pasted], Array.from({ length: 6 }, () => ({ question: FIRST, answer: pasted.question }))]) {
      const { answer } = await ask(answering(), { question: FOLLOW_UP, history });
      expect(answer.searches).toHaveLength(1);
      expect(answer.citations[0]?.source).toBe("windows.md");
      expect(answer.searches[0]?.interpretation?.standalone?.text.length).toBeLessThan(1_100);
    }
  });

  const usage = { promptTokens: 100, completionTokens: 10 };
  const says = (content: string): ScriptedStep => ({ content, usage, costUsd: 0.001 });

  it("are rewritten by the model that answers, whose tokens and cost count", async () => {
    const rewritten = "How is a certificate renewed on Windows?";
    const model = createScriptedModel([says("With sealmaker. [1]"), says(rewritten), says("In the window Seals. [1]")]);
    const answerQuestion = answering(model);
    const { answer: first } = await ask(answerQuestion, { question: FIRST });
    expect(first.usage).toEqual(usage);
    const { answer } = await ask(answerQuestion, { question: FOLLOW_UP, conversationId: first.conversationId });
    model.assertDone();
    expect(answer.usage).toEqual({ promptTokens: 200, completionTokens: 20 });
    expect(answer.cost.usd).toBeCloseTo(0.002);
    expect(answer.searches[0]?.interpretation?.standalone).toMatchObject({ text: rewritten, by: "scripted" });
    expect(answer.citations[0]?.source).toBe("windows.md");
    // The prompt asks what the person asked.
    expect(model.requests.at(-1)?.messages.at(-1)?.content).toContain(`Question: ${FOLLOW_UP}`);
  });

  it("fall back to rules where the model's rewriting is odd, and the trace says so", async () => {
    const model = createScriptedModel([says("With sealmaker. [1]"), says(""), says("In the window Seals. [1]")]);
    const answerQuestion = answering(model);
    const { answer: first } = await ask(answerQuestion, { question: FIRST });
    const { answer } = await ask(answerQuestion, { question: FOLLOW_UP, conversationId: first.conversationId });
    expect(answer.searches[0]?.interpretation?.standalone).toMatchObject({
      by: "rules",
      why: "it begins as a continuation; no model rewrote it: the model gave no text",
    });
  });
});
