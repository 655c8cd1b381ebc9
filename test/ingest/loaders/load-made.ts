import { loadBytes, type LoadOutcome } from "../../../ingest/loaders/load-document.ts";
import type { LoadedDocument } from "../../../src/domain/document.ts";

/** Loads a file that a test made, as any file is loaded. */
export function loadMade(source: string, bytes: Uint8Array): Promise<LoadOutcome> {
  return loadBytes({ root: "/r", source, bytes });
}

/** The document of a file that a test made; throws where there is none. */
export async function loadedMade(
  source: string,
  bytes: Uint8Array,
): Promise<LoadedDocument & { readonly note: string }> {
  const outcome = await loadMade(source, bytes);
  if (outcome.status !== "loaded") throw new Error(outcome.reason);
  return { ...outcome.document, note: outcome.note };
}
