import { isKeyKept } from "./api.ts";
import { itemName } from "./tab-storage.ts";

/** A conversation that can be opened again. */
export interface RecentConversation {
  readonly id: string;
  /** Its first question. */
  readonly question: string;
  readonly collection: string;
  /** Time of its last answer, ISO 8601. */
  readonly at: string;
}

const ITEM = "citewell.recent";
const MOST = 50;
/** Characters of a question that are kept: a pasted text needs no more to be known again. */
const LONGEST = 300;

/** Conversations of this browser, the last one first. */
export function readRecent(): readonly RecentConversation[] {
  try {
    const read: unknown = JSON.parse(storage().getItem(itemName(ITEM)) ?? "[]");
    return Array.isArray(read) ? read.filter(isRecent) : [];
  } catch {
    return [];
  }
}

/** Puts a conversation in front; one that is known keeps its first question. */
export function noteRecent(conversation: RecentConversation): void {
  const known = readRecent();
  const question = known.find(({ id }) => id === conversation.id)?.question ?? conversation.question.slice(0, LONGEST);
  write([{ ...conversation, question }, ...known.filter(({ id }) => id !== conversation.id)].slice(0, MOST));
}

/** Takes a conversation out. */
export function forgetRecent(id: string): void {
  write(readRecent().filter((one) => one.id !== id));
}

function write(conversations: readonly RecentConversation[]): void {
  try {
    storage().setItem(itemName(ITEM), JSON.stringify(conversations));
  } catch {
    // Storage that is full or forbidden must not keep anybody from asking.
  }
}

/** Who needs a key may share the browser with others, so that what was asked is kept as long as the key. */
function storage(): Storage {
  return isKeyKept() ? sessionStorage : localStorage;
}

function isRecent(value: unknown): value is RecentConversation {
  const fields = ["id", "question", "collection", "at"];
  return (
    typeof value === "object" && value !== null && fields.every((name) => typeof Reflect.get(value, name) === "string")
  );
}
