import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { cpus, loadavg, totalmem } from "node:os";

/** What one benchmark found. */
export interface BenchTable {
  readonly title: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly (string | number)[])[];
  /** Sentences below the table. */
  readonly notes?: readonly string[];
}

/** Options that every benchmark gets. */
export interface BenchOptions {
  /** Also what takes many minutes. */
  readonly large: boolean;
}

/** One benchmark. */
export type Bench = (options: BenchOptions) => Promise<readonly BenchTable[]>;

/** A table in Markdown, under a heading. */
export function formatTable({ title, head, rows, notes = [] }: BenchTable): string {
  const line = (cells: readonly (string | number)[]): string => `| ${cells.join(" | ")} |`;
  const body = [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
  return [`### ${title}`, body, ...notes].join("\n\n");
}

/** Machine, versions and date, in Markdown. */
export function describeMachine(): string {
  const processors = cpus();
  const require = createRequire(import.meta.url);
  const versionOf = (name: string, from = require): string => {
    for (const folder of from.resolve.paths(name) ?? []) {
      try {
        const parsed: { version?: string } = JSON.parse(readFileSync(`${folder}/${name}/package.json`, "utf8"));
        return parsed.version ?? "unknown";
      } catch {
        // It is in one of the next folders.
      }
    }
    return "unknown";
  };
  const transformers = createRequire(require.resolve("@huggingface/transformers"));
  return [
    `- ${processors.length} × ${processors[0]?.model.trim() ?? "unknown processor"}, ${gigabytes(totalmem())} GB of memory`,
    `- load at the start: ${loadavg()
      .map((load) => load.toFixed(1))
      .join(", ")}`,
    `- Node.js ${process.versions.node}, SQLite ${process.versions["sqlite"] ?? "unknown"}, sqlite-vec ${versionOf("sqlite-vec")}`,
    `- onnxruntime-node ${versionOf("onnxruntime-node", transformers)}, @huggingface/transformers ${versionOf("@huggingface/transformers")}`,
    `- ${new Date().toISOString().slice(0, 16).replace("T", " ")} UTC`,
  ].join("\n");
}

/** The middle one of some numbers. */
export function median(values: readonly number[]): number {
  return percentile(values, 0.5);
}

/** The number that a share of the others is smaller than. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((left, right) => left - right);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

function gigabytes(bytes: number): number {
  return Math.round(bytes / 1e9);
}
