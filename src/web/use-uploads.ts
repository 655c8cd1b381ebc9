import { useEffect, useRef, useState } from "preact/hooks";
import { failureOf, readJob, upload, type Failure, type UploadJob } from "./api.ts";
import { batchesOf, type GivenFiles, type NamedFile } from "./upload-batches.ts";

/** What became of the files that were given at once. */
export interface Upload {
  readonly id: number;
  readonly names: readonly string[];
  readonly hidden: number;
  /** Jobs of the parts that were sent, in the order of sending. */
  readonly jobs: readonly UploadJob[];
  /** Sentences about parts that could not be taken. */
  readonly problems: readonly string[];
  readonly ended: boolean;
}

/** Options of {@link useUploads}. */
export interface UseUploadsOptions {
  readonly collection: string;
  readonly onFailure: (failure: Failure) => void;
  /** Called when files have been taken in. */
  readonly onDone: () => void;
}

/** Milliseconds between two looks at a running job. */
const POLL_MS = 400;

/** Sends files, part by part, and follows what the server makes of them; newest first. */
export function useUploads({ collection, onFailure, onDone }: UseUploadsOptions): {
  readonly uploads: readonly Upload[];
  readonly add: (given: GivenFiles) => void;
} {
  const [uploads, setUploads] = useState<readonly Upload[]>([]);
  const gone = useRef(new AbortController());
  const nextId = useRef(1);
  useEffect(() => () => gone.current.abort(), []);

  const change = (id: number, step: (before: Upload) => Upload): void =>
    setUploads((before) => before.map((one) => (one.id === id ? step(one) : one)));

  const follow = async (batch: readonly NamedFile[], onJob: (job: UploadJob) => void): Promise<void> => {
    const { signal } = gone.current;
    const jobId = await upload(batch, { collection, signal });
    for (;;) {
      const job = await readJob(jobId, signal);
      onJob(job);
      if (job.state === "done" || job.state === "failed") return;
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
  };

  const send = async (id: number, files: readonly NamedFile[]): Promise<void> => {
    for (const batch of batchesOf(files)) {
      try {
        await follow(batch, (job) =>
          change(id, (before) => ({ ...before, jobs: [...before.jobs.filter((one) => one.id !== job.id), job] })),
        );
        onDone();
      } catch (error) {
        const failure = failureOf(error);
        if (failure === null) return;
        change(id, (before) => ({ ...before, problems: [...before.problems, problemWords(failure, batch)] }));
        onFailure(failure);
        // Where nobody answers, or without a key, the rest would fail as well.
        if (failure.code === null || failure.keyNeeded) break;
      }
    }
    change(id, (before) => ({ ...before, ended: true }));
  };

  return {
    uploads,
    add({ files, hidden }) {
      if (files.length === 0 && hidden === 0) return;
      const id = nextId.current;
      nextId.current += 1;
      const names = files.map(({ name }) => name);
      setUploads((before) => [{ id, names, hidden, jobs: [], problems: [], ended: false }, ...before]);
      void send(id, files);
    },
  };
}

function problemWords(failure: Failure, batch: readonly NamedFile[]): string {
  const [first] = batch;
  const what = batch.length === 1 && first !== undefined ? first.name : `${batch.length} files`;
  if (failure.code === "payload_too_large") {
    return `${what}: too large to be sent; split it into smaller files.`;
  }
  return `${what}: ${failure.sentence}`;
}
