import type { CallOptions, VectorStore } from "../../store/vector-store.ts";
import { createImportResolver } from "./code-imports.ts";
import { addGains, givingFiles, type ScoredFile } from "./score-files.ts";

/** How many files' imports are read. */
const READ_FILES = 20;
/** How many characters of a file are read; imports stand at the top. */
const READ_LENGTH = 8_000;
/** The share of a file's score that its neighbours get, before it is divided among them. */
const SHARE = 0.2;

/**
 * The second stage of the ranking: reads the imports of the best files, and gives the files at both ends of an import a
 * share of each other's score. The share is divided among a file's neighbours, and shrinks with how little of the
 * task's words a neighbour holds. Tests give and get nothing unless they are asked for.
 */
export async function addImportNeighbours(
  files: readonly ScoredFile[],
  options: CallOptions & {
    readonly store: Pick<VectorStore, "readSpans">;
    readonly collection: string;
    readonly tests: boolean;
  },
): Promise<ScoredFile[]> {
  const { store, collection, tests, ...call } = options;
  const taking = givingFiles(files, tests);
  const read = taking.slice(0, READ_FILES);
  const best = taking[0]?.score ?? 0;
  if (read.length < 2 || best <= 0) return [...files];
  const spans = read.map(({ chunks: [{ chunk }] }) => ({
    documentId: chunk.documentId,
    span: { start: 0, end: READ_LENGTH },
  }));
  const edges = findEdges(taking, { read, texts: await store.readSpans(collection, spans, call) });
  const gains = new Map<ScoredFile, number>();
  const give = (to: ScoredFile, from: ScoredFile, degree: number): void => {
    const fit = Math.max(0, Math.min(1, to.score / best));
    const gain = ((SHARE * Math.max(0, from.score)) / Math.sqrt(1 + degree)) * fit;
    gains.set(to, Math.max(gains.get(to) ?? 0, gain));
  };
  const importers = Map.groupBy(edges, ({ to }) => to);
  const imports = Map.groupBy(edges, ({ from }) => from);
  for (const { from, to } of edges) {
    give(to, from, imports.get(from)?.length ?? 0);
    give(from, to, importers.get(to)?.length ?? 0);
  }
  return addGains(files, { part: "imports", gainOf: (file) => gains.get(file) ?? 0 });
}

interface Edge {
  readonly from: ScoredFile;
  readonly to: ScoredFile;
}

function findEdges(
  files: readonly ScoredFile[],
  { read, texts }: { readonly read: readonly ScoredFile[]; readonly texts: readonly (string | null)[] },
): readonly Edge[] {
  const edges: Edge[] = [];
  const rootOf = ({ chunks: [{ chunk }] }: ScoredFile): string => chunk.root;
  const sourceOf = ({ chunks: [{ chunk }] }: ScoredFile): string => chunk.source;
  const textOf = new Map(read.map((file, index) => [file, texts[index] ?? ""]));
  for (const siblings of Map.groupBy(files, rootOf).values()) {
    const bySource = new Map(siblings.map((file) => [sourceOf(file), file]));
    const resolve = createImportResolver([...bySource.keys()]);
    for (const from of siblings) {
      for (const source of resolve(sourceOf(from), textOf.get(from) ?? "")) {
        const to = bySource.get(source);
        if (to !== undefined) edges.push({ from, to });
      }
    }
  }
  return edges;
}
