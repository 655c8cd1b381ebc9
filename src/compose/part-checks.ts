import { constants } from "node:fs";
import { access, stat } from "node:fs/promises";
import { dirname } from "node:path";
import type { PartCheck } from "../answering/check-parts.ts";
import type { Config } from "../config.ts";
import { countOf } from "../domain/count-of.ts";
import { CitewellError, systemErrorCode } from "../errors.ts";
import type { Parts } from "./open-parts.ts";

/** What `doctor` and readiness probes look at, in the order in which it is shown. */
export function createPartChecks(
  { store, embedder, openCollection, models }: Parts,
  { dataFolder, collection }: Config,
): readonly PartCheck[] {
  return [
    { part: "runtime", quick: false, check: async () => `Node.js ${process.versions.node}` },
    { part: "data folder", quick: true, check: () => checkFolder(dataFolder) },
    {
      part: "store",
      quick: true,
      check: async () => {
        const opened = await store.get();
        await opened.ping();
        return `${opened.kind} at ${opened.location}`;
      },
    },
    {
      part: "embedding model",
      quick: true,
      check: async ({ quick }) => {
        const opened = await embedder.get();
        // Whether a model runs on this machine shows only when it does; as a query, no cache answers for it.
        if (!quick) await opened.embed(["citewell"], { purpose: "query" });
        const { model, dimensions, maxTokens, pooling } = opened;
        return `${model}: ${String(dimensions)} numbers a vector, ${pooling} pooling, reads ${String(maxTokens)} tokens`;
      },
    },
    {
      part: "collection",
      quick: false,
      check: async () => {
        if ((await (await store.get()).describeCollection(collection)) === null) {
          return `"${collection}" is not there yet: make it with citewell ingest <folder>`;
        }
        const { info } = await (await openCollection.get())(collection);
        return `"${info.name}": ${countOf(info.documents, "document")}, ${countOf(info.chunks, "chunk")}`;
      },
    },
    { part: "language model", quick: false, check: async () => (await models.get()).description },
  ];
}

async function checkFolder(folder: string): Promise<string> {
  try {
    await access(await nearestThere(folder), constants.W_OK | constants.X_OK);
    return folder;
  } catch (error) {
    throw new CitewellError(
      "config_invalid",
      `The data folder ${folder} can't be written to; give another with --data or CITEWELL_DATA.`,
      { cause: error },
    );
  }
}

/** The folder, or the one in which it would be made: looking makes none. */
async function nearestThere(folder: string): Promise<string> {
  try {
    // With a separator at its end, a path that leads to a file is refused.
    await stat(`${folder}/`);
    return folder;
  } catch (error) {
    const parent = dirname(folder);
    if (systemErrorCode(error) !== "ENOENT" || parent === folder) throw error;
    return await nearestThere(parent);
  }
}
