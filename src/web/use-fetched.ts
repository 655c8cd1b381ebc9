import { useEffect, useState } from "preact/hooks";
import { failureOf, type Failure } from "./api.ts";

/** What was fetched, or why not. The old value stays until the new one is there. */
export interface Fetched<Value> {
  readonly value: Value | null;
  readonly failure: Failure | null;
  readonly loading: boolean;
}

/** Options of {@link useFetched}. */
export interface UseFetchedOptions {
  /** Fetches anew when one of them changes. */
  readonly inputs: readonly unknown[];
  /** Hears of failures beside the place that shows them. */
  readonly onFailure?: (failure: Failure) => void;
}

/** Fetches when the inputs change, and gives up what is under way. A null fetcher fetches nothing. */
export function useFetched<Value>(
  fetcher: ((signal: AbortSignal) => Promise<Value>) | null,
  { inputs, onFailure }: UseFetchedOptions,
): Fetched<Value> {
  const [state, setState] = useState<Fetched<Value>>({ value: null, failure: null, loading: fetcher !== null });
  useEffect(() => {
    if (fetcher === null) return;
    const controller = new AbortController();
    const load = async (): Promise<void> => {
      setState(({ value }) => ({ value, failure: null, loading: true }));
      try {
        const value = await fetcher(controller.signal);
        if (!controller.signal.aborted) setState({ value, failure: null, loading: false });
      } catch (error) {
        const failure = failureOf(error);
        if (failure === null) return;
        setState({ value: null, failure, loading: false });
        onFailure?.(failure);
      }
    };
    void load();
    return () => controller.abort();
  }, inputs);
  return state;
}
