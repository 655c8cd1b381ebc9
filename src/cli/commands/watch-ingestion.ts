import { countOf, formatNumber } from "../../domain/count-of.ts";
import type { IngestOptions, IngestReport } from "../../domain/ingest.ts";
import { errorMessage } from "../../errors.ts";
import type { CommandContext } from "../command-context.ts";
import { errorDetails } from "../report-error.ts";
import { createIngestProgress } from "../output/ingest-progress.ts";
import { formatSeconds, printableName } from "../output/text-layout.ts";

/** Options of {@link watchIngestion}. */
export interface WatchIngestionOptions extends IngestOptions {
  /**
   * Writes everything to standard error, beside others.
   * @default false
   */
  readonly isLogged?: boolean;
}

/**
 * Keeps a collection in step until the process is stopped, and prints one line (with `--json` one object) for each
 * pass. It ends only with the signal's reason.
 */
export async function watchIngestion(
  context: CommandContext,
  { isLogged = false, ...options }: WatchIngestionOptions,
): Promise<never> {
  const { collection, roots } = options;
  const { signal, now, io, flags } = context;
  const { watchRoots } = await context.useCases();
  let progress = createIngestProgress(context, { isLogged, startedAt: now() });
  const warn = (text: string): void => void io.stderr.write(`citewell: ${printableName(text)}\n`);
  context.note(`citewell: watching ${roots.join(", ")} for collection "${collection}" (Ctrl-C ends)`);
  try {
    for await (const event of watchRoots({ ...options, signal })) {
      if (event.type === "pass-start") progress = createIngestProgress(context, { isLogged, startedAt: now() });
      else if (event.type === "pass-end") {
        progress.clear();
        const { report } = event;
        if (isLogged) context.note(`citewell: ${formatPass(report)}`);
        else if (flags.json) context.printJson(report);
        else context.print(formatPass(report));
        for (const { source, status, reason } of report.files) if (status === "failed") warn(`${source}: ${reason}`);
      } else if (event.type === "pass-failed") {
        progress.clear();
        const retryInSeconds = event.retryInMs / 1_000;
        if (flags.json && !isLogged)
          context.printJson({ collection, error: errorDetails(event.error), retryInSeconds });
        const wait = formatSeconds(retryInSeconds);
        warn(`collection "${collection}" is not in step: ${errorMessage(event.error)} (next try in ${wait})`);
      } else if (event.type === "watch-limited") {
        const every = formatSeconds(event.everyMs / 1_000);
        warn(`changes are no longer noticed (${errorMessage(event.error)}); looking every ${every} instead`);
      } else progress.show(event);
    }
  } finally {
    progress.clear();
  }
  throw signal.reason;
}

/** Such as `default: 1 added, 2 changed, 0 removed, 0 failed; 3 chunks embedded, 120 in total (0.4 s)`. */
function formatPass({ collection, documents, chunks, seconds }: IngestReport): string {
  const { added, changed, removed, failed } = documents;
  const counts = `${added} added, ${changed} changed, ${removed} removed, ${failed} failed`;
  const embedded = `${countOf(chunks.embedded, "chunk")} embedded, ${formatNumber(chunks.total)} in total`;
  return `${collection}: ${counts}; ${embedded} (${formatSeconds(seconds)})`;
}
