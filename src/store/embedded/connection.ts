import { Worker, type Transferable } from "node:worker_threads";
import { CitewellError } from "../../errors.ts";
import { errorOf } from "./errors.ts";
import type { EmbeddedCalls, EmbeddedMethod, EmbeddedResponse, EmbeddedWorkerData } from "./protocol.ts";
import type { CallOptions } from "../vector-store.ts";

/** A connection to the thread that has the database open. */
export interface EmbeddedConnection {
  /** Sends one request; requests are answered in order. */
  readonly call: <Method extends EmbeddedMethod>(
    method: Method,
    args: EmbeddedCalls[Method]["args"],
    options?: CallOptions & { readonly transfer?: readonly Transferable[] },
  ) => Promise<EmbeddedCalls[Method]["result"]>;
  /** Whether a request has not been answered yet. */
  readonly isBusy: boolean;
  /** Waits for the requests under way, and ends the thread. */
  readonly close: () => Promise<void>;
}

interface PendingCall {
  readonly resolve: (result: never) => void;
  readonly reject: (error: unknown) => void;
}

/** Starts the thread and waits until the database is open. */
export async function openEmbeddedConnection(data: EmbeddedWorkerData): Promise<EmbeddedConnection> {
  const extension = import.meta.url.endsWith(".ts") ? "ts" : "js";
  const worker = new Worker(new URL(`./worker.${extension}`, import.meta.url), {
    workerData: data,
    // Older releases of Node.js call node:sqlite experimental on every start.
    execArgv: ["--disable-warning=ExperimentalWarning"],
    name: "embedded-store",
  });
  const pending = new Map<number, PendingCall>();
  let ended: Error | null = null;
  let lastId = 0;
  let closing: Promise<void> | null = null;

  /** Registers a call. The process stays alive as long as a call is waiting. */
  const expectAnswer = <Result>(id: number): Promise<Result> =>
    new Promise<Result>((resolve, reject) => {
      pending.set(id, { resolve, reject });
      worker.ref();
    });
  const settle = (id: number): PendingCall | undefined => {
    const call = pending.get(id);
    pending.delete(id);
    if (pending.size === 0) worker.unref();
    return call;
  };
  const end = (reason: Error): void => {
    ended ??= reason;
    for (const id of pending.keys()) settle(id)?.reject(ended);
  };
  worker.on("message", (response: EmbeddedResponse) => {
    const call = settle(response.id);
    if (response.ok) call?.resolve(response.result);
    else call?.reject(errorOf(response.failure));
  });
  worker.on("error", (cause) => end(threadEnded(data.file, cause)));
  worker.on("exit", () => end(threadEnded(data.file, undefined)));
  worker.on("messageerror", (cause) => end(threadEnded(data.file, cause)));

  try {
    await expectAnswer(0);
  } catch (error) {
    await worker.terminate();
    throw error;
  }

  const send = <Method extends EmbeddedMethod>(
    method: Method,
    args: EmbeddedCalls[Method]["args"],
    transfer: readonly Transferable[],
  ): { readonly id: number; readonly answer: Promise<EmbeddedCalls[Method]["result"]> } => {
    if (ended !== null) throw ended;
    const id = (lastId += 1);
    worker.postMessage({ id, method, args }, transfer);
    return { id, answer: expectAnswer(id) };
  };

  return {
    async call(method, args, { signal, transfer = [] } = {}) {
      signal?.throwIfAborted();
      if (closing !== null) throw storeClosed(data.file);
      const { id, answer } = send(method, args, transfer);
      if (signal === undefined) return answer;
      const abort = (): void => settle(id)?.reject(signal.reason);
      signal.addEventListener("abort", abort, { once: true });
      return answer.finally(() => signal.removeEventListener("abort", abort));
    },
    get isBusy() {
      return pending.size > 0;
    },
    close() {
      closing ??= (async () => {
        if (ended !== null) return;
        try {
          await send("close", [], []).answer;
        } finally {
          await worker.terminate();
        }
      })();
      return closing;
    },
  };
}

/** The error of a call after the store was closed. */
export function storeClosed(file: string): CitewellError {
  return new CitewellError("store_unavailable", `The store ${file} is closed: open it again to use it.`);
}

function threadEnded(file: string, cause: unknown): CitewellError {
  return new CitewellError(
    "store_failed",
    `The thread that keeps ${file} open has ended; what had been acknowledged is stored: open the store again.`,
    { cause },
  );
}
