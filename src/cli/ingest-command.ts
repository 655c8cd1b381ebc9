import type { CommandContext } from "./command-context.ts";
import { EXIT_DONE, EXIT_PARTLY_FAILED } from "./exit-codes.ts";
import { formatIngestReport, formatPlan } from "./format-ingest.ts";
import { createStatusLine } from "./status-line.ts";
import { countOf, formatNumber, formatSeconds } from "./text-layout.ts";
import type { SettingFlags } from "../config.ts";
import type { IngestEvent, IngestOptions, IngestReport, PlannedFile } from "../domain/ingest.ts";
import { CitewellError } from "../errors.ts";

/** Flags of `ingest`. */
export interface IngestFlags {
  readonly chunker?: string;
  readonly chunkTokens?: string;
  readonly chunkOverlap?: string;
  readonly include?: readonly string[];
  readonly exclude?: readonly string[];
  readonly dryRun?: boolean;
  readonly force?: boolean;
  /** False with `--no-delete`. */
  readonly delete: boolean;
  readonly watch?: boolean;
  readonly crawl?: string;
}

/** What to bring in step with what. */
export interface IngestionOptions extends Pick<IngestOptions, "roots" | "dryRun" | "force" | "removeMissing"> {
  readonly collection: string;
  /**
   * Writes progress as whole lines, because others write to the same terminal.
   * @default false
   */
  readonly isLogged?: boolean;
  /** Receives the plan before anything is done. */
  readonly onPlan?: (files: readonly PlannedFile[]) => void;
}

/** The flags that are settings too. */
export function ingestSettings({ chunker, chunkTokens, chunkOverlap, include, exclude }: IngestFlags): SettingFlags {
  return {
    ...(chunker === undefined ? {} : { chunker }),
    ...(chunkTokens === undefined ? {} : { chunkTokens }),
    ...(chunkOverlap === undefined ? {} : { chunkOverlap }),
    ...(include === undefined ? {} : { include }),
    ...(exclude === undefined ? {} : { exclude }),
  };
}

/** Makes the collection mirror the roots; exit code 3 when some files failed. */
export async function runIngest(
  context: CommandContext,
  { roots, flags }: { readonly roots: readonly string[]; readonly flags: IngestFlags },
): Promise<number> {
  const { json } = context.flags;
  const { dryRun = false, force = false } = flags;
  let plan: readonly PlannedFile[] = [];
  const report = await runIngestion(context, {
    collection: context.config.collection,
    roots,
    dryRun,
    force,
    removeMissing: flags.delete,
    onPlan: (files) => {
      plan = files;
      if (dryRun && !json && files.length > 0) context.print(formatPlan(files, context));
    },
  });
  if (json) context.printJson(dryRun ? { ...report, plan } : report);
  else context.print(formatIngestReport(report, { context, isDryRun: dryRun }));
  return report.documents.failed > 0 ? EXIT_PARTLY_FAILED : EXIT_DONE;
}

/** Runs an ingestion and shows how far it has come on standard error. */
export async function runIngestion(
  context: CommandContext,
  { isLogged = false, onPlan, ...options }: IngestionOptions,
): Promise<IngestReport> {
  const { config, signal, io, now } = context;
  const { chunker, chunkTokens, chunkOverlap, include, exclude, maxFileBytes } = config;
  const { ingestRoots } = await context.useCases();
  const isTerminal = io.isTerminal.stderr && !isLogged;
  const status = createStatusLine({
    stream: io.stderr,
    isTerminal,
    quiet: context.flags.quiet,
    width: io.columns ?? 100,
    now,
  });
  const start = now();
  const limits = { chunker, chunkTokens, chunkOverlap, include, exclude, maxFileBytes };
  try {
    for await (const event of ingestRoots({ ...limits, ...options, signal })) {
      if (event.type === "ingest-end") return event.report;
      if (event.type === "plan-ready") onPlan?.(event.files);
      if (event.type === "progress") {
        status.update(() => formatProgress(event, { seconds: (now() - start) / 1_000, withBar: isTerminal }));
      }
    }
  } finally {
    status.clear();
  }
  throw new CitewellError("internal", "The ingestion ended without a report; this is a mistake in citewell.");
}

const BAR_WIDTH = 20;

/** Such as `██████░░░░ 12/40 files  1,204 chunks  5,300 tokens/s  35 s left`. */
function formatProgress(
  event: Extract<IngestEvent, { type: "progress" }>,
  { seconds, withBar }: { readonly seconds: number; readonly withBar: boolean },
): string {
  const { filesDone, filesTotal, bytesDone, bytesTotal, chunksDone, tokensDone } = event;
  const share = bytesTotal === 0 ? 0 : Math.min(1, bytesDone / bytesTotal);
  const full = Math.round(share * BAR_WIDTH);
  // Too early a guess is worse than none.
  const left = seconds < 2 || share < 0.01 ? "" : `  ${formatSeconds((seconds / share) * (1 - share))} left`;
  const rate = seconds === 0 ? "" : `  ${formatNumber(tokensDone / seconds)} tokens/s`;
  const bar = withBar ? `${"█".repeat(full)}${"░".repeat(BAR_WIDTH - full)} ` : "";
  return `${bar}${formatNumber(filesDone)}/${countOf(filesTotal, "file")}  ${countOf(chunksDone, "chunk")}${rate}${left}`;
}
