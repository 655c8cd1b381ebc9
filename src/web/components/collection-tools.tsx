import type { VNode } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import type { CollectionInfo } from "../../domain/collection.ts";
import { countOf } from "../../domain/count-of.ts";
import { createCollection, failureOf, removeCollection, type Failure } from "../api.ts";
import { collectionNameFor } from "../collection-name.ts";

interface CollectionToolsProps {
  readonly collection: string;
  /** The collection as it is now; null while it is fetched, and where there is none. */
  readonly info: CollectionInfo | null;
  /** Called with the name of a collection that was made. */
  readonly onMade: (name: string) => void;
  /** Called when the collection is gone. */
  readonly onGone: () => void;
  readonly onFailure: (error: unknown) => void;
}

/** Makes another collection, and deletes this one. */
export function CollectionTools({ collection, info, onMade, onGone, onFailure }: CollectionToolsProps): VNode {
  const [isAsking, setIsAsking] = useState(false);
  const [isRemoving, setIsRemoving] = useState(false);
  const opener = useRef<HTMLButtonElement>(null);

  const remove = async (): Promise<void> => {
    if (isRemoving) return;
    const held = countOf(info?.documents ?? 0, "document");
    if (!confirm(`Delete the collection “${collection}” with ${held}? The files themselves stay where they are.`))
      return;
    setIsRemoving(true);
    try {
      await removeCollection(collection);
      onGone();
    } catch (error) {
      onFailure(error);
    } finally {
      setIsRemoving(false);
    }
  };

  if (isAsking) {
    return (
      <NewCollectionForm
        onMade={onMade}
        onCancel={() => {
          setIsAsking(false);
          setTimeout(() => opener.current?.focus());
        }}
      />
    );
  }
  return (
    <div class="collection-tools">
      <button type="button" class="quiet" ref={opener} onClick={() => setIsAsking(true)}>
        New collection
      </button>
      {info !== null && (
        <button type="button" class="quiet remove" aria-disabled={isRemoving} onClick={() => void remove()}>
          {isRemoving ? "Deleting…" : "Delete collection"}
        </button>
      )}
    </div>
  );
}

function NewCollectionForm({
  onMade,
  onCancel,
}: {
  readonly onMade: (name: string) => void;
  readonly onCancel: () => void;
}): VNode {
  const [written, setWritten] = useState("");
  const [failure, setFailure] = useState<Failure | null>(null);
  const box = useRef<HTMLInputElement>(null);
  useLayoutEffect(() => box.current?.focus(), []);
  const name = collectionNameFor(written);

  const make = async (): Promise<void> => {
    try {
      await createCollection(name);
      onMade(name);
    } catch (error) {
      setFailure(failureOf(error));
    }
  };
  return (
    <form
      class="new-collection"
      onSubmit={(event) => {
        event.preventDefault();
        if (name !== "") void make();
      }}
      onKeyDown={(event) => {
        if (event.key === "Escape") onCancel();
      }}
    >
      <label>
        <span>Name of the new collection</span>
        <input
          type="text"
          autocomplete="off"
          ref={box}
          maxLength={100}
          value={written}
          onInput={(event) => setWritten(event.currentTarget.value)}
        />
      </label>
      <button type="submit" class="primary" disabled={name === ""}>
        Make it
      </button>
      <button type="button" class="quiet" onClick={onCancel}>
        Cancel
      </button>
      <p class="dim" role="status">
        {written.trim() === "" || name === written ? "" : name === "" ? LETTERS : `It will be called “${name}”.`}
      </p>
      {failure !== null && (
        <p class="bad-text" role="alert">
          {failure.sentence}
        </p>
      )}
    </form>
  );
}

const LETTERS = "A name has letters from A to Z or digits, and dots, dashes and underscores between them.";
