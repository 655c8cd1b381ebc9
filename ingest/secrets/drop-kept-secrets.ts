import type { LoadOutcome } from "../loaders/load-document.ts";
import { redactSecrets } from "./redact-secrets.ts";
import { fitsChoice } from "./secrets-hash.ts";

/**
 * A document from the store without the secrets that were kept when it was ingested. Its hash stays: should its source come
 * back, it is read anew.
 */
export async function dropKeptSecrets(outcome: LoadOutcome): Promise<LoadOutcome> {
  if (outcome.status !== "loaded" || fitsChoice(outcome.document.contentHash, false)) return outcome;
  const { document } = outcome;
  const { text, title, note, skip } = await redactSecrets(document, { source: document.source, allowSecrets: false });
  if (skip !== null) return { status: "skipped", reason: skip };
  return { status: "loaded", document: { ...document, text, title }, note };
}
