import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { AssistantAgent } from "../../src/agents/assistant-agent.ts";
import { RetrieveUserProxyAgent } from "../../src/agents/retrieve/retrieve-user-proxy-agent.ts";
import type { AnswerRequest } from "../../src/answering/use-cases.ts";
import { openRetrieval } from "../../src/compose-retrieval.ts";
import type { Answer } from "../../src/domain/answer.ts";
import { runToEnd } from "../../src/domain/run-to-end.ts";
import { CitewellError } from "../../src/errors.ts";
import { createHashingEmbedder } from "../../src/embedding/hashing-embedder.ts";
import { createFailoverModel } from "../../src/language-model/failover-model.ts";
import type { LanguageModel } from "../../src/language-model/language-model.ts";
import { createScriptedModel } from "../../src/language-model/scripted-model.ts";
import type { VectorStore } from "../../src/store/vector-store.ts";
import { answeringWith } from "../support/answering.ts";
import { openTestStore, storeFiles, type TestStore } from "../support/store-files.ts";

const FILES: Readonly<Record<string, string>> = {
  "src/retry-policy.ts":
    "export function retryPolicy(attempts: number): number {\n  // The retry policy doubles the wait.\n  return attempts * 2;\n}\n",
  "src/http-client.ts": "export class HttpClient {\n  // Requests are tried again.\n  send(): void {}\n}\n",
  "src/invoices.ts": "export function printInvoice(total: number): string {\n  return `Total ${total}`;\n}\n",
  "test/retry-policy.test.ts": "test('retry policy attempts', () => expect(retryPolicy(2)).toBe(4));\n",
  "docs/spark.md": "# Spark\n\nSet `use_spark` to True for parallel training with spark.\n",
};
const TASK = "retry policy: wait longer after many attempts of retryPolicy";

describe("the task code", () => {
  let opened: TestStore;
  let folder: string;
  let store: VectorStore;
  const embedder = createHashingEmbedder();

  beforeAll(async () => {
    opened = await openTestStore();
    ({ folder, store } = opened);
    await storeFiles(FILES, { store, embedder, collection: "default" });
  });
  afterAll(() => opened.close());

  async function ask(request: AnswerRequest, replies: readonly string[]): Promise<Answer> {
    return askModel(request, createScriptedModel(replies));
  }

  async function askModel(request: AnswerRequest, model: LanguageModel): Promise<Answer> {
    return runToEnd(answeringWith(model, { store, embedder, folder })(request));
  }

  it("is answered from the places that search_code names, tests last, with citations that hold", async () => {
    const answer = await ask({ question: TASK, task: "code" }, [
      "The function doubles the wait: “The retry policy doubles the wait.” [1]",
    ]);
    expect(answer.context[0]).toMatchObject({ source: "src/retry-policy.ts", lines: { start: 1 } });
    expect(answer.context.map(({ source }) => source).filter((source) => source.startsWith("test/"))).toHaveLength(1);
    const [citation] = answer.citations;
    expect(citation).toMatchObject({ source: "src/retry-policy.ts", verified: true });
    const text = FILES["src/retry-policy.ts"] ?? "";
    expect(text.slice(citation?.span.start, citation?.span.end)).toBe(citation?.quote);
  });

  it("tells that another model answered than the one that was asked, and why", async () => {
    const refused = new CitewellError("model_unavailable", "The endpoint of first is down.", { retryable: true });
    const model = createFailoverModel([
      createScriptedModel([refused], { name: "first" }),
      createScriptedModel(["It doubles the wait [1]."], { name: "second" }),
    ]);
    const { model: answered, warnings } = await askModel({ question: TASK, task: "code" }, model);
    expect(answered).toBe("second");
    expect(warnings).toEqual(["first did not answer, so second did. The endpoint of first is down."]);
  });

  it("tells that a reply was cut off at its token limit, and what to do", async () => {
    const model = createScriptedModel([{ content: "It doubles [1]", finishReason: "length" }], { name: "short" });
    const { status, cutBy, warnings } = await askModel({ question: TASK, task: "code" }, model);
    expect({ status, cutBy }).toEqual({ status: "partial", cutBy: "length" });
    expect(warnings).toEqual([expect.stringMatching(/^The reply of short was cut off at its token limit.*raise/)]);
  });

  it("calls an answer cut off where it is the reply that was, not one before it", async () => {
    const replies = [{ content: "UPDATE CONTEXT", finishReason: "length" as const }, "It doubles the wait [1]."];
    const answer = await askModel({ question: TASK, task: "code" }, createScriptedModel(replies));
    expect(answer.rounds).toBe(2);
    expect(answer).not.toHaveProperty("cutBy");
  });

  it("needs no settings of models where the request names the built-in assistant", async () => {
    const answer = answeringWith(createScriptedModel([]), {
      store,
      embedder,
      folder,
      modelNames: async () => Promise.reject(new Error("wrong settings")),
      openModel: async () => Promise.reject(new Error("wrong settings")),
    });
    expect(await runToEnd(answer({ question: TASK, model: "extractive" }))).toMatchObject({ model: "extractive" });
    await expect(runToEnd(answer({ question: TASK }))).rejects.toThrow("wrong settings");
  });

  it("goes on to other places when more is asked for", async () => {
    const { context, rounds } = await ask({ question: TASK, task: "code", limit: 1 }, [
      "UPDATE CONTEXT",
      "UPDATE CONTEXT",
      "It is there [1].",
    ]);
    expect(rounds).toBe(3);
    const places = context.map(({ source, lines }) => `${source}:${String(lines.start)}`);
    expect(new Set(places).size).toBe(3);
    expect(places[0]).toMatch(/^src\/retry-policy\.ts/);
  });

  it.each([
    ["src", TASK, "src/retry-policy.ts"],
    ["docs", "How do I use spark for parallel training?", "spark.md"],
  ])("reaches the library: a chat over docsPath %s", async (docsPath, problem, source) => {
    const project = path.join(folder, "project");
    for (const [name, content] of Object.entries(FILES)) {
      await mkdir(path.dirname(path.join(project, name)), { recursive: true });
      await writeFile(path.join(project, name), content);
    }
    const proxy = new RetrieveUserProxyAgent({
      name: "ragproxyagent",
      humanInputMode: "NEVER",
      askWithoutEvidence: true,
      retrieveConfig: {
        task: "code",
        docsPath: docsPath === "src" ? project : path.join(project, docsPath),
        collectionName: `library-${docsPath}`,
        vectorDb: store,
        embeddingFunction: (texts) => embedder.embed(texts, { purpose: "passage" }),
      },
      openRetrieval,
    });
    const assistant = new AssistantAgent({ name: "assistant", model: createScriptedModel(["Done [1]."]) });
    const result = await proxy.initiateChat(assistant, { message: proxy.messageGenerator, problem });
    expect(result.retrieval?.passages[0]?.hit.source).toBe(source);
    await proxy.close();
  });
});
