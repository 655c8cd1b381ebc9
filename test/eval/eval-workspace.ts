import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Embedder } from "../../src/embedding/embedder.ts";
import { openEmbedder } from "../../src/embedding/open-embedder.ts";
import { openEmbeddedStore } from "../../src/store/embedded/embedded-store.ts";
import type { VectorStore } from "../../src/store/vector-store.ts";

/** The folder of public evaluation sets beside the repository; they are not part of it. */
export const DATA: string = fileURLToPath(new URL("../../../shared/data/", import.meta.url));

/** Options of the command, as every part gets them. */
export interface EvalArguments {
  /** What stands behind the part's name, or names of sets. */
  readonly names: readonly string[];
  readonly compare: boolean;
  readonly updateBaseline: boolean;
  /** Folder of the code that the tasks of the set `code` are about. */
  readonly codeFolder: string | undefined;
  /** Folder for reports. */
  readonly output: string | undefined;
}

/** What a part measures with: an empty store and an embedding model, in a temporary folder. */
export interface EvalWorkspace {
  readonly store: VectorStore;
  readonly embedder: Embedder;
  readonly folder: string;
}

/** A part of the evaluation, in a file of its own. */
export type EvalPart = (workspace: EvalWorkspace, options: EvalArguments) => Promise<void>;

/** Calls a part with a workspace that is removed afterwards; the bundled model is used where none is named. */
export async function withWorkspace(
  model: string | undefined,
  run: (workspace: EvalWorkspace) => Promise<void>,
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "citewell-eval-"));
  const embedder = await openEmbedder({ cacheFolder: folder, ...(model !== undefined && { model }) });
  const store = await openEmbeddedStore({ file: join(folder, "eval.sqlite") });
  try {
    await run({ store, embedder, folder });
  } finally {
    await store.close();
    await embedder.close();
    await rm(folder, { recursive: true, force: true });
  }
}
