import { Worker } from "node:worker_threads";
import { errorMessage } from "../errors.ts";
import type { Cache } from "./cache.ts";
import type { DiskCacheReply, DiskCacheRequest, DiskCacheWorkerData } from "./disk-cache-messages.ts";

/** Options of {@link createDiskCache}. */
export interface DiskCacheOptions {
  /** Path of the file; it is created with its folder when the first value is stored. Several processes may share it. */
  readonly file: string;
  /**
   * Largest size of the file, in bytes; the least recently used values are dropped first.
   * @default 1 GiB
   */
  readonly maxBytes?: number;
}

/** A request as its caller makes it. */
type Ask = DiskCacheRequest extends infer Request
  ? Request extends DiskCacheRequest
    ? Omit<Request, "id">
    : never
  : never;

const GIBIBYTE = 2 ** 30;

/** Opens a cache in one file. A damaged file is made anew; if a file cannot be used at all, nothing is cached. */
export function createDiskCache({ file, maxBytes = GIBIBYTE }: DiskCacheOptions): Cache {
  const pending = new Map<number, (reply: Omit<DiskCacheReply, "id">) => void>();
  const notes = new Set<string>();
  let taken = 0;
  let worker: Worker | null = null;
  let isClosed = false;
  let lastId = 0;

  const settle = (id: number, reply: Omit<DiskCacheReply, "id">): void => {
    const resolve = pending.get(id);
    pending.delete(id);
    if (pending.size === 0) worker?.unref();
    if (reply.note !== null) notes.add(reply.note);
    resolve?.(reply);
  };
  const lose = (cause: unknown): void => {
    worker = null;
    const wasExpected = isClosed && pending.size === 0;
    isClosed = true;
    if (wasExpected) return;
    const note = `The thread of the cache ${file} has ended (${errorMessage(cause)}): vectors are embedded without it.`;
    for (const id of pending.keys()) settle(id, { values: [], note });
  };
  const start = (): Worker => {
    const extension = import.meta.url.endsWith(".ts") ? "ts" : "js";
    const workerData: DiskCacheWorkerData = { file, maxBytes };
    const started = new Worker(new URL(`./disk-cache-worker.${extension}`, import.meta.url), {
      workerData,
      // Older releases of Node.js call node:sqlite experimental on every start.
      execArgv: ["--disable-warning=ExperimentalWarning"],
      name: "disk-cache",
    });
    started.on("message", ({ id, ...reply }: DiskCacheReply) => settle(id, reply));
    started.on("error", lose);
    started.on("messageerror", lose);
    started.on("exit", (code) => lose(new Error(`exit code ${code}`)));
    return started;
  };
  const ask = async (request: Ask): Promise<Omit<DiskCacheReply, "id">> => {
    const id = (lastId += 1);
    worker ??= start();
    const { promise, resolve } = Promise.withResolvers<Omit<DiskCacheReply, "id">>();
    pending.set(id, resolve);
    worker.ref();
    worker.postMessage({ ...request, id }, []);
    return await promise;
  };

  return {
    async getMany(keys) {
      if (isClosed || keys.length === 0) return keys.map(() => null);
      const { values } = await ask({ type: "get", keys });
      return keys.map((_, index) => values[index] ?? null);
    },
    async putMany(entries) {
      if (!isClosed && entries.length > 0) await ask({ type: "put", entries });
    },
    takeNotes() {
      const fresh = [...notes].slice(taken);
      taken = notes.size;
      return fresh;
    },
    async close() {
      if (isClosed) return;
      isClosed = true;
      if (worker === null) return;
      const ending = worker;
      await ask({ type: "close" });
      await ending.terminate();
    },
  };
}
