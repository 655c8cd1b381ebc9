import type { VNode } from "preact";
import { useState } from "preact/hooks";
import type { Answer } from "../../domain/answer.ts";
import { answerText } from "../answer-text.ts";
import { copyText } from "../copy-text.ts";

/** Copies an answer with its sources, and says so. */
export function CopyButton({ answer }: { readonly answer: Answer }): VNode {
  const [copied, setCopied] = useState<"no" | "yes" | "refused">("no");
  const offer = answer.citations.length === 0 ? "Copy" : "Copy with sources";
  const words = { no: offer, yes: "Copied", refused: "The browser does not allow it" }[copied];
  return (
    <button
      type="button"
      class="quiet"
      onClick={() => void copyText(answerText(answer)).then((isDone) => setCopied(isDone ? "yes" : "refused"))}
      onBlur={() => setCopied("no")}
    >
      <span aria-live="polite">{words}</span>
    </button>
  );
}
