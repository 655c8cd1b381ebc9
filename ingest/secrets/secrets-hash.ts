/** What was done about the secrets of a document: it has none, they were blotted out, or they were kept. */
export type SecretsState = "none" | "redacted" | "kept";

const SUFFIX: Readonly<Record<SecretsState, string>> = {
  none: "",
  redacted: "-secrets-redacted",
  kept: "-secrets-kept",
};

/**
 * The hash that is stored with a document. It tells what was done about secrets, so that a run with the other choice
 * reads the source again and does not leave secrets where they are no longer wanted.
 */
export function secretsHash(hash: string, state: SecretsState): string {
  return hash + SUFFIX[state];
}

/** Whether a stored hash agrees with the present choice about secrets. */
export function fitsChoice(storedHash: string, allowSecrets: boolean): boolean {
  return !storedHash.endsWith(SUFFIX[allowSecrets ? "redacted" : "kept"]);
}

/** The hash of the source's bytes in a stored hash. */
export function hashOfBytes(storedHash: string): string {
  return storedHash.split("-", 1)[0] ?? "";
}

/** The stored hash if it is of the same bytes and agrees with the present choice, else the hash of the bytes. */
export function asStored(hash: string, storedHash: string, allowSecrets: boolean): string {
  const isSame = hashOfBytes(storedHash) === hash;
  return isSame && fitsChoice(storedHash, allowSecrets) ? storedHash : hash;
}
