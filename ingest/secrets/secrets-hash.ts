/** What was done about the secrets of a document: it has none, they were blotted out, or they were kept. */
export type SecretsState = "none" | "redacted" | "kept";

const SUFFIX: Readonly<Record<SecretsState, string>> = {
  none: "",
  redacted: "-secrets-redacted",
  kept: "-secrets-kept",
};

/**
 * The hash under which a document is stored. It tells what was done about secrets, so that the next run with the other
 * choice reads the source again rather than leaving secrets where they are no longer wanted.
 */
export function secretsHash(hash: string, state: SecretsState): string {
  return hash + SUFFIX[state];
}

/** Whether a stored hash may stand with the present choice. */
export function fitsChoice(storedHash: string, allowSecrets: boolean): boolean {
  return !storedHash.endsWith(SUFFIX[allowSecrets ? "redacted" : "kept"]);
}

/** The hash of the source's bytes in a stored hash. */
export function hashOfBytes(storedHash: string): string {
  return storedHash.split("-", 1)[0] ?? "";
}

/** The stored hash where it is that of the same bytes under the present choice, else the hash of the bytes. */
export function asStored(hash: string, storedHash: string, allowSecrets: boolean): string {
  const isSame = hashOfBytes(storedHash) === hash;
  return isSame && fitsChoice(storedHash, allowSecrets) ? storedHash : hash;
}
