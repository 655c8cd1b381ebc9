// Run as a process of its own: gives up a text that the worker is at, closes the pool, and tells when that is done.
import { setTimeout as sleep } from "node:timers/promises";
import { createWorkerPool } from "../../src/embedding/worker-pool.ts";

const pool = createWorkerPool({
  script: new URL("./late-worker.ts", import.meta.url),
  settings: {},
  size: 1,
  encode: () => [1],
  dimensions: 1,
  model: "late",
});
await pool.start();
const controller = new AbortController();
const given = pool.embed(["text"], { urgent: false, signal: controller.signal }).catch(() => {});
await sleep(30);
controller.abort(new Error("no more"));
await given;
await pool.close();
process.stdout.write("closed");
