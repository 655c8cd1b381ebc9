import { constants } from "node:fs";
import { access, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { listStoredDocuments } from "../../ingest/stored-documents.ts";
import type { PartCheck } from "../answering/check-parts.ts";
import type { Config } from "../config.ts";
import { successorName } from "../domain/collection.ts";
import { countOf, formatNumber } from "../domain/count-of.ts";
import { isComplete } from "../domain/document.ts";
import { CitewellError, systemErrorCode } from "../errors.ts";
import type { VectorStore } from "../store/vector-store.ts";
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
      check: async ({ quick }) => {
        const opened = await store.get();
        await opened.ping();
        if (!quick) await opened.verify();
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
        const open = await openCollection.get();
        await open(collection);
        return await describeContent(await store.get(), collection);
      },
    },
    { part: "language model", quick: false, check: async () => (await models.get()).description },
  ];
}

/**
 * Says what a collection holds, and what of it was not finished.
 *
 * @throws CitewellError `store_failed` where its chunks are not those of its documents
 */
async function describeContent(store: VectorStore, name: string): Promise<string> {
  const version = await store.documentsVersion(name);
  const documents = await listStoredDocuments(store, name);
  const chunks = (await store.describeCollection(name))?.chunks ?? 0;
  const begun = documents.filter((document) => !isComplete(document)).length;
  const expected = documents.reduce((sum, document) => sum + document.chunks, 0);
  // A document that is only begun has chunks of two versions, or not all of them.
  const isLost = begun === 0 && expected !== chunks;
  if (isLost && (await store.documentsVersion(name)) === version) {
    throw new CitewellError(
      "store_failed",
      `The documents of collection "${name}" were cut into ${countOf(expected, "chunk")}, and ${formatNumber(chunks)} are stored. ` +
        "Unless something is being ingested right now, bring the others back with: citewell ingest --reread <folder>",
    );
  }
  const successor = await store.describeCollection(successorName(name));
  return [
    `"${name}": ${countOf(documents.length, "document")}, ${countOf(chunks, "chunk")}`,
    ...(begun === 0 ? [] : [`${countOf(begun, "document")} not complete, which the next ingestion finishes`]),
    ...(successor === null
      ? []
      : [
          `a re-indexing is under way or was interrupted, ${countOf(successor.documents, "document")} so far: the same command goes on with it`,
        ]),
  ].join("; ");
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
