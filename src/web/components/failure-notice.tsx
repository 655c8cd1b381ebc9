import type { ComponentChildren, VNode } from "preact";
import { viewHash } from "../address.ts";
import type { Failure } from "../api.ts";

interface FailureNoticeProps {
  readonly failure: Failure;
  readonly collection: string;
  /** What can be done about it. */
  readonly children?: ComponentChildren;
}

/** Says what went wrong. A collection that nothing was added to yet is nothing wrong. */
export function FailureNotice({ failure, collection, children }: FailureNoticeProps): VNode {
  if (failure.code === "collection_missing") {
    return (
      <p class="notice" role="alert">
        “{collection}” holds no documents yet. <a href={viewHash("documents")}>Add documents</a>, then ask again.
      </p>
    );
  }
  return (
    <p class="notice bad" role="alert">
      {failure.sentence} {children}
    </p>
  );
}
