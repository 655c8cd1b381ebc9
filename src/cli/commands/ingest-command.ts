import type { CommandContext } from "../command-context.ts";
import { createOwnRoots } from "../own-roots.ts";
import { EXIT_DONE, EXIT_PARTLY_FAILED } from "../exit-codes.ts";
import { formatForecast, formatIngestReport, formatPlan } from "../output/format-ingest.ts";
import { createIngestProgress } from "../output/ingest-progress.ts";
import type { Config, SettingFlags } from "../../config.ts";
import type { IngestOptions, IngestReport, PlannedFile } from "../../domain/ingest.ts";
import { runToEnd } from "../../domain/run-to-end.ts";
import { CitewellError } from "../../errors.ts";
import { watchIngestion } from "./watch-ingestion.ts";

/** Flags of `ingest`. */
export interface IngestFlags {
  readonly chunker?: string;
  readonly chunkTokens?: string;
  readonly chunkOverlap?: string;
  readonly include?: readonly string[];
  readonly exclude?: readonly string[];
  readonly allowSecrets?: boolean;
  readonly shard?: IngestOptions["shard"];
  /** False with `--no-cache`. */
  readonly cache?: boolean;
  readonly dryRun?: boolean;
  readonly force?: boolean;
  readonly reread?: boolean;
  /** False with `--no-delete`. */
  readonly delete: boolean;
  readonly watch?: boolean;
  readonly crawl?: number;
  readonly allowPrivateAddresses?: boolean;
  readonly wordsFirst?: boolean;
}

/** What an ingestion started from the command line is told. */
export interface IngestionOptions extends Pick<
  IngestOptions,
  "roots" | "crawl" | "shard" | "dryRun" | "force" | "reread" | "upgrade" | "removeMissing" | "wordsFirst"
> {
  readonly collection: string;
  /**
   * Writes progress as whole lines, since others write to the same terminal.
   * @default false
   */
  readonly isLogged?: boolean;
  /** Receives the plan before anything is done. */
  readonly onPlan?: (files: readonly PlannedFile[]) => void;
}

/** The flags that are settings too. */
export function ingestSettings(flags: IngestFlags): SettingFlags {
  const { chunker, chunkTokens, chunkOverlap, include, exclude } = flags;
  return {
    chunker,
    chunkTokens,
    chunkOverlap,
    include,
    exclude,
    allowSecrets: flags.allowSecrets === true ? "true" : undefined,
    vectorCacheBytes: flags.cache === false ? "0" : undefined,
    allowPrivateAddresses: flags.allowPrivateAddresses === true ? "true" : undefined,
  };
}

/** Makes the collection mirror the roots; exit code 3 when some files failed. */
export async function runIngest(
  context: CommandContext,
  { roots, flags }: { readonly roots: readonly string[]; readonly flags: IngestFlags },
): Promise<number> {
  const { json, verbose } = context.flags;
  const { dryRun = false, force = false, wordsFirst = false, reread, crawl, shard, delete: removeMissing } = flags;
  const { collection } = context.config;
  const options = { collection, roots, crawl, shard, force, reread, removeMissing, wordsFirst };
  if (!dryRun) createOwnRoots(context.config, context.io).add(roots);
  if (flags.watch === true) {
    if (dryRun)
      throw new CitewellError("usage_invalid", "--watch and --dry-run contradict each other; give one of them.");
    if (reread === true)
      throw new CitewellError("usage_invalid", "--reread is for one run; run it once, then --watch without it.");
    return await watchIngestion(context, { ...ingestLimits(context.config), ...options });
  }
  let plan: readonly PlannedFile[] = [];
  const report = await runIngestion(context, {
    ...options,
    dryRun,
    onPlan: (files) => {
      plan = files;
      if (json) return;
      const listed = dryRun ? files : verbose ? files.filter(({ action }) => action !== "keep") : [];
      if (listed.length > 0) context.print(formatPlan(listed, context));
    },
  });
  if (json) context.printJson(dryRun ? { ...report, plan } : report);
  else context.print(formatIngestReport(report, { context, isDryRun: dryRun }));
  if (report.forecast !== undefined && !json) context.print(formatForecast(report.forecast, context));
  return report.documents.failed > 0 ? EXIT_PARTLY_FAILED : EXIT_DONE;
}

/** Runs an ingestion and shows how far it has come on standard error. */
export async function runIngestion(
  context: CommandContext,
  { isLogged = false, onPlan, ...options }: IngestionOptions,
): Promise<IngestReport> {
  const { config, signal, now } = context;
  const { ingestRoots } = await context.useCases();
  const progress = createIngestProgress(context, { isLogged, startedAt: now() });
  try {
    return await runToEnd(ingestRoots({ ...ingestLimits(config), ...options, signal }), (event) => {
      if (event.type === "plan-ready") onPlan?.(event.files);
      progress.show(event);
    });
  } finally {
    progress.clear();
  }
}

/** The options of an ingestion from the settings. What nobody set is left open, so that it follows the collection. */
export function ingestLimits(config: Config): Omit<IngestOptions, "collection" | "roots"> {
  const { chunker, chunkTokens, chunkOverlap, include, exclude, maxFileBytes, allowSecrets, origins } = config;
  return {
    ...(origins.chunker.kind === "default" ? {} : { chunker }),
    ...(origins.chunkTokens.kind === "default" ? {} : { chunkTokens }),
    ...(origins.chunkOverlap.kind === "default" ? {} : { chunkOverlap }),
    include,
    exclude,
    maxFileBytes,
    ...(allowSecrets ? { allowSecrets } : {}),
  };
}
