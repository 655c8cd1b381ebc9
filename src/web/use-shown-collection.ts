import { useEffect, useState } from "preact/hooks";
import { useCollectionOfHistory, writeCollection } from "./use-address.ts";
import { useCollections, type Collections, type CollectionsOptions } from "./use-collections.ts";

/** The collection that everything is about, and those that there are. */
export interface ShownCollection extends Collections {
  readonly collection: string;
  /** A collection that was asked for and that there is not, so that nobody takes the other one's answers for its own. */
  readonly missing: string | null;
  readonly choose: (name: string) => void;
}

/** Keeps the collection that is shown, beginning with the one that the page was opened with. */
export function useShownCollection(
  opened: string,
  { generation, ...options }: CollectionsOptions & { readonly generation: number },
): ShownCollection {
  const [collection, setCollection] = useState(opened);
  const [missing, setMissing] = useState<string | null>(null);
  const { collections, failure, lookSoon } = useCollections(generation, options);
  const isThere = (name: string): boolean => collections?.some((one) => one.name === name) === true;
  const show = (name: string): void => {
    setCollection(name);
    writeCollection(name);
  };
  useCollectionOfHistory((name) => {
    if (isThere(name)) setCollection(name);
  });
  useEffect(() => {
    const other = collections?.find(({ name }) => name === "default") ?? collections?.[0];
    if (other === undefined || isThere(collection)) return;
    if (collection !== "default") setMissing(collection);
    show(other.name);
  }, [collections]);
  const choose = (name: string): void => {
    setMissing(null);
    show(name);
  };
  return { collection, collections, failure, lookSoon, missing, choose };
}
