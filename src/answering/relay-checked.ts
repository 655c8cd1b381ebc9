import type { AnswerEvent, Passage } from "../domain/answer.ts";
import { passOn } from "../domain/pass-on.ts";
import type { RetrieveChatEvent, RetrieveChatResult } from "../agents/retrieve/run-retrieve-chat.ts";
import type { KnownClaims } from "../retrieval/citations.ts";
import { settledLength } from "../retrieval/settled-length.ts";

/** What a growing text is checked with. */
export interface ShownSoFar {
  readonly passages: readonly Passage[];
  /** What was found out about the text so far. */
  readonly known: KnownClaims;
}

/** Options of {@link relayChecked}. */
export interface RelayCheckedOptions {
  /** Takes the markers out of a text that do not hold, given the passages that were shown so far. */
  readonly check: (text: string, shown: ShownSoFar) => Promise<string>;
}

/**
 * Passes on what callers see of a chat; messages go to the stored conversation only. A streamed text cannot be taken back,
 * so a marker is passed on once it is whole and was checked, and left out where the answer leaves it out.
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
      // The end of a reply settles what was held back of it.
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

/** A text that grows, of which only what was checked is given out. */
interface CheckedText {
  /** Adds a piece; what can be given out by it. */
  add(piece: string): Promise<string>;
  /** What is left at the end. */
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
    // A piece without a bracket holds no marker, and is what the check would leave of it.
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
