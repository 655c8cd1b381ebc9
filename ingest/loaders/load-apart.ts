import { once } from "node:events";
import { Worker } from "node:worker_threads";
import pLimit from "p-limit";
import { anySignal } from "../../src/domain/any-signal.ts";
import { errorMessage, systemErrorCode } from "../../src/errors.ts";
import type { LoaderName } from "./languages.ts";
import type { LoadedText, Unreadable } from "./loader.ts";

/** A request to the worker. */
export interface LoadRequest {
  readonly loader: LoaderName;
  readonly content: string | Uint8Array;
  /**
   * Whether files within the source are only named.
   * @default false
   */
  readonly isAlone?: boolean;
}

/** The worker's reply. */
export type LoadReply = { readonly result: LoadedText | Unreadable } | { readonly failure: string };

/** Options of {@link createLoadThread}. */
export interface LoadThreadOptions {
  /**
   * Longest time for one source, in milliseconds.
   * @default 120_000
   */
  readonly timeLimitMs?: number;
  /**
   * Most memory for one source, in megabytes.
   * @default 2048
   */
  readonly maxMemoryMb?: number;
}

/** Turns sources into text beside the main thread. */
export interface LoadThread {
  /** Throws if the source is damaged, takes too long or needs too much memory; an abort throws its reason. */
  load(request: LoadRequest, options?: { readonly signal?: AbortSignal }): Promise<LoadedText | Unreadable>;
}

/** How often the bytes are counted that a source unpacks to, in milliseconds; the thread's own limit leaves them out. */
const COUNT_EVERY_MS = 200;
/** The thread ends after this time without work, in milliseconds. */
const IDLE_MS = 5_000;
const SCRIPT: URL = new URL(import.meta.url.endsWith(".ts") ? "./load-worker.ts" : "./load-worker.js", import.meta.url);

/**
 * Makes a thread that starts with the first source, takes one source at a time, never keeps the process alive, and ends
 * when there has been nothing to do for a while.
 */
export function createLoadThread({ timeLimitMs = 120_000, maxMemoryMb = 2_048 }: LoadThreadOptions = {}): LoadThread {
  const oneAtATime = pLimit(1);
  let worker: Worker | null = null;
  let idle: NodeJS.Timeout | undefined;

  const drop = (): void => {
    const dropped = worker;
    worker = null;
    void dropped?.terminate();
  };

  const startWorker = (): Worker => {
    const started = new Worker(SCRIPT, {
      resourceLimits: { maxOldGenerationSizeMb: maxMemoryMb },
      // What libraries print about odd files is discarded.
      stdout: true,
      stderr: true,
    });
    const forget = (): void => {
      if (worker === started) worker = null;
    };
    // Between two sources nobody listens for errors; without a listener an error would end the process.
    return started.on("error", forget).on("exit", forget);
  };

  const run = async (request: LoadRequest, signal: AbortSignal | undefined): Promise<LoadedText | Unreadable> => {
    signal?.throwIfAborted();
    clearTimeout(idle);
    const used = (worker ??= startWorker());
    used.ref();
    try {
      const reply = await replyOf(used, request, signal);
      if ("failure" in reply) throw new Error(reply.failure);
      return reply.result;
    } finally {
      used.unref();
      idle = setTimeout(drop, IDLE_MS).unref();
    }
  };
  return { load: (request, { signal } = {}) => oneAtATime(() => run(request, signal)) };

  /** Waits for the worker's reply. A worker that does not reply properly is ended. */
  async function replyOf(asked: Worker, request: LoadRequest, signal: AbortSignal | undefined): Promise<LoadReply> {
    asked.postMessage(request, []);
    const timeout = AbortSignal.timeout(timeLimitMs);
    const done = new AbortController();
    const stop = { signal: anySignal(signal, timeout, done.signal) };
    const exit = once(asked, "exit", stop).then(() => Promise.reject(new Error("its thread ended unexpectedly")));
    const replied = once(asked, "message", stop).then(([reply]): LoadReply => reply);
    let isTooLarge = false;
    const count = async (): Promise<void> => {
      const bytes = await bytesOf(asked);
      if (bytes <= maxMemoryMb * 1_000_000 || done.signal.aborted) return;
      isTooLarge = true;
      await asked.terminate();
    };
    const counting = setInterval(() => void count(), COUNT_EVERY_MS).unref();
    try {
      return await Promise.race([replied, exit]);
    } catch (error) {
      drop();
      if (timeout.aborted) throw new Error(`it took more than ${timeLimitMs / 1_000} s`, { cause: error });
      signal?.throwIfAborted();
      isTooLarge ||= systemErrorCode(error) === "ERR_WORKER_OUT_OF_MEMORY";
      const reason = isTooLarge ? `it needs more than ${maxMemoryMb} MB of memory` : errorMessage(error);
      throw new Error(reason, { cause: error });
    } finally {
      done.abort();
      clearInterval(counting);
    }
  }
}

/** The bytes that a thread holds beside its heap; none where it has ended. */
async function bytesOf(thread: Worker): Promise<number> {
  return thread.getHeapStatistics().then(
    ({ external_memory: bytes }) => bytes,
    () => 0,
  );
}

/** Wraps a thread so that a mail that fails is read again without its attachments, which may have been the cause. */
export function retryMailsAlone(thread: LoadThread): LoadThread {
  return {
    async load(request, options) {
      try {
        return await thread.load(request, options);
      } catch (error) {
        options?.signal?.throwIfAborted();
        if (request.loader !== "mail") throw error;
        const loaded = await thread.load({ ...request, isAlone: true }, options);
        if ("unreadable" in loaded) return loaded;
        return { ...loaded, notes: [...(loaded.notes ?? []), `with them ${errorMessage(error)}`] };
      }
    },
  };
}
