import type { VNode } from "preact";
import { useState } from "preact/hooks";
import { copyText } from "../copy-text.ts";

interface CopyButtonProps {
  /** What the button says before it was pressed. */
  readonly offer: string;
  /** What is copied. */
  readonly text: () => string;
}

/** Copies a text, and says so. */
export function CopyButton({ offer, text }: CopyButtonProps): VNode {
  const [copied, setCopied] = useState<"no" | "yes" | "refused">("no");
  const words = { no: offer, yes: "Copied", refused: "The browser does not allow it" }[copied];
  return (
    <button
      type="button"
      class="quiet"
      onClick={() => void copyText(text()).then((isDone) => setCopied(isDone ? "yes" : "refused"))}
      onBlur={() => setCopied("no")}
    >
      <span aria-live="polite">{words}</span>
    </button>
  );
}
