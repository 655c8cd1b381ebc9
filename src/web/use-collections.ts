import { useEffect, useRef, useState } from "preact/hooks";
import type { CollectionInfo } from "../domain/collection.ts";
import { failureOf, listCollections, type Failure } from "./api.ts";

/** The collections as they are, and why they cannot be read. */
export interface Collections {
  /** Null until they were read once. */
  readonly collections: readonly CollectionInfo[] | null;
  readonly failure: Failure | null;
  /** Looks soon, where somebody else found that the server does not answer. */
  readonly lookSoon: () => void;
}

/** Who hears of what the looks find. */
export interface CollectionsOptions {
  readonly onFailure: (failure: Failure) => void;
  /** Called when the server answers again, so that what failed meanwhile can be fetched. */
  readonly onBack: () => void;
}

/** Milliseconds between two looks: often as long as something changes, ever more seldom where nothing does. */
const SHORTEST_MS = 2_000;
const LONGEST_MS = 60_000;
/** The longest wait for a server that does not answer: somebody is looking at the notice that says so. */
const LONGEST_FAILING_MS = 5_000;

/** Reads the collections, again and again while the page is seen, so that what is being ingested appears by itself. */
export function useCollections(generation: number, { onFailure, onBack }: CollectionsOptions): Collections {
  const [state, setState] = useState<Omit<Collections, "lookSoon">>({ collections: null, failure: null });
  const isAway = useRef(false);
  const schedule = useRef<(ms: number) => void>(() => {});
  useEffect(() => {
    const controller = new AbortController();
    const { signal } = controller;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let wait = SHORTEST_MS;
    let known = "";
    schedule.current = (ms) => {
      clearTimeout(timer);
      if (!signal.aborted && !document.hidden) timer = setTimeout(() => void look(), ms);
    };
    const look = async (): Promise<void> => {
      clearTimeout(timer);
      try {
        const collections = await listCollections(signal);
        const read = JSON.stringify(collections);
        wait = read === known ? Math.min(wait * 2, LONGEST_MS) : SHORTEST_MS;
        if (read !== known) setState({ collections, failure: null });
        known = read;
        if (isAway.current) onBack();
        isAway.current = false;
      } catch (error) {
        const failure = failureOf(error);
        if (failure === null) return;
        wait = Math.min(wait * 2, LONGEST_FAILING_MS);
        known = "";
        setState(({ collections }) => ({ collections, failure }));
        onFailure(failure);
        // Without a key the next look would fail as this one did.
        if (failure.keyNeeded) return;
        isAway.current = true;
      }
      schedule.current(wait);
    };
    const onSeen = (): void => {
      clearTimeout(timer);
      wait = SHORTEST_MS;
      if (!document.hidden) void look();
    };
    document.addEventListener("visibilitychange", onSeen, { signal });
    void look();
    return () => {
      controller.abort();
      clearTimeout(timer);
    };
  }, [generation]);
  const lookSoon = (): void => {
    isAway.current = true;
    schedule.current(SHORTEST_MS);
  };
  return { ...state, lookSoon };
}
