import { Worker } from "node:worker_threads";
import { CitewellError, errorMessage } from "../errors.ts";
import { closeGate, forgetGate, openGate } from "./worker-gate.ts";
import type { WorkerReply, WorkerRequest, WorkerStart } from "./worker-messages.ts";

/** All texts of one call of the pool. */
export interface PoolCall {
  readonly texts: readonly string[];
  readonly urgent: boolean;
  readonly vectors: Float32Array[];
  /** Texts handed to workers so far. */
  sent: number;
  /** Texts whose vectors are still to come. */
  missing: number;
  /** Ends the call, with its vectors or an error; nothing of it is left in the pool then. */
  settle(error?: unknown): void;
}

/** What every worker of a pool is started with. */
export interface PoolWorkerSettings {
  /** The worker's script; it speaks the messages of `worker-messages.ts`. */
  readonly script: URL;
  /** What each worker is started with, beside its gate. */
  readonly settings: object;
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

/** Who hears of a worker. */
export interface PoolWorkerEvents {
  /** It has something less to do. */
  readonly onFree: () => void;
  /** It has ended by itself; its calls have not heard of it. */
  readonly onLost: (error: CitewellError) => void;
}

/** A thread that embeds texts. */
export interface PoolWorker {
  /** Rejects where the model does not load. */
  readonly ready: Promise<void>;
  /** Jobs it has not done yet and that go before a further one: for an urgent one, those that are urgent. */
  load(isUrgent: boolean): number;
  /** Hands on some texts of a call; `start` is the place of the first. */
  give(call: PoolCall, job: { readonly start: number; readonly texts: readonly string[] }): void;
  /** Takes back what is left of a call. */
  takeBack(call: PoolCall): void;
  /** The calls it has jobs of. */
  calls(): readonly PoolCall[];
  /** Ends it once it is out of native code. */
  close(): Promise<void>;
}

/** Some texts of a call, at the worker. */
interface Job {
  readonly call: PoolCall;
  readonly start: number;
}

/** Starts a worker; without work it does not keep the process alive. */
export function startPoolWorker(
  { script, settings, encode, dimensions, model }: PoolWorkerSettings,
  { onFree, onLost }: PoolWorkerEvents,
): PoolWorker {
  const gate = openGate();
  const workerData: WorkerStart<object> = { settings, gate };
  // Without the process's own flags: some, such as --input-type, are errors in a worker.
  const worker = new Worker(script, { workerData, execArgv: [] });
  const jobs = new Map<number, Job>();
  const { promise: ready, resolve, reject } = Promise.withResolvers<void>();
  ready.catch(() => {}); // The same error also reaches every call; only who starts the worker waits here.
  let nextId = 1;
  let isLoading = true;
  let hasEnded = false;

  const post = (request: WorkerRequest): void => worker.postMessage(request, []);

  /** It keeps the process alive only while somebody waits for it. */
  const holdProcess = (): void => {
    if (hasEnded) return; // What still arrives while it is being closed must not let the process go.
    if (isLoading || jobs.size > 0) worker.ref();
    else worker.unref();
  };

  const lose = (error: CitewellError): void => {
    if (hasEnded) return;
    hasEnded = true;
    forgetGate(gate);
    isLoading = false;
    reject(error);
    onLost(error);
  };

  const take = (reply: Extract<WorkerReply, { id: number }>): void => {
    const job = jobs.get(reply.id);
    if (!job) return;
    jobs.delete(reply.id);
    if (reply.type === "failed") job.call.settle(embeddingFailed(model, reply.reason));
    else takeVectors(job, { vectors: reply.vectors, dimensions });
  };

  worker.on("message", (reply: WorkerReply) => {
    if (reply.type === "unusable") {
      lose(reply.part === "runtime" ? withoutRuntime(model, reply.reason) : unusable(model, reply.reason));
      return;
    }
    if (reply.type === "ready") {
      isLoading = false;
      resolve();
    } else take(reply);
    holdProcess();
    onFree();
  });
  worker.on("error", (cause) => lose(died(model, errorMessage(cause), cause)));
  worker.on("exit", (code) => lose(died(model, `exit code ${code}`)));

  return {
    ready,
    load: (isUrgent) => (isUrgent ? [...jobs.values()].filter(({ call }) => call.urgent).length : jobs.size),
    give(call, { start, texts }) {
      const id = nextId;
      nextId += 1;
      jobs.set(id, { call, start });
      try {
        const tokens = texts.map((text) => Int32Array.from(encode(text)));
        post({ type: "embed", id, tokens, urgent: call.urgent });
      } catch (error) {
        call.settle(embeddingFailed(model, errorMessage(error)));
      }
      holdProcess();
    },
    takeBack(call) {
      for (const [id, job] of jobs) {
        if (job.call !== call) continue;
        jobs.delete(id);
        post({ type: "cancel", id });
      }
      holdProcess();
    },
    calls: () => [...new Set([...jobs.values()].map((job) => job.call))],
    async close() {
      hasEnded = true;
      // Without work it does not hold the process, which would then end in the midst of the closing.
      worker.ref();
      await closeGate(gate);
      await worker.terminate();
    },
  };
}

function takeVectors(
  { call, start }: Job,
  { vectors, dimensions }: { readonly vectors: Float32Array<ArrayBuffer>; readonly dimensions: number },
): void {
  const count = vectors.length / dimensions;
  for (let index = 0; index < count; index += 1) {
    // A copy each, so that a vector owns its whole buffer.
    call.vectors[start + index] = vectors.slice(index * dimensions, (index + 1) * dimensions);
  }
  call.missing -= count;
  if (call.missing === 0) call.settle();
}

/** The error of a text that could not be embedded. */
export function embeddingFailed(model: string, reason: string): CitewellError {
  return new CitewellError(
    "embedding_failed",
    `The embedding model ${model} could not embed a text: ${reason}. Check that its files belong together, or use the bundled model.`,
  );
}

/** The error of a text that came after `close()`, or was not done by then. */
export function embedderClosed(model: string): CitewellError {
  return new CitewellError("embedding_failed", `The embedding model ${model} is closed: open it again to use it.`);
}

function died(model: string, reason: string, cause?: unknown): CitewellError {
  return new CitewellError(
    "embedding_failed",
    `A worker of the embedding model ${model} ended before its texts were done (${reason}). Try again: a new worker takes its place; if it comes back, use fewer workers, since memory may be short.`,
    { cause, retryable: true },
  );
}

function unusable(model: string, reason: string): CitewellError {
  return new CitewellError(
    "embedding_model_unavailable",
    `The embedding model ${model} cannot be loaded: ${reason}. Name a folder with an ONNX model in the hub's layout, or drop the setting to use the bundled model.`,
  );
}

/** The error of a machine on which no model runs. */
export function withoutRuntime(
  model: string,
  reason: string,
  { platform, arch }: Pick<NodeJS.Process, "platform" | "arch"> = process,
): CitewellError {
  // Further lines say which file asked for which.
  const [first = ""] = reason.split("\n");
  const advice =
    platform === "win32"
      ? "Install Microsoft's Visual C++ Redistributable, which it needs on Windows"
      : "It is made for Macs with Apple silicon, not Intel, and for Linux with glibc, not Alpine; on those, install the packages of citewell again";
  return new CitewellError(
    "embedding_model_unavailable",
    `ONNX Runtime, on which the embedding model ${model} runs, does not load on this machine, ${platform}-${arch} (${first}). ${advice}, or use an embedding model behind an endpoint (CITEWELL_EMBEDDING_MODEL=endpoint:NAME).`,
  );
}
