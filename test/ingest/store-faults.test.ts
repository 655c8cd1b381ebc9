import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createIngestCorpus } from "../../ingest/ingest-corpus.ts";
import { EXIT_CODES, EXIT_OUT_OF_REACH } from "../../src/cli/exit-codes.ts";
import type { IngestReport } from "../../src/domain/ingest.ts";
import { runToEnd } from "../../src/domain/run-to-end.ts";
import type { Embedder } from "../../src/embedding/embedder.ts";
import { createHashingEmbedder } from "../../src/embedding/hashing-embedder.ts";
import { isCitewellError } from "../../src/errors.ts";
import { openQdrantStore, type QdrantStoreOptions } from "../../src/store/qdrant/qdrant-store.ts";
import type { VectorStore } from "../../src/store/vector-store.ts";
import { type QdrantStandIn, requestTo, type StandInFault, startQdrantStandIn } from "../support/qdrant-stand-in.ts";
import { contentOf } from "./corpus-states.ts";
import { createFolder, type TemporaryFolder } from "./temporary-folder.ts";

const WRITE = requestTo("POST", /\/points\/batch\?/);

let standIn: QdrantStandIn;
let folder: TemporaryFolder;

beforeEach(async () => {
  standIn = await startQdrantStandIn();
  const files = Array.from({ length: 12 }, (_, file) => {
    const paragraphs = Array.from({ length: 4 }, (_unused, at) => `${`file${file} part${at} `.repeat(20)}ends here.`);
    return [`folder${file % 3}/f${file}.md`, `# File ${file}\n\n${paragraphs.join("\n\n")}\n`];
  });
  folder = await createFolder(Object.fromEntries(files));
});
afterEach(async () => standIn.stop());

async function openStore(options: Partial<QdrantStoreOptions> = {}): Promise<VectorStore> {
  return openQdrantStore({ url: standIn.url, retryDelayMs: 1, rateLimitDelayMs: 1, ...options });
}

/** One ingestion of the folder; `embedded` counts texts. */
async function run(store: VectorStore): Promise<{ readonly report: IngestReport; readonly embedded: number }> {
  const hashing = createHashingEmbedder({ dimensions: 8 });
  let embedded = 0;
  const embedder: Embedder = {
    ...hashing,
    batchSize: 4,
    async embed(texts, options) {
      embedded += texts.length;
      return await hashing.embed(texts, options);
    },
  };
  const ingest = createIngestCorpus({ store, embedder });
  const report = await runToEnd(ingest({ collection: "docs", roots: [folder.path], chunkTokens: 60 }));
  return { report, embedded };
}

/** What an ingestion without any fault stores. */
async function undisturbed(): Promise<unknown> {
  const server = await startQdrantStandIn();
  const store = await openQdrantStore({ url: server.url });
  await run(store);
  const content = await contentOf(store, "docs");
  await server.stop();
  return content;
}

const qdrantError = (error: string): unknown => ({ status: { error }, time: 0 });

const FAULTS: readonly (readonly [title: string, fault: Omit<StandInFault, "when" | "times">])[] = [
  ["429", { reply: { status: 429, body: qdrantError("Rate limiting exceeded") } }],
  ["429 with Retry-After", { reply: { status: 429, headers: { "retry-after": "0" }, body: qdrantError("Slow down") } }],
  ["500", { reply: { status: 500, body: qdrantError("Service internal error") } }],
  ["503", { reply: { status: 503, body: "<html>Service Unavailable</html>" } }],
  ["connections dropped before the request is carried out", { drop: "before" }],
  ["connections dropped after it was carried out", { drop: "after" }],
];

/**
 * Every third request meets the fault, whatever it asks; one that is repeated does so four times at most, since with two
 * others always in between it would be the third until its repetitions are used up.
 */
