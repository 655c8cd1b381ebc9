import type { ComponentChildren, VNode } from "preact";
import { useEffect } from "preact/hooks";
import { countOf } from "../../domain/count-of.ts";
import type { Failure } from "../api.ts";
import { chosenFiles } from "../given-files.ts";
import type { GivenFiles } from "../upload-batches.ts";
import { useUploads, type Upload } from "../use-uploads.ts";

/** Files that were dropped on the page. */
export interface FileDrop {
  readonly given: GivenFiles | null;
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

/** Takes files and folders by drop or by choosing, and shows how far they are. */
export function UploadArea({ collection, drop, onFailure, onDone }: UploadAreaProps): VNode {
  const { uploads, add } = useUploads({ collection, onFailure, onDone });
  useEffect(() => {
    if (drop.given === null) return;
    drop.onTaken();
    add(drop.given);
  }, [drop.given]);

  return (
    <section aria-label="Add documents">
      <FileInput class={drop.isOver ? "drop over" : "drop"} onFiles={add}>
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
        <strong>Drop files or a folder on the page, or choose files</strong>
        <span class="dim">They are copied into “{collection}”; a file of the same name is replaced.</span>
      </FileInput>
      <FileInput class="choose-folder" onFiles={add} isFolder>
        Choose a whole folder
      </FileInput>
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

function FileInput({
  class: name,
  isFolder = false,
  onFiles,
  children,
}: {
  readonly class: string;
  readonly isFolder?: boolean;
  readonly onFiles: (given: GivenFiles) => void;
  readonly children: ComponentChildren;
}): VNode {
  return (
    <label class={name}>
      <input
        type="file"
        multiple
        ref={(input) => {
          if (input !== null) input.webkitdirectory = isFolder;
        }}
        class="visually-hidden"
        onChange={(event) => {
          onFiles(chosenFiles(event.currentTarget.files ?? []));
          event.currentTarget.value = "";
        }}
      />
      {children}
    </label>
  );
}

function UploadLine({ names, hidden, jobs, problems, ended }: Upload): VNode {
  const label = names.length === 1 ? (names[0] ?? "") : countOf(names.length, "file");
  const sentences = [...problems, ...jobs.flatMap(({ error }) => (error === null ? [] : [error.detail]))];
  const last = jobs.at(-1);
  const done = jobs.reduce((sum, { progress }) => sum + progress.filesDone, 0);
  return (
    <div class="upload">
      <span>
        <strong>{label}</strong> <span class="dim">{stateWords({ jobs, done, total: names.length, ended })}</span>
      </span>
      {!ended && (
        <progress
          max={1}
          value={last === undefined || last.state === "queued" ? undefined : done / Math.max(1, names.length)}
          aria-label={`Adding ${label}`}
        />
      )}
      {sentences.map((sentence) => (
        <span key={sentence} class="bad-text">
          {sentence}
        </span>
      ))}
      {jobs.flatMap(({ id, report }) =>
        [...(report?.files ?? []), ...(report?.noted ?? [])].map(({ source, status, reason }) => (
          <span key={`${id} ${source}`} class={status === "failed" ? "bad-text" : "dim"}>
            {source}: {status}
            {reason === "" ? "" : `, ${reason}`}
          </span>
        )),
      )}
      {hidden > 0 && (
        <span class="dim">Left out: {countOf(hidden, "hidden file or folder", "hidden files or folders")}</span>
      )}
    </div>
  );
}

function stateWords({
  jobs,
  done,
  total,
  ended,
}: Pick<Upload, "jobs" | "ended"> & { readonly done: number; readonly total: number }): string {
  const last = jobs.at(-1);
  if (!ended && last === undefined) return "being sent…";
  if (!ended && last?.state === "queued" && jobs.length === 1) return "waiting for its turn…";
  if (!ended) return `${done.toLocaleString("en")} of ${countOf(total, "file")}…`;
  const kinds = ["added", "changed", "unchanged", "skipped", "failed"] as const;
  const counts = kinds
    .map((kind) => ({ kind, count: jobs.reduce((sum, { report }) => sum + (report?.documents[kind] ?? 0), 0) }))
    .filter(({ count }) => count > 0);
  return counts.length === 0 ? "nothing added" : counts.map(({ kind, count }) => `${count} ${kind}`).join(", ");
}
