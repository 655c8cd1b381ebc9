import type { VNode } from "preact";

interface SkeletonProps {
  /** What is awaited; without it, something else says so to those who do not see it. */
  readonly label?: string;
  /** @default 3 */
  readonly lines?: number;
}

/** Stands where lines of text are on their way. */
export function Skeleton({ label, lines = 3 }: SkeletonProps): VNode {
  const spans = Array.from({ length: lines }, (_, index) => <span key={index} />);
  return label === undefined ? (
    <div class="skeleton" aria-hidden="true">
      {spans}
    </div>
  ) : (
    <div class="skeleton" role="status" aria-label={label}>
      {spans}
    </div>
  );
}
