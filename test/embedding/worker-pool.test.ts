import { execFile } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { Worker } from "node:worker_threads";
import { afterEach, describe, expect, it } from "vitest";
import { withoutRuntime } from "../../src/embedding/pool-worker.ts";
import { openGate } from "../../src/embedding/worker-gate.ts";
import { createWorkerPool, type WorkerPool } from "../../src/embedding/worker-pool.ts";
import type { CrashingWorkerSettings } from "./crashing-worker.ts";

const pools: WorkerPool[] = [];

function open(size = 1, settings: CrashingWorkerSettings = {}): WorkerPool {
  const script = new URL("./crashing-worker.ts", import.meta.url);
  const encode = (text: string): number[] => {
    if (text === "unspeakable") throw new Error("no tokens for it");
    return Array.from(text, (character) => character.charCodeAt(0));
  };
  const pool = createWorkerPool({ script, settings, size, encode, dimensions: 1, model: "crashing" });
  pools.push(pool);
  return pool;
}

afterEach(async () => {
  await Promise.all(pools.splice(0).map((pool) => pool.close()));
});

describe("createWorkerPool", () => {
  it.each(["exit", "throw"])(
    "rejects the texts of a worker that ends by %s, and goes on with a new one",
    async (way) => {
      const pool = open();
      const lost = pool.embed([way], { urgent: false });
      await expect(lost).rejects.toMatchObject({ code: "embedding_failed", retryable: true });
      expect(await pool.embed(["7"], { urgent: false })).toEqual([Float32Array.of(7)]);
    },
  );

  it("says what to do on a machine on which ONNX Runtime does not load", async () => {
    const hook = `import { registerHooks } from "node:module";
      registerHooks({
        resolve(specifier, context, next) {
          if (specifier === "onnxruntime-node") throw new Error("Cannot find module 'binding.node'\\nRequire stack: …");
          return next(specifier, context);
        },
      });`;
    const worker = new Worker(new URL("../../src/embedding/embedding-worker.ts", import.meta.url), {
      workerData: { settings: {}, gate: openGate() },
      execArgv: ["--import", `data:text/javascript,${encodeURIComponent(hook)}`],
    });
    const [reply] = await once(worker, "message");
    await worker.terminate();
    expect(reply).toMatchObject({ type: "unusable", part: "runtime" });

    const pool = open(1, { unusable: "runtime" });
    const failing = pool.embed(["1"], { urgent: false });
    await expect(failing).rejects.toMatchObject({ code: "embedding_model_unavailable", retryable: false });
    await expect(failing).rejects.toThrow(/does not load on this machine, .*\(not made for it\)\. .*endpoint:NAME/);
  });

  it.each([
    ["win32", "x64", /does not load on this machine, win32-x64 .*Visual C\+\+ Redistributable/],
    ["darwin", "x64", /does not load on this machine, darwin-x64 .*Apple silicon, not Intel/],
    ["linux", "arm64", /does not load on this machine, linux-arm64 .*not Alpine/],
  ] as const)("knows what ONNX Runtime needs on %s-%s", (platform, arch, sentence) => {
    expect(withoutRuntime("a-model", "no such file\nRequire stack: …", { platform, arch }).message).toMatch(sentence);
    expect(withoutRuntime("a-model", "no such file\nRequire stack: …", { platform, arch }).message).not.toMatch(
      /stack/,
    );
  });

  it("rejects only the call whose text fails", async () => {
    const pool = open();
    const outcomes = await Promise.allSettled([
      pool.embed(["1"], { urgent: false }),
      pool.embed(["fail"], { urgent: false }),
      pool.embed(["2"], { urgent: false }),
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
  });

  it("rejects a call whose text has no tokens, and goes on", async () => {
    const pool = open();
    await expect(pool.embed(["unspeakable"], { urgent: false })).rejects.toMatchObject({ code: "embedding_failed" });
    expect(await pool.embed(["7"], { urgent: false })).toEqual([Float32Array.of(7)]);
  });

  it("puts the vectors of a large call together in order, over several workers", async () => {
    const texts = Array.from({ length: 500 }, (_, index) => String(index));
    const vectors = await open(3).embed(texts, { urgent: false });
    expect(vectors.map((vector) => vector[0])).toEqual(texts.map(Number));
    expect(vectors.every((vector) => vector.buffer.byteLength === 4)).toBe(true);
  });

  it.each([false, true])(
    "lets a small call through beside a large one that was there first, urgent: %s",
    async (urgent) => {
      const pool = open();
      const order: string[] = [];
      const large = Array.from({ length: 400 }, (_, index) => String(index));
      await Promise.all([
        pool.embed(large, { urgent }).then(() => order.push("large")),
        pool.embed(["1"], { urgent }).then(() => order.push("small")),
      ]);
      expect(order).toEqual(["small", "large"]);
    },
  );

  it("rejects on abort although the worker never answers", async () => {
    const controller = new AbortController();
    const waiting = open().embed(["hang"], { urgent: false, signal: controller.signal });
    controller.abort(new Error("no more"));
    await expect(waiting).rejects.toThrow("no more");
  });

  it("rejects what is pending when it is closed", async () => {
    const pool = open();
    const pending = [pool.embed(["hang"], { urgent: false }), pool.embed(["hang"], { urgent: true })];
    const [outcomes] = await Promise.all([Promise.allSettled(pending), pool.close()]);
    expect(outcomes.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
    await expect(pool.embed(["1"], { urgent: false })).rejects.toThrow("is closed: open it again to use it.");
  });

  it("keeps the process until it is closed, although a worker answers meanwhile", async () => {
    const script = fileURLToPath(new URL("./close-busy-pool.ts", import.meta.url));
    const { stdout } = await promisify(execFile)(process.execPath, [script]);
    expect(stdout).toBe("closed");
  });
});
