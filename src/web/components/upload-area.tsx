import type { VNode } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { failureOf, readJob, upload, type Failure, type UploadJob } from "../api.ts";
import { countWords } from "../words.ts";

/** Files that were dropped on the page. */
export interface FileDrop {
  readonly files: readonly File[];
  /** Whether files are being dragged over the page. */
  readonly isOver: boolean;
  /** Called when the files are on their way, so that they are not sent again. */
  readonly onTaken: () => void;
}

interface UploadAreaProps {
  readonly collection: string;
  readonly drop: FileDrop;
  readonly onFailure: (failure: Failure) => void;
  /** Called when an upload has been taken in. */
  readonly onDone: () => void;
}

interface Upload {
  readonly id: number;
  readonly names: readonly string[];
  readonly job: UploadJob | null;
  readonly failure: Failure | null;
}

/** Milliseconds between two looks at a running job. */
const POLL_MS = 400;

/** Takes files by drop or by choosing, and shows how far they are. */
export function UploadArea({ collection, drop, onFailure, onDone }: UploadAreaProps): VNode {
  const [uploads, setUploads] = useState<readonly Upload[]>([]);
  const gone = useRef(new AbortController());
  const nextId = useRef(1);
  useEffect(() => () => gone.current.abort(), []);

  const change = (id: number, part: Partial<Upload>): void =>
    setUploads((before) => before.map((one) => (one.id === id ? { ...one, ...part } : one)));

  const add = async (files: readonly File[]): Promise<void> => {
    if (files.length === 0) return;
    const id = nextId.current;
    nextId.current += 1;
    setUploads((before) => [{ id, names: files.map(({ name }) => name), job: null, failure: null }, ...before]);
    const { signal } = gone.current;
    try {
      const jobId = await upload(files, collection);
      for (;;) {
        const job = await readJob(jobId, signal);
        change(id, { job });
        if (job.state === "done" || job.state === "failed") break;
        await new Promise((resolve) => setTimeout(resolve, POLL_MS));
      }
      onDone();
    } catch (error) {
      const failure = failureOf(error);
      change(id, { failure });
      if (failure !== null) onFailure(failure);
    }
  };

  useEffect(() => {
    if (drop.files.length === 0) return;
    drop.onTaken();
    void add(drop.files);
  }, [drop.files]);

  return (
    <section aria-label="Add documents">
      <label class={drop.isOver ? "drop over" : "drop"}>
        <input
          type="file"
          multiple
          class="visually-hidden"
          onChange={(event) => {
            void add([...(event.currentTarget.files ?? [])]);
            event.currentTarget.value = "";
          }}
        />
        <svg viewBox="0 0 24 24" width="26" height="26" aria-hidden="true">
          <path
            d="M12 16V4m0 0L7.5 8.5M12 4l4.5 4.5M4 15v3a2 2 0 0 0 2 2h12a2 2 0 0 0 2-2v-3"
            fill="none"
            stroke="currentColor"
            stroke-width="1.6"
            stroke-linecap="round"
            stroke-linejoin="round"
          />
        </svg>
        <strong>Drop files on the page, or choose them</strong>
        <span class="dim">They are added to “{collection}”; a file of the same name is replaced.</span>
      </label>
      <ul class="uploads" aria-live="polite">
        {uploads.map((one) => (
          <li key={one.id}>
            <UploadLine {...one} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function UploadLine({ names, job, failure }: Upload): VNode {
  const label = names.length === 1 ? names[0] : countWords(names.length, "file");
  const problem = failure?.sentence ?? job?.error?.detail ?? null;
  const ended = problem !== null || job?.state === "done";
  return (
    <div class="upload">
      <span>
        <strong>{label}</strong> <span class={problem === null ? "dim" : "bad-text"}>{problem ?? jobWords(job)}</span>
      </span>
      {!ended && (
        <progress
          max={1}
          value={
            job === null || job.state === "queued"
              ? undefined
              : job.progress.bytesDone / Math.max(1, job.progress.bytesTotal)
          }
          aria-label={`Adding ${label ?? "files"}`}
        />
      )}
      {job?.report?.files.map(({ source, status, reason }) => (
        <span key={source} class={status === "failed" ? "bad-text" : "dim"}>
          {source}: {status}
          {reason === "" ? "" : `, ${reason}`}
        </span>
      ))}
    </div>
  );
}

function jobWords(job: UploadJob | null): string {
  if (job === null) return "is being sent…";
  if (job.state === "queued") return "waits for its turn…";
  if (job.report === null) return `${job.progress.filesDone} of ${countWords(job.progress.filesTotal, "file")}…`;
  const { added, changed, unchanged, skipped, failed } = job.report.documents;
  const counts = Object.entries({ added, changed, unchanged, skipped, failed }).filter(([, count]) => count > 0);
  return counts.length === 0 ? "nothing to add" : counts.map(([word, count]) => `${count} ${word}`).join(", ");
}
