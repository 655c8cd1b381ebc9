import {
  embedderClosed,
  startPoolWorker,
  type PoolCall,
  type PoolWorker,
  type PoolWorkerSettings,
} from "./pool-worker.ts";

/** Options of {@link createWorkerPool}. */
export interface WorkerPoolOptions extends PoolWorkerSettings {
  /** How many workers there are at most; each is started when the others have more to do than they can begin. */
  readonly size: number;
}

/** Options of {@link WorkerPool.embed}. */
export interface PoolEmbedOptions {
  /** Whether the texts go before all that are not urgent, in the workers' own queues too. */
  readonly urgent: boolean;
  readonly signal?: AbortSignal | undefined;
}

/** Worker threads that embed texts. */
export interface WorkerPool {
  /**
   * Starts the first worker and waits until its model is loaded.
   * @throws CitewellError `embedding_model_unavailable`
   */
  start(): Promise<void>;
  /**
   * One vector a text, in the order given. Calls share the workers in turns, a few texts each.
   * @throws CitewellError `embedding_failed` when a worker dies or the model fails, `embedding_model_unavailable` when it
   * does not load.
   */
  embed(texts: readonly string[], options: PoolEmbedOptions): Promise<Float32Array[]>;
  close(): Promise<void>;
}

const MOST_TEXTS_A_JOB = 8;
// A second job keeps the worker busy while the main thread is, and is short enough to be shared out late.
const MOST_JOBS_A_WORKER = 2;

/** Makes a pool; no thread is started yet. Idle workers do not keep the process alive. */
export function createWorkerPool({ size, ...settings }: WorkerPoolOptions): WorkerPool {
  const { model } = settings;
  const workers = new Set<PoolWorker>();
  const waiting: PoolCall[] = [];
  let closed = false;

  const freest = (urgent: boolean): PoolWorker | undefined =>
    [...workers].toSorted((a, b) => a.load(urgent) - b.load(urgent) || a.load(false) - b.load(false))[0];

  const dispatch = (): void => {
    for (;;) {
      const call = waiting[0];
      if (!call) return;
      let worker = freest(call.urgent);
      if (!worker || worker.load(call.urgent) >= MOST_JOBS_A_WORKER) {
        if (workers.size >= size) return;
        worker = startWorker();
      }
      send(worker, call);
    }
  };

  const startWorker = (): PoolWorker => {
    const worker = startPoolWorker(settings, {
      onFree: dispatch,
      onLost(error) {
        workers.delete(worker);
        for (const call of worker.calls()) call.settle(error);
        dispatch();
      },
    });
    workers.add(worker);
    return worker;
  };

  const send = (worker: PoolWorker, call: PoolCall): void => {
    const start = call.sent;
    const share = Math.ceil((call.texts.length - start) / (workers.size * MOST_JOBS_A_WORKER));
    const texts = call.texts.slice(start, start + Math.min(share, MOST_TEXTS_A_JOB));
    call.sent += texts.length;
    waiting.splice(waiting.indexOf(call), 1);
    if (call.sent < call.texts.length) enqueue(call);
    worker.give(call, { start, texts });
  };

  /** Urgent calls stand before the others; within their kind, calls take turns. */
  const enqueue = (call: PoolCall): void => {
    const firstOrdinary = call.urgent ? waiting.findIndex((other) => !other.urgent) : -1;
    if (firstOrdinary < 0) waiting.push(call);
    else waiting.splice(firstOrdinary, 0, call);
  };

  const drop = (call: PoolCall): void => {
    const index = waiting.indexOf(call);
    if (index >= 0) waiting.splice(index, 1);
    for (const worker of workers) worker.takeBack(call);
  };

  return {
    async start() {
      if (closed) throw embedderClosed(model);
      await (freest(false) ?? startWorker()).ready;
    },
    embed(texts, { urgent, signal }) {
      const { promise, resolve, reject } = Promise.withResolvers<Float32Array[]>();
      const onAbort = (): void => {
        call.settle(signal?.reason);
        dispatch();
      };
      const call: PoolCall = {
        texts,
        urgent,
        vectors: [],
        sent: 0,
        missing: texts.length,
        settle(error) {
          signal?.removeEventListener("abort", onAbort);
          drop(call);
          if (call.missing === 0) resolve(call.vectors);
          else reject(error);
        },
      };
      if (signal?.aborted) reject(signal.reason);
      else if (closed) reject(embedderClosed(model));
      else if (texts.length === 0) resolve([]);
      else {
        signal?.addEventListener("abort", onAbort);
        enqueue(call);
        dispatch();
      }
      return promise;
    },
    async close() {
      closed = true;
      const ending = [...workers];
      const calls = new Set([...waiting, ...ending.flatMap((worker) => worker.calls())]);
      waiting.length = 0;
      workers.clear();
      for (const call of calls) call.settle(embedderClosed(model));
      await Promise.all(ending.map(async (worker) => worker.close()));
    },
  };
}
