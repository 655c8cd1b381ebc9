import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { compose } from "../../src/compose.ts";
import { loadConfig } from "../../src/config.ts";
import { runToEnd } from "../../src/domain/run-to-end.ts";
import { splitSentences } from "../../src/lexical/sentences.ts";
import { createApp } from "../../src/server/create-app.ts";
import { startServer } from "../../src/server/start-server.ts";
import { type Bench, median } from "./bench-table.ts";
import { writeCorpus } from "./made-up-text.ts";
import { withFolder } from "./temporary.ts";

const REQUESTS = 200;

/** `POST /v1/search` over loopback beside the same call in the process. */
export const benchHttpLatency: Bench = async () =>
  await withFolder(async (folder) => {
    const corpus = join(folder, "corpus");
    await writeCorpus(corpus, { bytes: 60_000, fileBytes: 10_000 });
    const useCases = await compose(loadConfig({ env: {}, cwd: folder, flags: { vectorCacheBytes: "0" } }));
    await runToEnd(useCases.ingestRoots({ collection: "default", roots: [corpus] }));
    const server = await startServer({ app: createApp({ useCases, apiKeys: [] }), host: "127.0.0.1", port: 0 });
    // Words that the corpus lacks would be searched for twice: once as written, once corrected.
    const queries = await sentencesOf(corpus);
    const direct: number[] = [];
    const overHttp: number[] = [];
    for (let request = 0; request < REQUESTS + 10; request += 1) {
      const query = queries[request % queries.length] ?? "";
      // What a search leaves behind, such as texts that were analysed, would help whoever comes second.
      await useCases.searchCorpus({ query });
      const first = await timed(() => useCases.searchCorpus({ query }));
      const second = await timed(() => search(server.url, query));
      if (request < 10) continue;
      direct.push(first);
      overHttp.push(second);
    }
    await server.close();
    await useCases.close();
    const difference = overHttp.map((time, at) => time - (direct[at] ?? 0));
    return [
      {
        title: "HTTP",
        head: ["call", "p50 ms"],
        rows: [
          ["searchCorpus() in the process", median(direct).toFixed(2)],
          ["POST /v1/search over loopback", median(overHttp).toFixed(2)],
          ["difference, request by request", median(difference).toFixed(2)],
        ],
        notes: [`By turns, ${REQUESTS} requests each; client and server share one process.`],
      },
    ];
  });

async function sentencesOf(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder, { recursive: true });
  const files = names.filter((name) => name.endsWith(".md"));
  const texts = await Promise.all(files.map(async (name) => readFile(join(folder, name), "utf8")));
  return texts.flatMap((text) => splitSentences(text).map(({ start, end }) => text.slice(start, end)));
}

async function search(url: string, query: string): Promise<void> {
  const reply = await fetch(`${url}/v1/search`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ query }),
  });
  const body = await reply.text();
  if (!reply.ok) throw new Error(`The server answers ${reply.status}: ${body}`);
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}
