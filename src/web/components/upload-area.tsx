import type { ComponentChildren, VNode } from "preact";
import { countOf, formatNumber } from "../../domain/count-of.ts";
import { chosenFiles } from "../given-files.ts";
import type { GivenFiles } from "../upload-batches.ts";
import type { Upload, Uploads } from "../use-uploads.ts";

interface UploadAreaProps {
  readonly collection: string;
  readonly uploads: Uploads;
}

/** Takes files and folders by drop or by choosing, and shows how far they are. */
export function UploadArea({ collection, uploads }: UploadAreaProps): VNode {
  const add = (given: GivenFiles): void => uploads.add(given, collection);
  return (
    <section aria-label="Add documents">
      <FileInput class="drop" onFiles={add}>
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
        {uploads.uploads
          .filter((one) => one.collection === collection)
          .map((one) => (
            <li key={one.id}>
              <UploadLine upload={one} onCancel={() => uploads.cancel(one)} onResume={() => uploads.resume(one)} />
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

interface UploadLineProps {
  readonly upload: Upload;
  readonly onCancel: () => void;
  readonly onResume: () => void;
}

function UploadLine({ upload, onCancel, onResume }: UploadLineProps): VNode {
  const { names, hidden, jobs, problems, unsent, state } = upload;
  const label = names.length === 1 ? (names[0] ?? "") : countOf(names.length, "file");
  const failed = state === "cancelled" ? [] : jobs.flatMap(({ error }) => (error === null ? [] : [error.detail]));
  const files = filesDone(upload);
  return (
    <div class="upload" tabIndex={-1}>
      <div class="upload-head">
        <span>
          <strong>{label}</strong> <span class="dim">{stateWords(upload)}</span>
        </span>
        {state === "sending" && (
          <button
            type="button"
            class="quiet"
            aria-label={`Cancel adding ${label}`}
            onClick={(event) => {
              // The button goes away with the focus.
              event.currentTarget.closest<HTMLElement>(".upload")?.focus({ preventScroll: true });
              onCancel();
            }}
          >
            Cancel
          </button>
        )}
        {state === "ended" && unsent.length > 0 && (
          <button type="button" class="quiet" onClick={onResume}>
            Send {unsent.length === names.length ? "again" : "the rest"}
          </button>
        )}
      </div>
      {state === "sending" && (
        // One file says nothing of how far it is before it is whole.
        <progress max={1} value={files === 0 ? undefined : files / names.length} aria-label={`Adding ${label}`} />
      )}
      {[...problems, ...failed].map((sentence) => (
        <span key={sentence} class="bad-text">
          {sentence}
        </span>
      ))}
      {jobs.flatMap(({ id, report }) =>
        [...(report?.files ?? []), ...(report?.noted ?? [])].map(({ source, status, reason }) => (
          <span key={`${id} ${source}`} class={status === "failed" ? "bad-text" : "dim"}>
            <span class="upload-name">{source}</span> {status}
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

function filesDone({ jobs }: Upload): number {
  return jobs.reduce((sum, { progress }) => sum + progress.filesDone, 0);
}

function stateWords(upload: Upload): string {
  const { jobs, names, state } = upload;
  const last = jobs.at(-1);
  if (state === "cancelled") {
    const taken = filesDone(upload);
    return taken === 0 ? "cancelled" : `cancelled; ${countOf(taken, "file")} taken in before`;
  }
  if (state === "sending" && last === undefined) return "being sent…";
  if (state === "sending" && last?.state === "queued" && jobs.length === 1) return "waiting for its turn…";
  if (state === "sending") return progressWords(upload);
  const kinds = ["added", "changed", "unchanged", "skipped", "failed"] as const;
  const counts = kinds
    .map((kind) => ({ kind, count: jobs.reduce((sum, { report }) => sum + (report?.documents[kind] ?? 0), 0) }))
    .filter(({ count }) => count > 0);
  return counts.length === 0
    ? names.length === 0
      ? "nothing to add"
      : "nothing added"
    : counts.map(({ kind, count }) => `${formatNumber(count)} ${kind}`).join(", ");
}

function progressWords(upload: Upload): string {
  const { jobs, names } = upload;
  const passages = jobs.reduce((sum, { progress }) => sum + progress.chunksDone, 0);
  const read = passages === 0 ? "being read" : countOf(passages, "passage");
  return names.length === 1
    ? `${read}…`
    : `${formatNumber(filesDone(upload))} of ${countOf(names.length, "file")}, ${read}…`;
}
