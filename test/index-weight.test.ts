import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { describe, expect, it } from "vitest";

const HEAVY = ["openai", "@qdrant/js-client-rest", "linkedom", "yaml", "sqlite-vec", "@huggingface/transformers"];

/** What is loaded with a file of the sources, and by `use`, code that gets its exports. */
async function loadedWith(file: string, use = "() => {}"): Promise<readonly string[]> {
  // A thread of its own has nothing loaded yet.
  const listing = `
    const { registerHooks } = require("node:module");
    const { parentPort } = require("node:worker_threads");
    const loaded = [];
    registerHooks({ load: (url, context, next) => { loaded.push(url); return next(url, context); } });
    import(${JSON.stringify(new URL(`../src/${file}`, import.meta.url).href)}).then((exported) => {
      (${use})(exported);
      parentPort.postMessage(loaded);
    });
  `;
  const worker = new Worker(listing, { eval: true });
  const [loaded]: string[][] = await once(worker, "message");
  await worker.terminate();
  return loaded ?? [];
}

function packagesOf(loaded: readonly string[]): ReadonlySet<string> {
  return new Set(loaded.flatMap((url) => /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(url)?.[1] ?? []));
}

describe("the library's entry", () => {
  it("loads neither clients nor parsers before they are wanted", async () => {
    const use = `({ AssistantAgent, createOpenAiModel }) => {
      new AssistantAgent({ name: "ada", llmConfig: { configList: [{ model: "gpt-4o-mini", apiKey: "k" }] } });
      createOpenAiModel({ model: "gpt-4o-mini", apiKey: "k" });
    }`;
    const loaded = await loadedWith("index.ts", use);
    const packages = packagesOf(loaded);
    expect(packages).toContain("zod");
    expect(HEAVY.filter((name) => packages.has(name))).toEqual([]);
    // What is checked at once is a file of its own, so that nothing else of the ingestion comes with it.
    const ofIngestion = loaded.filter((url) => url.includes("/ingest/"));
    expect(ofIngestion).toEqual([expect.stringMatching(/\/check-ingest-parts\.ts$/u)]);
  });
});

describe("what every command starts with", () => {
  it("loads neither clients nor parsers before they are wanted", async () => {
    const packages = packagesOf(await loadedWith("compose.ts"));
    expect(packages).toContain("zod");
    expect(HEAVY.filter((name) => packages.has(name))).toEqual([]);
  });
});
