import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { expect, it, onTestFinished, vi } from "vitest";
import type { Answer, AnswerEvent } from "../../src/domain/answer.ts";
import { startHttp } from "../../src/cli/start-http.ts";
import { loadConfig } from "../../src/config.ts";
import { createFolder } from "../ingest/temporary-folder.ts";
import { createFakeUseCases, DOCUMENT, fakeAnswer } from "../server/fake-use-cases.ts";

it("questions over MCP take places of the same eight, and are counted with the others", async () => {
  const { path: cwd } = await createFolder({});
  const config = loadConfig({ flags: { dataFolder: cwd, port: "0" }, env: { LOG_LEVEL: "fatal" }, cwd });
  const end = Promise.withResolvers<void>();
  const full = Promise.withResolvers<void>();
  let running = 0;
  const useCases = createFakeUseCases({
    async *answerQuestion({ question, admit, signal }): AsyncGenerator<AnswerEvent, Answer> {
      const leave = await admit?.(signal);
      running += 1;
      if (running === 8) full.resolve();
      await end.promise;
      leave?.();
      const answer = fakeAnswer(question);
      yield { type: "answer", answer };
      return answer;
    },
  });
  const server = await startHttp(useCases, config);
  onTestFinished(() => server.close());
  const client = new Client({ name: "test", version: "0.0.0" });
  await client.connect(new StreamableHTTPClientTransport(new URL(`${server.url}/mcp`)));
  const call = { name: "ask", arguments: { question: "How?" } };
  const overMcp = Array.from({ length: 8 }, async () => client.callTool(call));
  await full.promise;

  const refused = Promise.withResolvers<Response>();
  const overHttp = Array.from({ length: 101 }, async () => {
    const reply = await fetch(`${server.url}/v1/answers`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ question: "How?" }),
    });
    if (reply.status === 429) refused.resolve(reply);
    return reply.status;
  });
  expect(await (await refused.promise).json()).toMatchObject({
    code: "rate_limited",
    detail: expect.stringMatching(/^8 questions are being answered and 100 wait/),
  });
  end.resolve();
  expect((await Promise.all(overMcp)).map(({ isError = false }) => isError)).toEqual(Array.from(overMcp, () => false));
  expect((await Promise.all(overHttp)).filter((status) => status === 200)).toHaveLength(100);
  const metrics = await (await fetch(`${server.url}/metrics`)).text();
  expect(metrics).toContain('citewell_answers_total{status="answered"} 108');
  await client.close();
});

it("requests that name no collection mean that of the settings", async () => {
  const { path: cwd } = await createFolder({});
  const flags = { dataFolder: cwd, port: "0", collection: "notes" };
  const config = loadConfig({ flags, env: { LOG_LEVEL: "fatal" }, cwd });
  const fakes = createFakeUseCases();
  const meant: unknown[] = [];
  const noting =
    <Result>(work: () => Result) =>
    ({ collection }: { readonly collection?: string }): Result => {
      meant.push(collection);
      return work();
    };
  const server = await startHttp(
    {
      ...fakes,
      answerQuestion: noting(() => fakes.answerQuestion({ question: "How?" })),
      searchCorpus: noting(() => fakes.searchCorpus({ query: "how" })),
      submitDocuments: noting(() => fakes.submitDocuments({ documents: [] })),
      documents: {
        ...fakes.documents,
        list: noting(() => fakes.documents.list({})),
        get: noting(() => fakes.documents.get({ id: DOCUMENT.id })),
        remove: noting(() => fakes.documents.remove({ id: DOCUMENT.id })),
      },
    },
    config,
  );
  onTestFinished(() => server.close());
  const post = async (path: string, body: object): Promise<unknown> => {
    const headers = { "content-type": "application/json" };
    const reply = await fetch(`${server.url}${path}`, { method: "POST", headers, body: JSON.stringify(body) });
    return reply.json();
  };
  await post("/v1/answers", { question: "How?" });
  // A conversation has a collection of its own.
  await post("/v1/answers", { question: "How?", conversationId: "known" });
  await post("/v1/search", { query: "how" });
  expect(await post("/v1/documents", { source: "a.md", text: "A" })).toMatchObject({ collection: "notes" });
  await fetch(`${server.url}/v1/documents`);
  await fetch(`${server.url}/v1/documents/${DOCUMENT.id}`);
  await fetch(`${server.url}/v1/documents/${DOCUMENT.id}`, { method: "DELETE" });
  // The upload is accepted before it is worked on.
  await vi.waitFor(() => {
    expect(meant).toEqual(["notes", undefined, "notes", "notes", "notes", "notes", "notes"]);
  });
});
