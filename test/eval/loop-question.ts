import type { Span } from "../../src/domain/document.ts";

/** Share of a place that must have been shown for it to count as read. */
const COVERED = 0.9;

/** What a reader must have seen: a document, or a place in it. */
export interface Need {
  readonly source: string;
  /** Null where any passage of the document counts. */
  readonly span: Span | null;
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
  readonly span: Span;
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
export function metNeeds(needs: readonly Need[], shown: readonly ShownText[]): readonly Need[] {
  return needs.filter(({ source, span }) => {
    const texts = shown.filter((text) => text.source === source);
    if (span === null) return texts.length > 0;
    return coveredLength(span, texts) >= COVERED * (span.end - span.start);
  });
}

function coveredLength({ start, end }: Span, texts: readonly ShownText[]): number {
  let [reached, covered] = [start, 0];
  for (const { span } of texts.toSorted((left, right) => left.span.start - right.span.start)) {
    const from = Math.max(reached, span.start);
    const to = Math.min(end, span.end);
    covered += Math.max(0, to - from);
    reached = Math.max(reached, to);
  }
  return covered;
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
