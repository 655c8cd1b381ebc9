import { mkdir, mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Cache } from "../../src/cache/cache.ts";
import { createDiskCache } from "../../src/cache/disk-cache.ts";

describe("disk cache", () => {
  let folder: string;
  let file: string;
  let open: Cache[];

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "disk-cache-"));
    file = join(folder, "deep", "vectors.sqlite");
    open = [];
  });

  afterEach(async () => {
    await Promise.all(open.map((cache) => cache.close()));
    await rm(folder, { recursive: true });
  });

  function openCache(maxBytes?: number): Cache {
    const cache = createDiskCache({ file, ...(maxBytes !== undefined && { maxBytes }) });
    open.push(cache);
    return cache;
  }

  const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);

  it("gives values in the order of the keys, and null for what it does not know", async () => {
    const cache = openCache();
    await cache.putMany([
      { key: "a", value: bytes(1) },
      { key: "b", value: bytes(2, 3) },
    ]);
    expect(await cache.getMany(["b", "none", "a"])).toEqual([bytes(2, 3), null, bytes(1)]);
  });

  it("remembers across openings, and between two that are open", async () => {
    const first = openCache();
    await first.putMany([{ key: "a", value: bytes(1) }]);
    expect(await openCache().getMany(["a"])).toEqual([bytes(1)]);
    await first.close();
    expect(await openCache().getMany(["a"])).toEqual([bytes(1)]);
  });

  it("touches nothing before it is used", async () => {
    await openCache().close();
    await expect(stat(file)).rejects.toMatchObject({ code: "ENOENT" });
  });

  it("forgets when it is closed rather than fail", async () => {
    const cache = openCache();
    await cache.putMany([{ key: "a", value: bytes(1) }]);
    await cache.close();
    await cache.putMany([{ key: "b", value: bytes(1) }]);
    expect(await cache.getMany(["a"])).toEqual([null]);
    expect(cache.takeNotes()).toEqual([]);
  });

  it("stays within its size and forgets the oldest first", async () => {
    const maxBytes = 500_000;
    const cache = openCache(maxBytes);
    const value = new Uint8Array(1_536);
    for (let batch = 0; batch < 20; batch += 1) {
      await cache.putMany(Array.from({ length: 50 }, (_, at) => ({ key: `${batch}-${at}`, value })));
    }
    const kept = await cache.getMany(["0-0", "19-49"]);
    await cache.close();
    expect(kept).toEqual([null, value]);
    expect((await stat(file)).size).toBeLessThan(maxBytes * 1.5);
  });

  it("keeps what was used lately", async () => {
    const cache = openCache(500_000);
    const value = new Uint8Array(1_536);
    await cache.putMany([
      { key: "dear", value },
      ...Array.from({ length: 100 }, (_, at) => ({ key: `old ${at}`, value })),
    ]);
    const file2 = new DatabaseSync(file, { timeout: 5_000 });
    file2.exec("UPDATE entries SET used = 1");
    file2.close();
    await cache.getMany(["dear"]);
    for (let batch = 0; batch < 6; batch += 1) {
      await cache.putMany(Array.from({ length: 40 }, (_, at) => ({ key: `${batch}-${at}`, value })));
    }
    expect(await cache.getMany(["dear", "old 0"])).toEqual([value, null]);
  });

  it("makes a damaged file anew and says so once", async () => {
    await mkdir(join(folder, "deep"));
    await writeFile(file, "this is no database, and it is longer than the header of one would be".repeat(100));
    const cache = openCache();
    expect(await cache.getMany(["a"])).toEqual([null]);
    await cache.putMany([{ key: "a", value: bytes(1) }]);
    expect(await cache.getMany(["a"])).toEqual([bytes(1)]);
    expect(cache.takeNotes()).toEqual([expect.stringContaining(`${file} could not be read`)]);
    expect(cache.takeNotes()).toEqual([]);
  });

  it("goes on without a file that cannot be made, and says so", async () => {
    await writeFile(join(folder, "deep"), "a file where the folder should be");
    const cache = openCache();
    await cache.putMany([{ key: "a", value: bytes(1) }]);
    expect(await cache.getMany(["a"])).toEqual([null]);
    expect(cache.takeNotes()).toEqual([expect.stringContaining("cannot be used")]);
  });
});
