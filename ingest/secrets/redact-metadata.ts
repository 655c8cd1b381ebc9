import type { DocumentMetadata, MetadataValue } from "../../src/domain/document-metadata.ts";
import { coverSpans } from "../cover-spans.ts";
import { findSecrets } from "./find-secrets.ts";
import { BLOT } from "./redact-secrets.ts";
import type { Secret } from "./secret-rules.ts";

/** Metadata without its secrets. */
export interface RedactedMetadata {
  readonly metadata: DocumentMetadata;
  /**
   * Names the keys under which secrets were found and what was done, never a secret itself; empty if there are none.
   */
  readonly note: string;
}

/** A text of the metadata, and where it stands among what is searched for secrets. */
interface Piece {
  readonly text: string;
  readonly start: number;
}

/**
 * Blots out the secrets in keys and values, or keeps them where that is allowed; then they are only counted. Each value is
 * looked at behind its key, since `apiKey: …` says more than the value alone.
 */
export async function redactMetadata(
  metadata: DocumentMetadata,
  { source, allowSecrets }: { readonly source: string; readonly allowSecrets: boolean },
): Promise<RedactedMetadata> {
  let searched = "";
  const place = (text: string): Piece => {
    const piece = { text, start: searched.length };
    searched += text;
    return piece;
  };
  const placed = Object.entries(metadata).map(([key, value]) => {
    const given = [value].flat();
    // A key without values may be a secret itself.
    const values = (given.length === 0 ? [""] : given).map((one) => {
      const name = place(key);
      searched += ": ";
      const piece = place(String(one));
      searched += "\n";
      return { name, piece };
    });
    return { key, value, values };
  });
  const secrets = searched === "" ? [] : await findSecrets(searched, source);
  if (secrets.length === 0) return { metadata, note: "" };
  const noun = `${secrets.length} ${secrets.length === 1 ? "secret" : "secrets"}`;
  if (allowSecrets) return { metadata, note: `${noun} kept in the metadata` };
  const clean = (piece: Piece): string => blotPiece(piece, secrets);
  const redacted: Record<string, MetadataValue> = {};
  for (const { key, value, values } of placed) {
    const [first] = values;
    let name = first === undefined ? key : clean(first.name);
    while (Object.hasOwn(redacted, name)) name += BLOT;
    const texts = values.map(({ piece }) => clean(piece));
    redacted[name] = Array.isArray(value)
      ? texts.slice(0, value.length)
      : typeof value === "string"
        ? (texts[0] ?? "")
        : value;
  }
  const kinds = [...new Set(secrets.map(({ name }) => name))].join(", ");
  return { metadata: redacted, note: `${noun} redacted in the metadata: ${kinds}` };
}

function blotPiece({ text, start }: Piece, secrets: readonly Secret[]): string {
  const within = secrets.flatMap((secret) => {
    const [from, to] = [Math.max(secret.start - start, 0), Math.min(secret.end - start, text.length)];
    return from < to ? [{ ...secret, start: from, end: to }] : [];
  });
  return coverSpans(text, within, BLOT);
}
