import type { VNode } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { conversationHash } from "../address.ts";
import { failureOf, removeConversation, type Failure } from "../api.ts";
import { forgetRecent, readRecent, type RecentConversation } from "../recent-conversations.ts";
import { dayOf } from "../words.ts";

/** How many are shown at first. */
const SHOWN = 5;

/** Conversations of this browser, to be opened again or removed. */
export function RecentList(): VNode | null {
  const [recent, setRecent] = useState(readRecent);
  const [isWhole, setIsWhole] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  const list = useRef<HTMLUListElement>(null);
  // The button that shows them goes away with the focus, which the first of them takes.
  useLayoutEffect(() => {
    if (isWhole) list.current?.querySelectorAll("a")[SHOWN]?.focus();
  }, [isWhole]);
  if (recent.length === 0) return null;

  const remove = async ({ id, question }: RecentConversation): Promise<void> => {
    if (!confirm(`Remove the conversation “${question}”? Its answers are deleted on the server.`)) return;
    try {
      await removeConversation(id);
    } catch (error) {
      const found = failureOf(error);
      // What is gone needs no removal.
      if (found !== null && found.code !== "conversation_missing") return setFailure(found);
    }
    setFailure(null);
    forgetRecent(id);
    setRecent(readRecent());
    // The button that had the focus is gone.
    heading.current?.focus({ preventScroll: true });
  };
  const shown = isWhole ? recent : recent.slice(0, SHOWN);
  return (
    <section class="recent" aria-labelledby="recent-title">
      <h2 id="recent-title" ref={heading} tabIndex={-1}>
        Earlier questions
      </h2>
      {failure !== null && (
        <p class="bad-text" role="alert">
          {failure.sentence}
        </p>
      )}
      <ul class="rows" ref={list}>
        {shown.map((one) => (
          <li key={one.id}>
            <span class="row">
              <a href={conversationHash(one.id)} dir="auto">
                {one.question}
              </a>
              <span class="dim">
                {one.collection} · {dayOf(one.at)}
              </span>
            </span>
            <button
              type="button"
              class="quiet remove"
              aria-label={`Remove the conversation: ${one.question}`}
              onClick={() => void remove(one)}
            >
              Remove
            </button>
          </li>
        ))}
      </ul>
      {shown.length < recent.length && (
        <button type="button" class="quiet" onClick={() => setIsWhole(true)}>
          Show all {recent.length}
        </button>
      )}
    </section>
  );
}