function everyThird(): { readonly when: NonNullable<StandInFault["when"]>; readonly end: () => void } {
  let seen = 0;
  let hasEnded = false;
  const met = new Map<string, number>();
  return {
    when: ({ method, path, body }) => {
      if (hasEnded || (seen += 1) % 3 !== 0) return false;
      const request = JSON.stringify([method, path, body]);
      const times = (met.get(request) ?? 0) + 1;
      met.set(request, times);
      return times <= 4;
    },
    end: () => {
      hasEnded = true;
    },
  };
}

describe("a store that fails now and then", () => {
  it.each(FAULTS)("makes no difference to what is stored: %s", async (_title, fault) => {
    const store = await openStore();
    const { when, end } = everyThird();
    standIn.fault({ ...fault, when, times: 10_000 });
    const { report } = await run(store);
    expect(report.documents).toMatchObject({ added: 12, failed: 0 });
    end();
    expect(await contentOf(store, "docs")).toEqual(await undisturbed());
  });

  it("makes no difference where replies do not come in time", async () => {
    const store = await openStore({ timeoutMs: 1_000 });
    // Not carried out while the test looks: that late, a write would undo those after it.
    standIn.fault({ when: WRITE, times: 2, delayMs: 60_000 });
    const { report } = await run(store);
    expect(report.documents).toMatchObject({ added: 12, failed: 0 });
    expect(await contentOf(await openStore(), "docs")).toEqual(await undisturbed());
  });

  it("goes on after a restart of the server", async () => {
    const store = await openStore({ retryDelayMs: 50 });
    const port = Number(new URL(standIn.url).port);
    const before = standIn;
    let writes = 0;
    const restarted = Promise.withResolvers<QdrantStandIn>();
    standIn.fault({
      drop: "before",
      when: (request) => {
        if (!WRITE(request) || (writes += 1) !== 5) return false;
        void before.stop().then(async () => restarted.resolve(await startQdrantStandIn({ clusterOf: before, port })));
        return true;
      },
    });
    const { report } = await run(store);
    expect(report.documents).toMatchObject({ added: 12, failed: 0 });
    standIn = await restarted.promise;
    expect(standIn.requests.length).toBeGreaterThan(5);
    expect(await contentOf(await openStore(), "docs")).toEqual(await undisturbed());
  });

  it("goes on with another node when one is lost", async () => {
    const second = await startQdrantStandIn({ clusterOf: standIn });
    const store = await openStore({ urls: [second.url] });
    const first = standIn;
    let writes = 0;
    first.fault({
      drop: "before",
      when: (request) => {
        if (!WRITE(request) || (writes += 1) !== 5) return false;
        void first.stop();
        return true;
      },
    });
    const { report } = await run(store);
    expect(report.documents).toMatchObject({ added: 12, failed: 0 });
    expect(second.requests.length).toBeGreaterThan(5);
    expect(await contentOf(await openQdrantStore({ url: second.url }), "docs")).toEqual(await undisturbed());
    standIn = second;
  });
});

describe("a store that goes down for good", () => {
  it.each(FAULTS)("ends the ingestion with exit code 4, and the next one finishes it: %s", async (_title, fault) => {
    const store = await openStore({ retries: 3 });
    let writes = 0;
    let isDown = true;
    standIn.fault({ ...fault, when: (request) => isDown && WRITE(request) && (writes += 1) > 20, times: 10_000 });
    const failure: unknown = await run(store).then(
      () => null,
      (error: unknown) => error,
    );
    if (!isCitewellError(failure)) throw new Error("The ingestion did not fail.", { cause: failure });
    expect(EXIT_CODES[failure.code]).toBe(EXIT_OUT_OF_REACH);
    expect(failure.message).toContain(standIn.url);
    isDown = false;
    const chunks = (await store.describeCollection("docs"))?.chunks ?? 0;
    expect(chunks).toBeGreaterThan(0);
    const { report, embedded } = await run(store);
    // What was stored is not embedded again.
    expect(embedded).toBe(report.chunks.total - chunks);
    expect(await contentOf(store, "docs")).toEqual(await undisturbed());
  });
});
