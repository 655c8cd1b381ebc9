/** Waits for work, but no longer than until an abort, which throws its reason. The work itself is not ended by it. */
export async function untilAborted<Value>(work: PromiseLike<Value>, signal: AbortSignal | undefined): Promise<Value> {
  const promise = Promise.resolve(work);
  // Nobody may be left to hear of what comes after the abort.
  promise.catch(() => undefined);
  signal?.throwIfAborted();
  if (signal === undefined) return await promise;
  const aborted = Promise.withResolvers<never>();
  const onAbort = (): void => aborted.reject(signal.reason);
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    return await Promise.race([promise, aborted.promise]);
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}
