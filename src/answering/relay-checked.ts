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
  const begin = (): CheckedText => {
    const known: KnownClaims = new Map();
    return createCheckedText(async (written) => check(written, { passages, known }));
  };
  let text = begin();
  return yield* passOn(chat, async function* (event): AsyncGenerator<AnswerEvent> {
    if (event.type === "delta") {
      yield* asDelta(await text.add(event.text));
    } else if (event.type === "message") {
      // At the end of a reply, the text that was held back is final.
      yield* asDelta(await text.end());
      text = begin();
      passages.push(...(event.message.retrieval?.passages ?? []));
    } else if (event.type === "retrieval" || event.type === "context-update") {
      yield event;
    }
  });
}

function asDelta(text: string): AnswerEvent[] {
  return text === "" ? [] : [{ type: "delta", text }];
}

/** A growing text of which only checked parts are given out. */
interface CheckedText {
  /** Adds a piece; resolves to the text that can now be given out. */
  add(piece: string): Promise<string>;
  /** Resolves to the text that is left at the end. */
  end(): Promise<string>;
}

function createCheckedText(check: (text: string) => Promise<string>): CheckedText {
  let written = "";
  let settled = 0;
  let given = "";

  const giveUpTo = async (end: number): Promise<string> => {
    if (end <= settled) return "";
    const piece = written.slice(settled, end);
    settled = end;
    // A piece without a bracket holds no marker; the check would leave it as it is.
    const whole = piece.includes("[") ? await check(written.slice(0, end)) : given + piece;
    const more = whole.slice(given.length);
    given = whole;
    return more;
  };

  return {
    async add(piece) {
      written += piece;
      return giveUpTo(settledLength(written));
    },
    end: async () => giveUpTo(written.length),
  };
}
