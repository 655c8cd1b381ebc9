import { parseArgs } from "node:util";
import type { Bench } from "./bench-table.ts";
import { silenceRuntime } from "../../src/embedding/silence-runtime.ts";
import { describeMachine, formatTable } from "./bench-table.ts";

const BENCHES: Readonly<Record<string, () => Promise<Bench>>> = {
  embedding: async () => (await import("./embedding.ts")).benchEmbeddingTable,
  ingest: async () => (await import("./ingest-throughput.ts")).benchIngestThroughput,
  memory: async () => (await import("./ingest-memory.ts")).benchIngestMemory,
  rerun: async () => (await import("./ingest-rerun.ts")).benchIngestRerun,
  search: async () => (await import("./search-latency.ts")).benchSearchLatency,
  http: async () => (await import("./http-latency.ts")).benchHttpLatency,
  conversations: async () => (await import("./conversations.ts")).benchConversations,
  "find-code": async () => (await import("./find-code.ts")).benchFindCode,
  filters: async () => (await import("./filtered-search.ts")).benchFilteredSearch,
  store: async () => (await import("./store.ts")).benchStoreTable,
};

const USAGE = `npm run bench -- [name …] [--large]

Without a name, all of them: ${Object.keys(BENCHES).join(", ")}. --large adds the larger collections. Results go to standard output as Markdown.`;

const { values, positionals: names } = parseArgs({
  allowPositionals: true,
  options: { large: { type: "boolean", default: false }, help: { type: "boolean", short: "h", default: false } },
});
if (values.help) {
  console.log(USAGE);
  process.exit();
}
const options = { large: values.large };
const unknown = names.filter((name) => !(name in BENCHES));
if (unknown.length > 0) {
  console.error(`There is no benchmark ${unknown.join(", ")}; there are ${Object.keys(BENCHES).join(", ")}.`);
  process.exit(2);
}
silenceRuntime();
console.log(`${describeMachine()}\n`);
for (const [name, open] of Object.entries(BENCHES)) {
  if (names.length > 0 && !names.includes(name)) continue;
  const start = performance.now();
  const bench = await open();
  for (const table of await bench(options)) console.log(`${formatTable(table)}\n`);
  console.error(`${name} took ${Math.round((performance.now() - start) / 1_000)} s`);
}
