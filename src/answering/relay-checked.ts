import type { AnswerEvent, Passage } from "../domain/answer.ts";
import { passOn } from "../domain/pass-on.ts";
import type { RetrieveChatEvent, RetrieveChatResult } from "../agents/retrieve/run-retrieve-chat.ts";
import type { KnownClaims } from "../retrieval/citations.ts";
import { settledLength } from "../retrieval/settled-length.ts";

/** What a text that is still being written is checked with. */
export interface ShownSoFar {
  readonly passages: readonly Passage[];
  /** The claims of the text that were checked so far. */
  readonly known: KnownClaims;
}

/** Options of {@link relayChecked}. */
export interface RelayCheckedOptions {
  /** Removes the markers from a text that do not hold, given the passages that were shown so far. */
  readonly check: (text: string, shown: ShownSoFar) => Promise<string>;
}

/**
 * Passes on the events of a chat that callers see; messages only go to the stored conversation. A streamed text cannot
 * be taken back. So a marker is passed on when it is complete and was checked, and left out if the final answer leaves
 * it out.
 */
export async function* relayChecked(
  chat: AsyncGenerator<RetrieveChatEvent, RetrieveChatResult>,
  { check }: RelayCheckedOptions,
): AsyncGenerator<AnswerEvent, RetrieveChatResult> {
  const passages: Passage[] = [];
  let known: KnownClaims = new Map();
  let written = "";
  let settled = 0;
  let given = "";

  /** Gives out what is new in the reply's text up to `end`, checked. */
  const giveUpTo = async function* (end: number): AsyncGenerator<AnswerEvent> {
    if (end <= settled) return;
    const piece = written.slice(settled, end);
    settled = end;
    // A piece without a bracket holds no marker; the check would leave it as it is.
    const whole = piece.includes("[") ? await check(written.slice(0, end), { passages, known }) : given + piece;
    const text = whole.slice(given.length);
    given = whole;
    if (text !== "") yield { type: "delta", text };
  };

  return yield* passOn(chat, async function* (event): AsyncGenerator<AnswerEvent> {
    if (event.type === "delta") {
      written += event.text;
      yield* giveUpTo(settledLength(written));
    } else if (event.type === "message") {
      // At the end of a reply, the text that was held back is final.
      yield* giveUpTo(written.length);
      [known, written, settled, given] = [new Map(), "", 0, ""];
      passages.push(...(event.message.retrieval?.passages ?? []));
    } else if (event.type === "retrieval" || event.type === "context-update") {
      yield event;
    }
  });
}
