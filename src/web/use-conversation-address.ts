import { useEffect, useRef } from "preact/hooks";
import { conversationHash } from "./address.ts";
import { goTo, type ShownAddress } from "./use-address.ts";
import type { Conversation } from "./use-conversation.ts";

/**
 * Keeps the address and the conversation in step: what is shown has an address to come back to, and an address shows
 * its conversation. The start page's address shows none, unless one was begun there and has no other address yet.
 */
export function useConversationAddress(
  { view, panel, conversation: addressed }: ShownAddress,
  { id, restore, clear }: Conversation,
): void {
  const isAsking = view === "ask" && panel === null;
  const known = useRef<string | null>(null);
  const isFirst = useRef(true);
  if (addressed !== null) known.current = addressed;

  useEffect(() => {
    // What the page was opened with is somebody else's concern.
    if (isFirst.current) isFirst.current = false;
    else if (view !== "ask" || addressed === id) return;
    else if (addressed !== null) restore(addressed);
    else if (known.current === id) clear();
    else if (id !== null) goTo(conversationHash(id), { inPlace: true });
  }, [addressed, view]);
  useEffect(() => {
    if (isAsking && id !== null && addressed !== id) goTo(conversationHash(id), { inPlace: true });
  }, [id, isAsking]);
}
