import { coverSpans } from "../cover-spans.ts";
import { findSecrets } from "./find-secrets.ts";
import type { Secret } from "./secret-rules.ts";

/** Replaces each character of a secret, so that every offset stays the same. */
export const BLOT = "█";
/** How many secrets a note lists. */
const SECRETS_NAMED = 5;
/** If less than this share of a text (without white space) is left beside a private key, the text is a key file. */
const LEAST_REMAINS = 0.25;

/** A text without its secrets. */
export interface RedactedText {
  readonly text: string;
  readonly title: string | null;
  /** How many secrets were found. */
  readonly secrets: number;
  /**
   * Says what was done, with the line and the kind of each secret and never the secret itself; empty if there are none.
   */
  readonly note: string;
  /** Why the whole source is left out; null if it is not. */
  readonly skip: string | null;
}

/**
 * Blots out the secrets of a text in place, or keeps them where that is allowed; then they are only counted. A text that is
 * little else than a private key is to be skipped.
 */
export async function redactSecrets(
  { text, title }: { readonly text: string; readonly title: string | null },
  { source, allowSecrets }: { readonly source: string; readonly allowSecrets: boolean },
): Promise<RedactedText> {
  const secrets = await findSecrets(text, source);
  if (secrets.length === 0) return { text, title, secrets: 0, note: "", skip: null };
  if (allowSecrets) return { text, title, secrets: secrets.length, note: noteOf(text, secrets, "kept"), skip: null };
  const redacted = coverSpans(text, secrets, BLOT);
  const isKeyFile =
    secrets.some(({ name }) => name === "private key") &&
    sizeOf(redacted.replaceAll(BLOT, "")) < sizeOf(text) * LEAST_REMAINS;
  return {
    text: redacted,
    title: title === null ? null : coverSpans(title, await findSecrets(title, source), BLOT),
    secrets: secrets.length,
    note: noteOf(text, secrets, "redacted"),
    skip: isKeyFile ? "a private key; use --allow-secrets to read it" : null,
  };
}

function noteOf(text: string, secrets: readonly Secret[], what: "redacted" | "kept"): string {
  let line = 1;
  let from = 0;
  const named = secrets.slice(0, SECRETS_NAMED).map(({ start, name }) => {
    line += text.slice(from, start).match(/\r\n|\r|\n/g)?.length ?? 0;
    from = start;
    return `line ${line} ${name}`;
  });
  const more = secrets.length > SECRETS_NAMED ? `, and ${secrets.length - SECRETS_NAMED} more` : "";
  return `${secrets.length} ${secrets.length === 1 ? "secret" : "secrets"} ${what}: ${named.join(", ")}${more}`;
}

function sizeOf(text: string): number {
  return text.replaceAll(/\s+/g, "").length;
}
