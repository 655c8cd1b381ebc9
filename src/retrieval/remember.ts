/** How long a list of a collection's documents is taken as current, in milliseconds. */
const TRUST_MS = 15_000;

/** Reads something once and keeps it for some seconds; what could not be read is read again by the next caller. */
export function remember<Value>(read: () => Promise<Value>): () => Promise<Value> {
  let known: { readonly until: number; readonly value: Promise<Value> } | undefined;
  return () => {
    if (known !== undefined && known.until > performance.now()) return known.value;
    const value = read();
    known = { until: performance.now() + TRUST_MS, value };
    value.catch(() => (known = undefined));
    return value;
  };
}
