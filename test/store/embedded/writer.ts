import { openEmbeddedStore } from "../../../src/store/embedded/embedded-store.ts";
import { randomPoints, sampleSettings } from "../store-samples.ts";

// A process of its own that writes to a store until it is killed or done: FILE COLLECTION SEED BATCHES.
// Each acknowledged batch is one line on standard output.

/** Chunks that the process writes at once. */
export const WRITER_BATCH: number = 20;

async function writeBatches(): Promise<void> {
  const [file = "", collection = "", seed = "1", batches = "1"] = process.argv.slice(2);
  const store = await openEmbeddedStore({ file });
  if ((await store.describeCollection(collection)) === null) {
    await store.createCollection(collection, sampleSettings());
  }
  const points = randomPoints(WRITER_BATCH * Number(batches), Number(seed));
  for (let at = 0; at < points.length; at += WRITER_BATCH) {
    await store.upsertChunks(collection, points.slice(at, at + WRITER_BATCH));
    process.stdout.write(`${at / WRITER_BATCH}\n`);
  }
  await store.close();
}

if (import.meta.main) await writeBatches();
