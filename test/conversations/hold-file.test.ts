import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { holdFile } from "../../src/conversations/hold-file.ts";

const HOLDING = fileURLToPath(new URL("holding-process.ts", import.meta.url));

let folder = "";
let file = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "citewell-hold-"));
  file = join(folder, "a.turn");
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe("holdFile", () => {
  it("waits for another process that lives, and takes over from one that was killed", async () => {
    const child = spawn(process.execPath, [HOLDING, file], { stdio: ["ignore", "pipe", "inherit"] });
    await once(child.stdout, "data");
    const owner = await readFile(file, "utf8");
    const stop = new AbortController();
    const refused = holdFile(file, { signal: stop.signal });
    stop.abort(new Error("enough"));
    await expect(refused).rejects.toThrow("enough");
    expect(await readFile(file, "utf8")).toBe(owner);
    child.kill("SIGKILL");
    await once(child, "close");
    const giveBack = await holdFile(file);
    expect(await readFile(file, "utf8")).not.toBe(owner);
    await giveBack();
    expect(await readdir(folder)).toEqual([]);
  });

  it("takes over from another machine whose last sign of life is too old, and not before", async () => {
    await writeFile(file, "elsewhere/1/x");
    const waiting = holdFile(file);
    const stop = new AbortController();
    const refused = holdFile(file, { signal: stop.signal });
    stop.abort(new Error("enough"));
    await expect(refused).rejects.toThrow("enough");
    expect(await readFile(file, "utf8")).toBe("elsewhere/1/x");
    const long = new Date(Date.now() - 60_000);
    await utimes(file, long, long);
    await (
      await waiting
    )();
    expect(await readdir(folder)).toEqual([]);
  });

  it("is held by one at a time, however many find it left", async () => {
    const holders = { now: 0, most: 0 };
    await writeFile(file, "elsewhere/1/x");
    const long = new Date(Date.now() - 60_000);
    await utimes(file, long, long);
    const hold = async (): Promise<void> => {
      const giveBack = await holdFile(file);
      holders.now += 1;
      holders.most = Math.max(holders.most, holders.now);
      await stat(file);
      holders.now -= 1;
      await giveBack();
    };
    await Promise.all(Array.from({ length: 6 }, hold));
    expect(holders).toEqual({ now: 0, most: 1 });
    expect(await readdir(folder)).toEqual([]);
  });

  it("takes over although a process was killed while it did so", async () => {
    await writeFile(file, "elsewhere/1/x");
    await writeFile(`${file}.tmp`, "elsewhere/2/y");
    const long = new Date(Date.now() - 60_000);
    for (const one of [file, `${file}.tmp`]) await utimes(one, long, long);
    await (
      await holdFile(file)
    )();
    expect(await readdir(folder)).toEqual([]);
  });

  it("shows that it lives, and leaves alone what somebody else holds by then", async () => {
    const giveBack = await holdFile(file, { ttlMs: 40 });
    const long = new Date(Date.now() - 60_000);
    await utimes(file, long, long);
    await expect.poll(async () => (await stat(file)).mtimeMs).toBeGreaterThan(long.getTime() + 1_000);
    await writeFile(file, "elsewhere/1/x");
    await giveBack();
    expect(await readFile(file, "utf8")).toBe("elsewhere/1/x");
  });
});
