import { countOf, formatNumber } from "../../domain/count-of.ts";
import type { IngestEvent } from "../../domain/ingest.ts";
import type { CommandContext } from "../command-context.ts";
import { createStatusLine } from "./status-line.ts";
import { formatSeconds, formatTime } from "./text-layout.ts";

/** Shows on standard error how far an ingestion has come. */
export interface IngestProgress {
  show(event: IngestEvent): void;
  /** Clears the line, so that something else can be written. */
  clear(): void;
}

/** Builds the display of an ingestion; nothing is written before the first event that says something. */
export function createIngestProgress(
  context: CommandContext,
  {
    isLogged,
    startedAt,
  }: {
    /** Writes whole lines, because others write to the same terminal. */
    readonly isLogged: boolean;
    /** When the ingestion began, by the context's clock. */
    readonly startedAt: number;
  },
): IngestProgress {
  const { io, now } = context;
  const status = createStatusLine(context, { isLogged });
  const barWidth = io.isTerminal.stderr && !isLogged ? barWidthOn(io.columns ?? 100) : 0;
  let areWordsStored = false;
  let embeddingSince = startedAt;
  return {
    show(event) {
      if (event.type === "progress") {
        const seconds = (now() - embeddingSince) / 1_000;
        status.update(() => formatProgress(event, { seconds, barWidth, areWordsStored }));
      }
      if (event.type === "words-progress") {
        const files = countOf(event.filesTotal, "file");
        status.update(() => `${formatNumber(event.filesDone)}/${files} read for their words`);
      }
      if (event.type === "words-stored") {
        areWordsStored = true;
        // Rate and time left are those of what follows; the time for the words would make them worse.
        embeddingSince = now();
      }
      if (event.type === "page-fetched") status.update(() => `${countOf(event.pages, "page")} fetched  ${event.url}`);
      const note = noteOn(event);
      if (note !== null) context.note(`citewell: ${note}`);
    },
    clear: () => status.clear(),
  };
}

/** What stays to be read; null for an event that only moves the progress on. */
function noteOn(event: IngestEvent): string | null {
  if (event.type === "reindex-start") {
    const meanwhile = event.isAnswering
      ? "the old one answers until it is done"
      : "searches in it are refused until that is done";
    return `re-indexing collection "${event.collection}" (${event.differences.join("; ")}); ${meanwhile}`;
  }
  if (event.type === "reindex-dropped") {
    const documents = countOf(event.documents, "document");
    return `gave up the interrupted re-indexing of collection "${event.collection}" (${documents})`;
  }
  if (event.type === "lease-wait") {
    const since = formatTime(event.since);
    return `waiting for ${event.holder}, which ingests into the same collection (since ${since} UTC)`;
  }
  return null;
}

const BAR_WIDTH = 20;
/** On a terminal of less than {@link NARROW} characters, where the rate makes room for the time left. */
const NARROW_BAR = 8;
const NARROW = 80;

function barWidthOn(columns: number): number {
  return columns < NARROW ? NARROW_BAR : BAR_WIDTH;
}

/** Such as `██████░░░░ 12/40 files  1,204 chunks  5,300 tokens/s  35 s left`. */
function formatProgress(
  event: Extract<IngestEvent, { type: "progress" }>,
  {
    seconds,
    barWidth,
    areWordsStored,
  }: { readonly seconds: number; readonly barWidth: number; readonly areWordsStored: boolean },
): string {
  const { filesDone, filesTotal, bytesDone, bytesTotal, chunksDone, tokensDone } = event;
  const share = bytesTotal === 0 ? 0 : Math.min(1, bytesDone / bytesTotal);
  const full = Math.round(share * barWidth);
  // An estimate that comes too early is worse than none.
  const left = seconds < 2 || share < 0.01 ? "" : `  ${formatSeconds((seconds / share) * (1 - share))} left`;
  // Files whose vectors are remembered bring no chunks that were embedded.
  const chunks = chunksDone === 0 ? "" : `  ${countOf(chunksDone, "chunk")}`;
  const isCrowded = barWidth === NARROW_BAR && left !== "";
  const rate = seconds === 0 || tokensDone === 0 || isCrowded ? "" : `  ${formatNumber(tokensDone / seconds)} tokens/s`;
  const bar = barWidth === 0 ? "" : `${"█".repeat(full)}${"░".repeat(barWidth - full)} `;
  const words = areWordsStored ? "  all searchable by words" : "";
  return `${bar}${formatNumber(filesDone)}/${countOf(filesTotal, "file")}${chunks}${rate}${left}${words}`;
}
