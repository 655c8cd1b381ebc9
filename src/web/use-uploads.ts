import { useEffect, useRef, useState } from "preact/hooks";
import { cancelJob, failureOf, isUnreachable, readJob, upload, type Failure, type UploadJob } from "./api.ts";
import { byteWords } from "./words.ts";
import { batchesOf, type GivenFiles, type NamedFile } from "./upload-batches.ts";

/** What became of the files that were given at once. */
export interface Upload {
  readonly id: number;
  readonly collection: string;
  readonly names: readonly string[];
  readonly hidden: number;
  /** Jobs of the parts that were sent, in the order of sending. */
  readonly jobs: readonly UploadJob[];
  /** Sentences about parts that could not be taken. */
  readonly problems: readonly string[];
  /** Files that are not sent yet, or were not since the sending broke off. */
  readonly unsent: readonly NamedFile[];
  readonly state: "sending" | "ended" | "cancelled";
}

/** Options of {@link useUploads}. */
export interface UseUploadsOptions {
  readonly onFailure: (failure: Failure) => void;
  /** Called when files have been taken in. */
  readonly onDone: () => void;
}

/** Uploads of all collections, newest first, which go on in whichever view the reader is. */
export interface Uploads {
  readonly uploads: readonly Upload[];
  readonly add: (given: GivenFiles, collection: string) => void;
  /** Sends what was not sent. */
  readonly resume: (upload: Upload) => void;
  /** Sends nothing more, and ends what the server is doing with it; complete documents stay. */
  readonly cancel: (upload: Upload) => void;
}

/** Milliseconds between two looks at a running job. */
const POLL_MS = 400;

/** Sends files, part by part, and follows what the server makes of them. */
export function useUploads({ onFailure, onDone }: UseUploadsOptions): Uploads {
  const [uploads, setUploads] = useState<readonly Upload[]>([]);
  const controllers = useRef(new Map<number, AbortController>());
  const nextId = useRef(1);
  const change = (id: number, step: (before: Upload) => Upload): void =>
    setUploads((before) => before.map((one) => (one.id === id ? step(one) : one)));
  useLeavingQuestion(uploads.some(({ state, unsent }) => state === "sending" && unsent.length > 0));

  const send = async ({ id, collection }: Upload, files: readonly NamedFile[]): Promise<void> => {
    const controller = new AbortController();
    const { signal } = controller;
    controllers.current.set(id, controller);
    const batches = batchesOf(files);
    for (const [place, batch] of batches.entries()) {
      const pass = (): void => change(id, (before) => ({ ...before, unsent: batches.slice(place + 1).flat() }));
      try {
        const jobId = await upload(batch, { collection, signal });
        pass();
        await follow(jobId, signal, (job) =>
          change(id, (before) => ({ ...before, jobs: [...before.jobs.filter((one) => one.id !== job.id), job] })),
        );
        onDone();
      } catch (error) {
        const failure = failureOf(error);
        if (failure === null) return;
        change(id, (before) => ({ ...before, problems: [...before.problems, problemWords(failure, batch)] }));
        onFailure(failure);
        if (isForAll(failure)) break;
        pass();
      }
    }
    change(id, (before) => ({ ...before, state: "ended" }));
  };

  return {
    uploads,
    add({ files, hidden }, collection) {
      if (files.length === 0 && hidden === 0) return;
      const id = nextId.current;
      nextId.current += 1;
      const names = files.map(({ name }) => name);
      const added: Upload = { ...FRESH, id, collection, names, hidden, unsent: files };
      setUploads((before) => [added, ...before]);
      void send(added, files);
    },
    resume(one) {
      change(one.id, (before) => ({ ...before, problems: [], state: "sending" }));
      void send(one, one.unsent);
    },
    cancel({ id, jobs }) {
      controllers.current.get(id)?.abort();
      change(id, (before) => ({ ...before, unsent: [], state: "cancelled" }));
      const last = jobs.at(-1);
      if (last === undefined || isEnded(last)) return;
      cancelJob(last.id).then(onDone, (error: unknown) => {
        const failure = failureOf(error);
        if (failure !== null) change(id, (before) => ({ ...before, problems: [...before.problems, failure.sentence] }));
      });
    },
  };
}

const FRESH = { jobs: [], problems: [], state: "sending" } as const;

function isEnded({ state }: UploadJob): boolean {
  return state === "done" || state === "failed";
}

async function follow(jobId: string, signal: AbortSignal, onJob: (job: UploadJob) => void): Promise<void> {
  for (;;) {
    const job = await readJob(jobId, signal);
    onJob(job);
    if (isEnded(job)) return;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

/** Whether the rest would fail as well: where nobody answers, or without a key. */
function isForAll(failure: Failure): boolean {
  return isUnreachable(failure) || failure.keyNeeded;
}

/** Lets the browser ask before the page goes away with files that were not sent. */
function useLeavingQuestion(isSending: boolean): void {
  useEffect(() => {
    if (!isSending) return;
    const ask = (event: BeforeUnloadEvent): void => event.preventDefault();
    addEventListener("beforeunload", ask);
    return () => removeEventListener("beforeunload", ask);
  }, [isSending]);
}

function problemWords(failure: Failure, batch: readonly NamedFile[]): string {
  const [first] = batch;
  const what = batch.length === 1 && first !== undefined ? first.name : `${batch.length} files`;
  if (failure.code === "payload_too_large") {
    const bytes = batch.reduce((sum, { file }) => sum + file.size, 0);
    return `${what}: too large to be sent with ${byteWords(bytes)}; split it into smaller files.`;
  }
  return `${what}: ${failure.sentence}`;
}
