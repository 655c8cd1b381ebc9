import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { expect, it, onTestFinished } from "vitest";
import type { UseCases } from "../../src/answering/use-cases.ts";
import { compose } from "../../src/compose.ts";
import { loadConfig } from "../../src/config.ts";
import { runToEnd } from "../../src/domain/run-to-end.ts";
import { createHashingEmbedder } from "../../src/embedding/hashing-embedder.ts";
import { portOf } from "../embedding/port-of.ts";

/** A service of embeddings that counts its requests. */
async function startService(): Promise<{ readonly url: string; requests: number; isDown: boolean }> {
  const embedder = createHashingEmbedder({ dimensions: 16 });
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    service.requests += 1;
    const { input }: { readonly input: readonly string[] } = JSON.parse(await text(request));
    const data = (await embedder.embed(input)).map((vector, index) => ({ index, embedding: [...vector] }));
    response.writeHead(service.isDown ? 404 : 200, { "content-type": "application/json" });
    response.end(JSON.stringify(service.isDown ? { error: { message: "no such model" } } : { data }));
  };
  const server = createServer((request, response) => void answer(request, response));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const service = { url: `http://127.0.0.1:${portOf(server)}/v1`, requests: 0, isDown: false };
  return service;
}

it("searches by words without the service of the embedding model, and asks it for nothing but vectors", async () => {
  const cwd = await mkdtemp(join(tmpdir(), "citewell-parts-"));
  onTestFinished(async () => rm(cwd, { recursive: true }));
  await writeFile(join(cwd, "lift.md"), "# Lift\n\nThe lift is repaired on Monday.\n");
  const service = await startService();
  const open = async (env: Readonly<Record<string, string>> = {}): Promise<UseCases> => {
    const names = { CITEWELL_EMBEDDING_MODEL: "endpoint:m", CITEWELL_EMBEDDING_BASE_URL: service.url, ...env };
    const config = loadConfig({
      flags: { dataFolder: "data" },
      env: { CITEWELL_CACHE: join(cwd, "cache"), ...names },
      cwd,
    });
    const useCases = await compose(config);
    onTestFinished(async () => useCases.close());
    return useCases;
  };
  const first = await open();
  await runToEnd(first.ingestRoots({ collection: "default", roots: [join(cwd, "lift.md")] }));

  service.requests = 0;
  service.isDown = true;
  const useCases = await open();
  const result = await useCases.searchCorpus({ query: "When is the lift repaired?", mode: "lexical" });
  expect(result.hits.map(({ source }) => source)).toEqual(["lift.md"]);
  expect(service.requests).toBe(0);
  const refusal = { code: "embedding_model_unavailable" };
  await expect(useCases.searchCorpus({ query: "lift" })).rejects.toMatchObject(refusal);
  // A model of another name is another model, of which nothing is known.
  const other = await open({ CITEWELL_EMBEDDING_MODEL: "endpoint:n" });
  await expect(other.searchCorpus({ query: "lift", mode: "lexical" })).rejects.toMatchObject(refusal);
  service.isDown = false;
  expect((await useCases.searchCorpus({ query: "lift" })).hits).toHaveLength(1);
});
