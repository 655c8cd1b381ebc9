import { appendFile, mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { checkOptions } from "../../domain/check-options.ts";
import { errorMessage, isCitewellError, systemErrorCode } from "../../errors.ts";
import type { RunEnd, RunEvent, RunWatcher } from "./watch-run.ts";

/** Options of {@link createJsonlLog}. */
export interface JsonlLogOptions {
  /** File that lines are added to; its folder is made when it does not exist. */
  readonly path: string;
  /** Whether the pieces of replies are written too; the whole messages always are. @default false */
  readonly deltas?: boolean | undefined;
}

/** A log of runs. */
export interface JsonlLog {
  readonly watcher: RunWatcher;
  /** Resolves when everything so far is in the file; rejects with the first failure since the last flush. */
  flush(): Promise<void>;
}

/**
 * Writes a line of JSON for each event: `run`, `seq`, `time` and `type`, then what the event holds. The first line of a
 * run has the type `run-start`, the last one `run-end`. Texts of passages are left out: their sources say which they are.
 */
export function createJsonlLog(options: JsonlLogOptions): JsonlLog {
  checkOptions(options, { owner: "createJsonlLog", known: { path: "name", deltas: "flag" } });
  const { path, deltas = false } = options;
  if (path === undefined) throw new TypeError('createJsonlLog needs a file: { path: "runs.jsonl" }.');
  let written: Promise<void> = Promise.resolve();
  let failure: Error | null = null;
  const append = async (line: Readonly<Record<string, unknown>>, before: Promise<void>): Promise<void> => {
    await before;
    const text = `${JSON.stringify(line)}\n`;
    try {
      await appendFile(path, text);
    } catch (error) {
      if (systemErrorCode(error) !== "ENOENT") throw error;
      await mkdir(dirname(path), { recursive: true });
      await appendFile(path, text);
    }
  };
  const write = async (line: Readonly<Record<string, unknown>>): Promise<void> => {
    const own = append(line, written);
    // A disk that was full may have room again: what failed keeps no later line from the file.
    written = own.catch((error: unknown) => {
      failure ??= error instanceof Error ? error : new Error(errorMessage(error), { cause: error });
    });
    await own;
  };
  return {
    watcher({ id, name, startedAt }) {
      let seq = 0;
      const add = async (type: string, rest: object, time: Date = new Date()): Promise<void> => {
        const line = { run: id, seq, time: time.toISOString(), type, ...rest };
        seq += 1;
        await write(line);
      };
      const begin = async (): Promise<void> => {
        if (seq === 0) await add("run-start", { name }, startedAt);
      };
      return {
        async onEvent(event) {
          await begin();
          if (event.type === "delta" && !deltas) return;
          const { type, ...rest } = toPlain(event);
          await add(String(type), rest);
        },
        async onEnd(end) {
          await begin();
          await add("run-end", describeEnd(end));
        },
      };
    },
    async flush() {
      await written;
      const told = failure;
      failure = null;
      if (told !== null) throw told;
    },
  };
}

function toPlain(event: RunEvent): Readonly<Record<string, unknown>> {
  if (event.type === "retrieval") {
    const hits = event.hits.map(({ rank, score, source, lines }) => ({ rank, score, source, lines }));
    return { ...event, hits };
  }
  if (event.type !== "message" || event.message.retrieval === undefined) return { ...event };
  const { passages, ...retrieval } = event.message.retrieval;
  const sources = passages.map(({ marker, hit }) => ({ marker, source: hit.source, lines: hit.lines }));
  return { ...event, message: { ...event.message, retrieval: { ...retrieval, passages: sources } } };
}

function describeEnd(end: RunEnd): Readonly<Record<string, unknown>> {
  if (end.status === "failed") {
    return {
      status: end.status,
      error: errorMessage(end.error),
      ...(isCitewellError(end.error) ? { code: end.error.code } : {}),
    };
  }
  if (end.status === "abandoned") return { status: end.status };
  const outcome = outcomeOf(end.result);
  return { status: end.status, ...(outcome === undefined ? {} : { outcome }) };
}

/** The outcome of a chat's result, or the outcome itself where a run gives just that. */
function outcomeOf(result: unknown): unknown {
  if (typeof result !== "object" || result === null) return undefined;
  if ("outcome" in result) return result.outcome;
  return "reason" in result && "status" in result ? result : undefined;
}
