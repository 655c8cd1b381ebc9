import { countOf, formatNumber } from "../../domain/count-of.ts";
import type { FileReport, IngestForecast, IngestReport, PlannedFile } from "../../domain/ingest.ts";
import type { CommandContext } from "../command-context.ts";
import { formatPlace } from "./source-link.ts";
import { formatSeconds, formatTable, printableName } from "./text-layout.ts";

/** How many skipped and failed files are listed without `--verbose`. */
const LISTED_FILES = 20;

const PLAN_SIGNS: Readonly<Record<PlannedFile["action"], string>> = { add: "+", change: "~", remove: "-", keep: "=" };

/** One line a file: `+` new, `~` changed, `-` gone, `=` the same. */
export function formatPlan(files: readonly PlannedFile[], context: CommandContext): string {
  const { green, yellow, red, dim } = context.colors;
  const colors = { add: green, change: yellow, remove: red, keep: dim };
  return files
    .map((file) => {
      const chunks = file.chunks === null ? "" : `  (${countOf(file.chunks, "chunk")})`;
      return `${colors[file.action](PLAN_SIGNS[file.action])} ${formatPlace(file, context)}${chunks}`;
    })
    .join("\n");
}

/** The report for a person. */
export function formatIngestReport(
  report: IngestReport,
  { context, isDryRun }: { readonly context: CommandContext; readonly isDryRun: boolean },
): string {
  const { colors } = context;
  const { documents, chunks, tokens, seconds } = report;
  const rates = `${formatNumber(tokens / seconds)} tokens/s, ${formatNumber(report.chunksPerSecond)} chunks/s`;
  const rows = [
    ["Documents", listCounts(documents, ["added", "changed", "unchanged", "removed", "skipped", "failed"])],
    ...(isDryRun
      ? []
      : [
          [
            "Chunks",
            `${listCounts(chunks, ["embedded", "reused", "deleted"])}, ${formatNumber(chunks.total)} in total`,
          ],
        ]),
    ["Time", formatSeconds(seconds) + (chunks.embedded > 0 && seconds > 0 ? `, ${rates}` : "")],
  ];
  const title = `Collection ${colors.bold(report.collection)}, store ${report.store}, model ${report.embeddingModel}`;
  const table = formatTable(
    rows.map(([name = "", value = ""]) => [colors.dim(name), value]),
    { indent: "  " },
  );
  const files = formatFiles([...report.files, ...(report.noted ?? [])], context);
  const notes = (report.notes ?? []).map((sentence) => `Note: ${sentence}`);
  const note = isDryRun ? ["Dry run: nothing was changed."] : [];
  return [title, table, ...(files === "" ? [] : ["", files]), ...notes, ...note].join("\n");
}

/** The forecast of a dry run. */
export function formatForecast(forecast: IngestForecast, { colors }: CommandContext): string {
  const { chunksToEmbed, chunksToReuse, chunksToDelete, tokens, seconds, refusal } = forecast;
  const time = seconds === null ? "nothing to embed" : `about ${formatSeconds(seconds)} of embedding`;
  const chunks = `${formatNumber(chunksToEmbed)} to embed (${countOf(tokens, "token")}), ${formatNumber(chunksToReuse)} to reuse, ${formatNumber(chunksToDelete)} to delete`;
  const lines = [`A real run: ${chunks}; ${time}.`];
  if (refusal !== null) lines.push(`${colors.yellow("A real run would stop:")} ${refusal}`);
  return lines.join("\n");
}

function listCounts<Key extends string>(counts: Readonly<Record<Key, number>>, keys: readonly Key[]): string {
  return keys.map((key) => `${formatNumber(counts[key])} ${key}`).join(", ");
}

function formatFiles(files: readonly FileReport[], context: CommandContext): string {
  const { colors, flags } = context;
  // Failures come first, since somebody has to look at them.
  const sorted = [...files].toSorted((left, right) => weigh(left) - weigh(right));
  const shown = flags.verbose ? sorted : sorted.slice(0, LISTED_FILES);
  const rows = shown.map((file) => [
    file.status === "failed" ? colors.red(file.status) : colors.dim(file.status),
    formatPlace(file, context),
    printableName(file.reason),
  ]);
  const more = files.length - shown.length;
  return [
    ...(rows.length === 0 ? [] : [formatTable(rows, { indent: "  " })]),
    ...(more === 0 ? [] : [`  and ${countOf(more, "more file")}; --verbose lists all`]),
  ].join("\n");
}

function weigh({ status }: FileReport): number {
  return status === "failed" ? 0 : status === "skipped" ? 1 : 2;
}
