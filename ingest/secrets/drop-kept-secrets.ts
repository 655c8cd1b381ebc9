import { joinNotes } from "../join-notes.ts";
import type { LoadOutcome } from "../loaders/load-document.ts";
import { redactMetadata } from "./redact-metadata.ts";
import { redactSecrets } from "./redact-secrets.ts";
import { fitsChoice } from "./secrets-hash.ts";

/**
 * Blots out the secrets that were kept in a stored document's text and metadata when it was ingested. Its hash stays:
 * if its source comes back, it is read anew.
 */
export async function dropKeptSecrets(outcome: LoadOutcome): Promise<LoadOutcome> {
  if (outcome.status !== "loaded") return outcome;
  const { document } = outcome;
  const options = { source: document.source, allowSecrets: false };
  const said = await redactMetadata(document.metadata ?? {}, options);
  const stored = said.note === "" ? document : { ...document, metadata: said.metadata };
  if (fitsChoice(document.contentHash, false))
    return { ...outcome, document: stored, note: joinNotes(outcome.note, said.note) };
  const { text, title, note, skip } = await redactSecrets(document, options);
  if (skip !== null) return { status: "skipped", reason: skip };
  return { status: "loaded", document: { ...stored, text, title }, note: joinNotes(note, said.note) };
}
