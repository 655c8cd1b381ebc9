import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { chmod, copyFile, mkdir, mkdtemp, open, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { DatabaseSync } from "node:sqlite";
import { fileURLToPath } from "node:url";
import type { Worker } from "node:worker_threads";
import { load as loadVectorExtension } from "sqlite-vec";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createChunkOperations } from "../../../src/store/embedded/chunks.ts";
import { createCollectionOperations } from "../../../src/store/embedded/collections.ts";
import { isShare, openEmbeddedDatabase, withoutExtension } from "../../../src/store/embedded/database.ts";
import { translateStoreError } from "../../../src/store/embedded/errors.ts";
import { SCHEMA_VERSION } from "../../../src/store/embedded/schema.ts";
import { openEmbeddedStore } from "../../../src/store/embedded/embedded-store.ts";
import { WRITER_BATCH } from "./writer.ts";
import {
  DIMENSIONS,
  expectedSearch,
  idOf,
  randomPoints,
  sampleDocument,
  samplePoint,
  sampleQuery,
  sampleSettings,
  unit,
} from "../store-samples.ts";

describe("embedded store's file", () => {
  let folder: string;
  let file: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "embedded-file-"));
    file = join(folder, "store.sqlite");
  });

  afterEach(async () => {
    await rm(folder, { recursive: true });
  });

  /** Starts another process that writes; its lines are acknowledged batches. */
  function startWriter({ seed, batches }: { readonly seed: number; readonly batches: number }) {
    const script = fileURLToPath(new URL("writer.ts", import.meta.url));
    const child = spawn(process.execPath, [script, file, "docs", String(seed), String(batches)], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    return { child, lines: createInterface({ input: child.stdout }), ended: once(child, "exit") };
  }

  it("is one file after the store was closed, and has no temporary ones", async () => {
    const store = await openEmbeddedStore({ file });
    await store.createCollection("docs", sampleSettings());
    await store.upsertChunks("docs", randomPoints(20, 1));
    await store.close();
    await expect(stat(`${file}-wal`)).rejects.toMatchObject({ code: "ENOENT" });
    expect((await stat(file)).size).toBeGreaterThan(0);
  });

  it("is made by the first write, not by questions", async () => {
    const store = await openEmbeddedStore({ file: join(folder, "data", "store.sqlite") });
    expect(await store.listCollections()).toEqual([]);
    expect(await store.describeCollection("docs")).toBeNull();
    await expect(store.search("docs", sampleQuery({}))).rejects.toMatchObject({ code: "collection_missing" });
    await store.ping();
    await expect(stat(join(folder, "data"))).rejects.toMatchObject({ code: "ENOENT" });
    await store.createCollection("docs", sampleSettings());
    expect(await store.listCollections()).toMatchObject([{ name: "docs" }]);
    await store.close();
    await expect(store.listCollections()).rejects.toMatchObject({ code: "store_unavailable" });
  });

  it("is noticed when another process makes it", async () => {
    const reader = await openEmbeddedStore({ file });
    expect(await reader.listCollections()).toEqual([]);
    const writer = await openEmbeddedStore({ file });
    await writer.createCollection("docs", sampleSettings());
    expect(await reader.listCollections()).toMatchObject([{ name: "docs" }]);
    await writer.close();
    await reader.close();
  });

  it("is tried again by the next write when something stood in its way", async () => {
    const place = join(folder, "data");
    const store = await openEmbeddedStore({ file: join(place, "store.sqlite") });
    await writeFile(place, "");
    await expect(store.createCollection("docs", sampleSettings())).rejects.toMatchObject({ code: "store_unavailable" });
    await rm(place);
    await store.createCollection("docs", sampleSettings());
    expect(await store.listCollections()).toMatchObject([{ name: "docs" }]);
    await store.close();
  });

  it("is closed without a complaint when its log cannot be folded into it", async () => {
    const database = openEmbeddedDatabase(file, { busyTimeoutMs: 20 });
    createCollectionOperations(database).createCollection("docs", sampleSettings());
    // A transaction that is open keeps the log from being folded, as a full disk does.
    database.run("BEGIN IMMEDIATE");
    expect(() => database.close()).not.toThrow();
    const again = await openEmbeddedStore({ file });
    expect(await again.listCollections()).toMatchObject([{ name: "docs" }]);
    await again.close();
  });

  it("gives back the space of a deleted collection", async () => {
    const store = await openEmbeddedStore({ file });
    await store.createCollection("docs", sampleSettings());
    const text = "x".repeat(10_000);
    await store.upsertChunks(
      "docs",
      Array.from({ length: 200 }, (_, at) => samplePoint(`c ${at}`, { text })),
    );
    await store.deleteCollection("docs");
    await store.close();
    expect((await stat(file)).size).toBeLessThan(500_000);
  });

  it("keeps every acknowledged batch, and whole batches only, when a writer is killed", async () => {
    const { child, lines, ended } = startWriter({ seed: 5, batches: 500 });
    let acknowledged = 0;
    for await (const _line of lines) {
      acknowledged += 1;
      if (acknowledged === 12) child.kill("SIGKILL");
    }
    await ended;
    expect(child.signalCode).toBe("SIGKILL");

    const store = await openEmbeddedStore({ file });
    const stored = (await store.describeCollection("docs"))?.chunks ?? 0;
    expect(stored).toBeGreaterThanOrEqual(acknowledged * WRITER_BATCH);
    expect(stored % WRITER_BATCH).toBe(0);
    const points = randomPoints(500 * WRITER_BATCH, 5).slice(0, stored);
    const query = sampleQuery({ vector: unit([1, 1]), terms: [7919], denseLimit: 1000, lexicalLimit: 1000 });
    const expected = expectedSearch(points, query);
    const found = await store.search("docs", query);
    expect(found.candidates.map(({ chunk }) => chunk.id).toSorted()).toEqual(
      expected.candidates.map(({ chunk }) => chunk.id).toSorted(),
    );
    expect(found.idf.get(7919)).toBeCloseTo(expected.idf.get(7919) ?? Number.NaN, 9);
    await store.close();
    expect(integrityOf(file)).toBe("ok");
  });

  it("answers questions while it writes, and with everything that was written before", async () => {
    const store = await openEmbeddedStore({ file });
    await store.createCollection("docs", sampleSettings());
    const points = randomPoints(600, 3);
    const query = sampleQuery({ vector: unit([1, 1]), terms: [7919], denseLimit: 2_000, lexicalLimit: 2_000 });
    let written = 0;
    for (let start = 0; start < points.length; start += 100) {
      const writing = store.upsertChunks("docs", points.slice(start, start + 100));
      // Asked while the write is under way: the second thread answers.
      const { candidates } = await store.search("docs", query);
      expect(candidates.length).toBeGreaterThanOrEqual(written);
      await writing;
      written += 100;
      expect((await store.search("docs", query)).candidates).toHaveLength(written);
    }
    await store.promoteCollection("docs", "other");
    await expect(store.search("docs", query)).rejects.toMatchObject({ code: "collection_missing" });
    expect((await store.search("other", query)).candidates).toHaveLength(600);
    await store.close();
    await expect(store.search("other", query)).rejects.toMatchObject({ code: "store_unavailable" });
    await expect(stat(`${file}-wal`)).rejects.toMatchObject({ code: "ENOENT" });
  });

  it("takes the writes of two processes while a third reads", async () => {
    const store = await openEmbeddedStore({ file });
    await store.createCollection("docs", sampleSettings());
    const writers = [1, 2].map((seed) => startWriter({ seed, batches: 15 }));
    const progress = { running: writers.length };
    for (const { ended } of writers) void ended.then(() => (progress.running -= 1));
    let seen = 0;
    do {
      const { candidates } = await store.search("docs", sampleQuery({ vector: unit([1]), denseLimit: 2000 }));
      expect(candidates.length).toBeGreaterThanOrEqual(seen);
      seen = candidates.length;
    } while (progress.running > 0);
    expect(writers.map(({ child }) => child.exitCode)).toEqual([0, 0]);
    expect(await store.describeCollection("docs")).toMatchObject({ chunks: 2 * 15 * WRITER_BATCH });
    await store.close();
    expect(integrityOf(file)).toBe("ok");
  });

  it("leaves a database of another program as it is", async () => {
    const foreign = new DatabaseSync(file);
    foreign.exec("CREATE TABLE recipes (name TEXT)");
    foreign.close();
    const before = await readFile(file);
    await expect(openEmbeddedStore({ file })).rejects.toMatchObject({
      code: "store_unavailable",
      message: expect.stringContaining("another program"),
    });
    expect((await readFile(file)).equals(before)).toBe(true);
  });

  it("brings a file of version 1 up to date and keeps what it holds", async () => {
    const first = await openEmbeddedStore({ file });
    await first.createCollection("docs", sampleSettings());
    await first.putDocument("docs", sampleDocument("a"), "Text");
    await first.close();
    const old = new DatabaseSync(file);
    old.exec(
      "DROP INDEX chunks_by_heading; ALTER TABLE documents DROP COLUMN articles; ALTER TABLE documents DROP COLUMN pages; ALTER TABLE documents DROP COLUMN metadata; ALTER TABLE documents DROP COLUMN fetched; ALTER TABLE documents DROP COLUMN modified_at;",
    );
    old.exec(
      "DROP TRIGGER version_of_new_chunk; DROP TRIGGER version_of_changed_chunk; DROP TRIGGER version_of_collection; DROP INDEX chunks_by_version; DROP INDEX documents_by_time; ALTER TABLE chunks DROP COLUMN version; ALTER TABLE collections DROP COLUMN version; ALTER TABLE chunks DROP COLUMN heading; ALTER TABLE chunks DROP COLUMN signature; DROP TABLE leases; PRAGMA user_version = 1;",
    );
    old.close();
    const [store, other] = await Promise.all([openEmbeddedStore({ file }), openEmbeddedStore({ file })]);
    expect(await store.getDocument("docs", idOf("a"))).toEqual(sampleDocument("a"));
    const next = sampleDocument("b", {
      modifiedAt: 5,
      metadata: { team: "docs" },
      pages: [{ page: 1, start: 0, end: 4 }],
      articles: ["Tides", "Salt"],
    });
    await other.putDocument("docs", next, "Text");
    expect(await store.getDocument("docs", next.id)).toEqual(next);
    expect(await store.acquireLease("docs", { owner: "a", holder: "test", ttlMs: 1_000 })).toMatchObject({
      owner: "a",
    });
    await Promise.all([store.close(), other.close()]);
  });

  it("refuses a file of a newer version and says to update", async () => {
    openEmbeddedDatabase(file, { busyTimeoutMs: 20 }).close();
    const newer = new DatabaseSync(file);
    newer.exec(`PRAGMA user_version = ${SCHEMA_VERSION + 1}`);
    newer.close();
    await expect(openEmbeddedStore({ file })).rejects.toMatchObject({
      code: "store_unavailable",
      message: expect.stringMatching(/newer version.*update/),
    });
  });

  it.each([
    ["win32", "arm64", /is not made for win32-arm64: use a Qdrant server, or a Node\.js for x64/],
    ["darwin", "arm64", /does not load on darwin-arm64 \(no such file\): install the optional packages/],
  ] as const)("says what to do where the vector extension does not load, on %s-%s", (platform, arch, sentence) => {
    const error = withoutExtension(new Error("no such file"), { platform, arch });
    expect(error).toMatchObject({ code: "store_unavailable" });
    expect(error.message).toMatch(sentence);
  });

  it("knows a share of Windows by its real path", () => {
    expect(isShare(String.raw`\\server\share\.citewell`)).toBe(true);
    expect(isShare(String.raw`\\?\C:\work\.citewell`)).toBe(false);
    expect(isShare(String.raw`C:\work\.citewell`)).toBe(false);
  });

  it("refuses a file that is no database", async () => {
    await writeFile(file, "This is a plain text. ".repeat(100));
    await expect(openEmbeddedStore({ file })).rejects.toMatchObject({
      code: "store_unavailable",
      message: expect.stringContaining("not a database"),
    });
  });

  it.skipIf(process.platform === "win32")(
    "neither writes to nor answers from a file that was moved, deleted or replaced while it was open",
    async () => {
      const store = await openEmbeddedStore({ file });
      try {
        await store.createCollection("docs", sampleSettings());
        await rename(file, `${file}.away`);
        const gone = { code: "store_unavailable", message: expect.stringContaining("moved, deleted or replaced") };
        await expect(store.createCollection("more", sampleSettings())).rejects.toMatchObject(gone);
        await expect(store.ping()).rejects.toMatchObject(gone);
        await copyFile(`${file}.away`, file);
        await expect(store.describeCollection("docs")).rejects.toMatchObject(gone);
        await rename(`${file}.away`, file);
        expect((await store.listCollections()).map(({ name }) => name)).toEqual(["docs"]);
      } finally {
        await store.close();
      }
    },
  );

  it.skipIf(process.platform === "win32")(
    "does not make a folder again that was deleted while it was open",
    async () => {
      const inside = join(dirname(file), "project", ".citewell", "store.sqlite");
      const store = await openEmbeddedStore({ file: inside });
      try {
        await store.createCollection("docs", sampleSettings());
        await rm(join(dirname(file), "project"), { recursive: true });
        // The second question would have to wait for the first one, and has a thread of its own.
        const asked = await Promise.allSettled([
          store.ping(),
          store.listCollections(),
          store.describeCollection("docs"),
        ]);
        expect(asked.map(({ status }) => status)).toEqual(["rejected", "rejected", "rejected"]);
        expect(existsSync(join(dirname(file), "project"))).toBe(false);
      } finally {
        await store.close();
      }
    },
  );

  it("says when the file is damaged", async () => {
    const store = await openEmbeddedStore({ file });
    await store.createCollection("docs", sampleSettings());
    await store.close();
    const { size } = await stat(file);
    const handle = await open(file, "r+");
    // Everything but the first page, which lists the tables.
    await handle.write(Buffer.alloc(size - 8192, 0xa5), 0, size - 8192, 8192);
    await handle.close();
    const damaged = await openEmbeddedStore({ file });
    await expect(damaged.listCollections()).rejects.toMatchObject({
      code: "store_failed",
      message: expect.stringContaining("damaged"),
    });
    await damaged.close();
  });

  it.each([
    ["a page is overwritten", null, /is damaged \(Tree \d+ page \d+.*\): restore it from a backup/],
    ["chunks are lost", "DELETE FROM chunks WHERE row > 10", /should have 20 chunks and has 10/],
    ["a document is lost", "DELETE FROM documents", /should have 1 documents and has 0/],
    [
      "vectors are lost",
      "UPDATE vectors_1_0_chunks SET validity = zeroblob(128)",
      /collection docs should have \d+ vectors and has 0/,
    ],
    [
      "vectors are no numbers any more",
      "UPDATE vectors_1_0_vector_chunks00 SET vectors = unhex(replace(hex(zeroblob(length(vectors))), '00', 'ff'))",
      /collection docs should have \d+ vectors and has 0/,
    ],
  ])("is found damaged where %s that no question needs", async (_title, sql, message) => {
    const store = await openEmbeddedStore({ file });
    await store.createCollection("docs", sampleSettings());
    await store.putDocument("docs", sampleDocument("d"), "x".repeat(100_000));
    await store.upsertChunks("docs", randomPoints(20, 1));
    await store.verify();
    await store.close();
    if (sql === null) {
      const handle = await open(file, "r+");
      await handle.write(Buffer.alloc(8192, 0xa5), 0, 8192, (await stat(file)).size - 8192 * 5);
      await handle.close();
    } else {
      const database = new DatabaseSync(file);
      database.exec(sql);
      database.close();
    }
    const damaged = await openEmbeddedStore({ file });
    try {
      expect(await damaged.listCollections()).toMatchObject([{ name: "docs" }]);
      await expect(damaged.verify()).rejects.toMatchObject({
        code: "store_failed",
        message: expect.stringMatching(message),
      });
    } finally {
      await damaged.close();
    }
  });

  it("says when the vectors in the file are damaged", async () => {
    const store = await openEmbeddedStore({ file });
    await store.createCollection("docs", sampleSettings());
    await store.upsertChunks("docs", randomPoints(20, 1));
    await store.close();
    const database = new DatabaseSync(file);
    const [table] = database
      .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name GLOB 'vectors_*_vector_chunks00'")
      .all();
    database.exec(`UPDATE ${String(table?.["name"])} SET vectors = x'a5'`);
    database.close();
    const damaged = await openEmbeddedStore({ file });
    await expect(damaged.search("docs", sampleQuery({ vector: unit([1]) }))).rejects.toMatchObject({
      code: "store_failed",
      message: expect.stringMatching(/is damaged \(.*\): restore it from a backup, or delete it and ingest again\.$/),
    });
    await damaged.close();
  });

  it.each(["vectors blob read error for 1", "vectors blob size doesn't match - expected 32, found 1"])(
    "calls a file damaged whose vectors cannot be read: %s",
    (message) => {
      const error = Object.assign(new Error(message), { code: "ERR_SQLITE_ERROR", errcode: 1 });
      expect(translateStoreError(error, file)).toMatchObject({
        code: "store_failed",
        message: expect.stringContaining("is damaged"),
      });
    },
  );

  it.skipIf(process.platform === "win32")(
    "makes its folder for its owner alone, and leaves one that is there",
    async () => {
      const own = join(folder, "own");
      const shared = join(folder, "shared");
      await mkdir(shared);
      await chmod(shared, 0o755);
      for (const one of [own, shared]) {
        const store = await openEmbeddedStore({ file: join(one, "store.sqlite") });
        await store.createCollection("docs", sampleSettings());
        await store.close();
      }
      const rights = async (one: string): Promise<number> => (await stat(one)).mode & 0o777;
      expect([await rights(own), await rights(shared)]).toEqual([0o700, 0o755]);
    },
  );

  it("says when a file lies where a folder belongs", async () => {
    await writeFile(file, "");
    await expect(openEmbeddedStore({ file: join(file, "store.sqlite") })).rejects.toMatchObject({
      code: "store_unavailable",
      message: expect.stringContaining("permissions"),
    });
  });

  it.skipIf(process.getuid?.() === 0)(
    "says when a folder is read-only (not for root, who may write anywhere)",
    async () => {
      const locked = join(folder, "locked");
      await mkdir(locked);
      await chmod(locked, 0o500);
      const store = await openEmbeddedStore({ file: join(locked, "store.sqlite") });
      await expect(store.createCollection("docs", sampleSettings())).rejects.toMatchObject({
        code: "store_unavailable",
      });
      await store.close();
      await chmod(locked, 0o700);
    },
  );

  it("gives up a write when another process holds the file, goes on reading, and writes later", async () => {
    const store = await openEmbeddedStore({ file, busyTimeoutMs: 20 });
    await store.createCollection("docs", sampleSettings());
    const other = new DatabaseSync(file);
    other.exec("BEGIN IMMEDIATE");
    await expect(store.upsertChunks("docs", randomPoints(3, 1))).rejects.toMatchObject({
      code: "collection_busy",
      retryable: true,
    });
    expect(await store.describeCollection("docs")).toMatchObject({ chunks: 0 });
    other.exec("ROLLBACK");
    other.close();
    await store.upsertChunks("docs", randomPoints(3, 1));
    expect(await store.describeCollection("docs")).toMatchObject({ chunks: 3 });
    await store.close();
  });

  it("says when the disk is full, stores nothing of that write, and works again later", async () => {
    const database = openEmbeddedDatabase(file, { busyTimeoutMs: 20 });
    const chunks = createChunkOperations(database);
    const collections = createCollectionOperations(database);
    collections.createCollection("docs", sampleSettings());
    const point = samplePoint("large", { text: "x".repeat(200_000) });
    const points = { chunks: [point], vectorLengths: [[DIMENSIONS]], vectors: unit([1]).slice() };
    // A limit of SQLite's own gives the same error as a disk without room.
    database.run("PRAGMA max_page_count = 20");
    let failure: unknown;
    try {
      chunks.upsertChunks("docs", points);
    } catch (error) {
      failure = translateStoreError(error, file);
    }
    expect(failure).toMatchObject({ code: "store_full", retryable: true });
    expect(collections.describeCollection("docs")).toMatchObject({ chunks: 0 });
    database.run("PRAGMA max_page_count = 100000");
    chunks.upsertChunks("docs", points);
    expect(collections.describeCollection("docs")).toMatchObject({ chunks: 1 });
    database.close();
  });

  it("rejects the calls under way when its thread dies, and every later one", async () => {
    const started: Worker[] = [];
    const remember = (worker: Worker): void => void started.push(worker);
    process.on("worker", remember);
    const store = await openEmbeddedStore({ file });
    await store.createCollection("docs", sampleSettings());
    process.off("worker", remember);
    // Holds the write up, so that it cannot be done before the thread ends.
    const other = new DatabaseSync(file);
    other.exec("BEGIN IMMEDIATE");
    const writing = store.upsertChunks("docs", randomPoints(200, 1));
    const refused = expect(writing).rejects.toMatchObject({ code: "store_failed" });
    const ending = started.at(-1)?.terminate();
    other.close();
    await Promise.all([refused, ending]);
    await expect(store.ping()).rejects.toMatchObject({ code: "store_failed" });
    await store.close();
    const again = await openEmbeddedStore({ file });
    expect(await again.describeCollection("docs")).not.toBeNull();
    await again.close();
  });
});

function integrityOf(file: string): unknown {
  const database = new DatabaseSync(file, { allowExtension: true });
  try {
    loadVectorExtension(database);
    return database.prepare("PRAGMA integrity_check").get()?.["integrity_check"];
  } finally {
    database.close();
  }
}
