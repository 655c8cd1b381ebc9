import { Worker } from "node:worker_threads";
import { CitewellError, errorMessage } from "../errors.ts";
import { closeGate, forgetGate, openGate, type WorkerGate } from "./worker-gate.ts";
import type { WorkerReply, WorkerRequest, WorkerStart } from "./worker-messages.ts";

/** Options of {@link createWorkerPool}. */
export interface WorkerPoolOptions {
  /** The worker's script; it speaks the messages of `worker-messages.ts`. */
  readonly script: URL;
  /** What each worker is started with, beside its gate. */
  readonly settings: object;
  /** How many workers there are at most; each is started when the others have more to do than they can begin. */
  readonly size: number;
  /**
   * Token ids of a text as the model wants them. It is called here, just before a worker gets the text: this thread has
   * most words' ids in memory already, since texts are counted before they are embedded.
   */
  readonly encode: (text: string) => readonly number[];
  /** Length of a vector. */
  readonly dimensions: number;
  /** What to call the model in error messages. */
  readonly model: string;
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

/** All texts of one `embed`. */
interface Call {
  readonly texts: readonly string[];
  readonly urgent: boolean;
  readonly vectors: Float32Array[];
  /** Texts handed to workers so far. */
  sent: number;
  /** Texts whose vectors are still to come. */
  missing: number;
  settle(error?: unknown): void;
}

/** Some texts of a call, at one worker. */
interface Job {
  readonly call: Call;
  readonly start: number;
}

interface Slot {
  readonly worker: Worker;
  readonly gate: WorkerGate;
  readonly jobs: Map<number, Job>;
  readonly ready: Promise<void>;
  loading: boolean;
}

const MOST_TEXTS_A_JOB = 8;
// A second job keeps the worker busy while the main thread is, and is short enough to be shared out late.
const MOST_JOBS_A_WORKER = 2;

/** Makes a pool; no thread is started yet. Idle workers do not keep the process alive. */
export function createWorkerPool({ script, settings, size, encode, dimensions, model }: WorkerPoolOptions): WorkerPool {
  const slots = new Set<Slot>();
  const waiting: Call[] = [];
  let nextId = 1;
  let closed = false;

  const freest = (): Slot | undefined => [...slots].toSorted((a, b) => a.jobs.size - b.jobs.size)[0];

  const dispatch = (): void => {
    for (;;) {
      const call = waiting[0];
      if (!call) return;
      let slot = freest();
      if (!slot || (!call.urgent && slot.jobs.size >= MOST_JOBS_A_WORKER)) {
        if (slots.size >= size) return;
        slot = startWorker();
      }
      send(slot, call);
    }
  };

  const send = (slot: Slot, call: Call): void => {
    const left = call.texts.length - call.sent;
    const share = Math.ceil(left / (slots.size * MOST_JOBS_A_WORKER));
    const texts = call.texts.slice(call.sent, call.sent + Math.min(share, MOST_TEXTS_A_JOB));
    const id = nextId;
    nextId += 1;
    slot.jobs.set(id, { call, start: call.sent });
    call.sent += texts.length;
    waiting.splice(waiting.indexOf(call), 1);
    if (call.sent < call.texts.length) enqueue(call);
    try {
      const tokens = texts.map((text) => Int32Array.from(encode(text)));
      post(slot, { type: "embed", id, tokens, urgent: call.urgent });
    } catch (error) {
      call.settle(failed(model, errorMessage(error)));
    }
    holdProcess(slot);
  };

  /** Urgent calls stand before the others; within their kind, calls take turns. */
  const enqueue = (call: Call): void => {
    const firstOrdinary = call.urgent ? waiting.findIndex((other) => !other.urgent) : -1;
    if (firstOrdinary < 0) waiting.push(call);
    else waiting.splice(firstOrdinary, 0, call);
  };

  const startWorker = (): Slot => {
    // Without the process's own flags: some, such as --input-type, are errors in a worker.
    const gate = openGate();
    const workerData: WorkerStart<object> = { settings, gate };
    const worker = new Worker(script, { workerData, execArgv: [] });
    const { promise: ready, resolve, reject } = Promise.withResolvers<void>();
    const slot: Slot = { worker, gate, jobs: new Map(), ready, loading: true };
    ready.catch(() => {}); // The same error also reaches every call; only `start` waits here.
    slots.add(slot);

    const lose = (error: CitewellError): void => {
      if (!slots.delete(slot)) return;
      forgetGate(gate);
      slot.loading = false;
      reject(error);
      for (const { call } of slot.jobs.values()) call.settle(error);
      dispatch();
    };
    worker.on("message", (reply: WorkerReply) => {
      if (reply.type === "ready") {
        slot.loading = false;
        resolve();
      } else if (reply.type === "unusable") {
        lose(unusable(model, reply.reason));
        return;
      } else {
        take(slot, reply);
      }
      holdProcess(slot);
      dispatch();
    });
    worker.on("error", (cause) => lose(died(model, errorMessage(cause), cause)));
    worker.on("exit", (code) => lose(died(model, `exit code ${code}`)));
    return slot;
  };

  const take = (slot: Slot, reply: Extract<WorkerReply, { id: number }>): void => {
    const job = slot.jobs.get(reply.id);
    if (!job) return;
    slot.jobs.delete(reply.id);
    const { call, start } = job;
    if (reply.type === "failed") {
      call.settle(failed(model, reply.reason));
      return;
    }
    const count = reply.vectors.length / dimensions;
    for (let index = 0; index < count; index += 1) {
      // A copy each, so that a vector owns its whole buffer.
      call.vectors[start + index] = reply.vectors.slice(index * dimensions, (index + 1) * dimensions);
    }
    call.missing -= count;
    if (call.missing === 0) call.settle();
  };

  /** Takes back what is left of a call. */
  const drop = (call: Call): void => {
    const index = waiting.indexOf(call);
    if (index >= 0) waiting.splice(index, 1);
    for (const slot of slots) {
      for (const [id, job] of slot.jobs) {
        if (job.call !== call) continue;
        slot.jobs.delete(id);
        post(slot, { type: "cancel", id });
      }
      holdProcess(slot);
    }
  };

  return {
    async start() {
      if (closed) throw failed(model, "it was closed");
      await (freest() ?? startWorker()).ready;
    },
    embed(texts, { urgent, signal }) {
      const { promise, resolve, reject } = Promise.withResolvers<Float32Array[]>();
      const onAbort = (): void => {
        call.settle(signal?.reason);
        dispatch();
      };
      const call: Call = {
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
      else if (closed) reject(failed(model, "it was closed"));
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
      const ending = [...slots];
      const calls = new Set([...waiting, ...ending.flatMap((slot) => [...slot.jobs.values()].map((job) => job.call))]);
      waiting.length = 0;
      slots.clear();
      for (const call of calls) call.settle(failed(model, "it was closed"));
      await Promise.all(
        ending.map(async ({ worker, gate }) => {
          // Without work it does not hold the process, which would then end in the midst of the closing.
          worker.ref();
          await closeGate(gate);
          await worker.terminate();
        }),
      );
    },
  };
}

function post(slot: Slot, request: WorkerRequest): void {
  slot.worker.postMessage(request, []);
}

/** A worker keeps the process alive only while somebody waits for it. */
function holdProcess(slot: Slot): void {
  if (slot.loading || slot.jobs.size > 0) slot.worker.ref();
  else slot.worker.unref();
}

function died(model: string, reason: string, cause?: unknown): CitewellError {
  return new CitewellError(
    "embedding_failed",
    `A worker of the embedding model ${model} ended before its texts were done (${reason}). Try again: a new worker takes its place; if it comes back, use fewer workers, since memory may be short.`,
    { cause, retryable: true },
  );
}

function failed(model: string, reason: string): CitewellError {
  return new CitewellError(
    "embedding_failed",
    `The embedding model ${model} could not embed a text: ${reason}. Check that its files belong together, or use the bundled model.`,
  );
}

function unusable(model: string, reason: string): CitewellError {
  return new CitewellError(
    "embedding_model_unavailable",
    `The embedding model ${model} cannot be loaded: ${reason}. Name a folder with an ONNX model in the hub's layout, or drop the setting to use the bundled model.`,
  );
}
