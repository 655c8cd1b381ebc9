import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { describe, expect, it } from "vitest";

const INDEX = new URL("../src/index.ts", import.meta.url).href;

// A thread of its own has nothing loaded yet.
const LISTING = `
  const { registerHooks } = require("node:module");
  const { parentPort } = require("node:worker_threads");
  const loaded = [];
  registerHooks({ load: (url, context, next) => { loaded.push(url); return next(url, context); } });
  import(${JSON.stringify(INDEX)}).then(({ AssistantAgent, createOpenAiModel }) => {
    new AssistantAgent({ name: "ada", llmConfig: { configList: [{ model: "gpt-4o-mini", apiKey: "k" }] } });
    createOpenAiModel({ model: "gpt-4o-mini", apiKey: "k" });
    parentPort.postMessage(loaded);
  });
`;

describe("the library's entry", () => {
  it("loads neither clients nor parsers before they are wanted", async () => {
    const worker = new Worker(LISTING, { eval: true });
    const [loaded]: string[][] = await once(worker, "message");
    await worker.terminate();
    const packages = new Set(
      (loaded ?? []).flatMap((url) => /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(url)?.[1] ?? []),
    );
    expect(packages).toContain("zod");
    const heavy = ["openai", "@qdrant/js-client-rest", "linkedom", "yaml", "sqlite-vec", "@huggingface/transformers"];
    expect(heavy.filter((name) => packages.has(name))).toEqual([]);
    expect((loaded ?? []).filter((url) => url.includes("/ingest/"))).toEqual([]);
  });
});
