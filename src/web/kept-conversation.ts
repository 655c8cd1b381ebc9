import { forgetTabItem, keepTabItem, readTabItem } from "./tab-storage.ts";

/** What the page remembers of its conversation until the tab is closed, so that a reload loses nothing. */
export interface KeptConversation {
  /** Null until the first answer has come. */
  readonly id: string | null;
  /** A question that is being answered. */
  readonly pending: { readonly question: string; readonly collection: string } | null;
}

const ITEM = "citewell.conversation";
const NOTHING: KeptConversation = { id: null, pending: null };

/** What was kept; empty where there is nothing, or nothing that can be read. */
export function readKept(): KeptConversation {
  try {
    const kept: unknown = JSON.parse(readTabItem(ITEM) ?? "null");
    if (typeof kept !== "object" || kept === null) return NOTHING;
    const { id, question, collection } = { id: null, question: null, collection: null, ...kept };
    return {
      id: typeof id === "string" ? id : null,
      pending: typeof question === "string" && typeof collection === "string" ? { question, collection } : null,
    };
  } catch {
    return NOTHING;
  }
}

/** Keeps a conversation in place of the one before. */
export function keep({ id, pending }: KeptConversation): void {
  keepTabItem(ITEM, JSON.stringify({ id, ...pending }));
}

/** Forgets what was kept. */
export function forgetKept(): void {
  forgetTabItem(ITEM);
}
