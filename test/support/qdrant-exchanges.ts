import { readFileSync } from "node:fs";

/** One recorded exchange with a real Qdrant; see test/fixtures/qdrant-exchanges.md. */
export interface QdrantExchange {
  readonly name: string;
  readonly request: { readonly method: string; readonly path: string; readonly body: unknown } | null;
  readonly response: {
    readonly status: number;
    readonly headers: Readonly<Record<string, string>>;
    readonly body: unknown;
  } | null;
  readonly client?: { readonly throws?: Readonly<Record<string, unknown>> };
}

/** All recorded exchanges in their order. */
export const QDRANT_EXCHANGES: readonly QdrantExchange[] = readFileSync(
  new URL("../fixtures/qdrant-exchanges.jsonl", import.meta.url),
  "utf8",
)
  .split("\n")
  .filter((line) => line !== "")
  .map((line): QdrantExchange => JSON.parse(line));

/** The exchange of that name. */
export function qdrantExchange(name: string): QdrantExchange {
  const found = QDRANT_EXCHANGES.find((exchange) => exchange.name === name);
  if (found === undefined) throw new Error(`No exchange is called ${name}`);
  return found;
}
