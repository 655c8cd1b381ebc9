import type { Bench } from "./bench-table.ts";
import { benchEmbedding } from "./embedding-throughput.ts";

/** The embedder beside bare runs of the same model. */
export const benchEmbeddingTable: Bench = async () => {
  const rows = await benchEmbedding();
  return [
    {
      title: "Embedding",
      head: ["side", "workers", "tokens", "seconds", "tokens/s", "tokens/CPU s", "of raw by clock", "of raw by CPU"],
      rows: rows.map((row) => [
        row.name,
        row.workers,
        row.tokens,
        row.wallSeconds.toFixed(2),
        Math.round(row.tokensPerSecond),
        Math.round(row.tokensPerCpuSecond),
        row.ofRawByClock.toFixed(3),
        row.ofRawByCpu.toFixed(3),
      ]),
      notes: ["Medians of five rounds of each side, by turns in one process; one text a run on both sides."],
    },
  ];
};
