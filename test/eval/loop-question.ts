/** What a reader must have seen of one document: the document itself, or the sentences in it. */
export interface Need {
  readonly source: string;
  /** Sentences of it that hold the evidence; empty where the document as a whole counts. */
  readonly sentences: readonly string[];
}

/** A question with what its answer stands on. */
export interface LoopQuestion {
  readonly id: string;
  readonly question: string;
  readonly needs: readonly Need[];
}

/** A text that a reader was shown, with what it costs. */
export interface ShownText {
  readonly source: string;
  readonly text: string;
  readonly tokens: number;
}

/** What a loop showed for one question: texts by round, and tokens of all messages that a model was sent. */
export interface LoopTrace {
  readonly id: string;
  readonly question: string;
  readonly needs: readonly Need[];
  readonly rounds: readonly (readonly ShownText[])[];
  /** Tokens of the messages of each request, earlier ones that are sent again included. */
  readonly sent: readonly number[];
}

/** Which of the needs the shown texts meet. */
export function metNeeds(
  needs: readonly Need[],
  shown: readonly Pick<ShownText, "source" | "text">[],
): readonly Need[] {
  return needs.filter(({ source }) => shown.some((text) => text.source === source));
}

/** The share of the needed sentences that stand in the shown texts; needs without sentences count as documents. */
export function shareOfSentences(needs: readonly Need[], shown: readonly ShownText[]): number {
  const wanted = needs.flatMap(({ source, sentences }) =>
    sentences.length === 0 ? [{ source, sentence: "" }] : sentences.map((sentence) => ({ source, sentence })),
  );
  const held = wanted.filter(({ source, sentence }) =>
    shown.some((text) => text.source === source && squash(text.text).includes(squash(sentence))),
  );
  return held.length / Math.max(1, wanted.length);
}

function squash(text: string): string {
  return text.replaceAll(/\s+/g, " ").trim();
}
