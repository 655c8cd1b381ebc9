import { cp, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { compose } from "../../src/compose.ts";
import { openParts } from "../../src/compose/open-parts.ts";
import { createPartChecks } from "../../src/compose/part-checks.ts";
import { loadConfig } from "../../src/config.ts";
import { bundledModelFolder } from "../../src/embedding/open-embedder.ts";
import { openEmbeddedStore } from "../../src/store/embedded/embedded-store.ts";

async function checksIn(
  cwd: string,
  dataFolder: string,
  env: Readonly<Record<string, string>> = {},
): Promise<(part: string, options?: { readonly quick: boolean }) => Promise<string>> {
  const config = loadConfig({ flags: { dataFolder }, env, cwd });
  const parts = openParts(config);
  onTestFinished(async () => parts.close());
  const checks = createPartChecks(parts, config);
  return async (part, { quick } = { quick: false }) =>
    checks.find((one) => one.part === part)?.check({ quick }) ?? "no such part";
}

it("looks at the data folder and the store without making them", async () => {
  const cwd = await mkdtemp(join(tmpdir(), "citewell-checks-"));
  onTestFinished(async () => rm(cwd, { recursive: true }));
  const check = await checksIn(cwd, "deep/data");
  expect(await check("data folder")).toBe(join(cwd, "deep/data"));
  expect(await check("store")).toContain(join(cwd, "deep/data"));
  expect(await check("collection")).toMatch(/"default" is not there yet/);
  expect(await readdir(cwd)).toEqual([]);
});

it.each(["taken", "taken/data"])("refuses %s as data folder where a file is in the way", async (folder) => {
  const cwd = await mkdtemp(join(tmpdir(), "citewell-checks-"));
  onTestFinished(async () => rm(cwd, { recursive: true }));
  await writeFile(join(cwd, "taken"), "");
  const check = await checksIn(cwd, folder);
  await expect(check("data folder")).rejects.toThrow(/can't be written to; give another with --data/);
  await expect(check("store")).rejects.toMatchObject({ code: "store_unavailable" });
});

it("finds settings of models that do not fit together, and every other part all the same", async () => {
  const cwd = await mkdtemp(join(tmpdir(), "citewell-checks-"));
  onTestFinished(async () => rm(cwd, { recursive: true }));
  const check = await checksIn(cwd, "data", { OPENAI_BASE_URL: "http://127.0.0.1:1/v1" });
  await expect(check("language model")).rejects.toThrow(/name a model of it in OPENAI_MODEL/);
  expect(await check("store")).toContain(join(cwd, "data"));
});

it("runs the embedding model, but not for a readiness probe", async () => {
  const cwd = await mkdtemp(join(tmpdir(), "citewell-checks-"));
  onTestFinished(async () => rm(cwd, { recursive: true }));
  expect(await (await checksIn(cwd, "data"))("embedding model")).toMatch(/^all-MiniLM-L6-v2: 384 numbers/);
  await cp(bundledModelFolder(), join(cwd, "broken"), { recursive: true });
  await writeFile(join(cwd, "broken", "onnx", "model_int8.onnx"), "not a model");
  const check = await checksIn(cwd, "data", { CITEWELL_EMBEDDING_MODEL: join(cwd, "broken") });
  expect(await check("embedding model", { quick: true })).toMatch(/^broken: 384 numbers/);
  await expect(check("embedding model")).rejects.toMatchObject({ code: "embedding_model_unavailable" });
});

it("counts one document as one, and tells what of a collection is not finished or was lost", async () => {
  const cwd = await mkdtemp(join(tmpdir(), "citewell-checks-"));
  onTestFinished(async () => rm(cwd, { recursive: true }));
  await writeFile(join(cwd, "lift.md"), "# Lift\n\nThe lift is repaired on Monday.\n");
  const config = loadConfig({ flags: { dataFolder: "data" }, env: { CITEWELL_CACHE: join(cwd, "cache") }, cwd });
  const useCases = await compose(config, { version: "0.0.0" });
  const ingestion = useCases.ingestRoots({ collection: "default", roots: [join(cwd, "lift.md")] });
  for await (const event of ingestion) if (event.type === "ingest-end") expect(event.report.documents.added).toBe(1);
  await useCases.close();
  const check = await checksIn(cwd, "data");
  expect(await check("collection")).toBe('"default": 1 document, 1 chunk');

  const store = await openEmbeddedStore({ file: join(cwd, "data", "citewell.sqlite") });
  onTestFinished(async () => store.close());
  const [record] = (await store.listDocuments("default", { limit: 1 })).documents;
  if (record === undefined) throw new TypeError("nothing is stored");
  const { settings } = (await store.describeCollection("default")) ?? {};
  if (settings === undefined) throw new TypeError("there is no collection");
  await store.createCollection("default~next", settings);
  await store.putDocument("default", { ...record, contentHash: "" }, null);
  expect(await check("collection")).toBe(
    '"default": 1 document, 1 chunk; 1 document not complete, which the next ingestion finishes; ' +
      "a re-indexing is under way or was interrupted, 0 documents so far: the same command goes on with it",
  );
  await store.putDocument("default", { ...record, chunks: 5 }, null);
  await expect(check("collection")).rejects.toThrow(
    'The documents of collection "default" were cut into 5 chunks, and 1 are stored. Unless something is being ingested ' +
      "right now, bring the others back with: citewell ingest --reread <folder>",
  );
});
