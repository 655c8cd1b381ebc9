import { cutIntoPieces, cutToTokens } from "./cut-to-tokens.ts";
import type { Embedder } from "./embedder.ts";

/** Options of {@link windowsOf}. */
export interface WindowsOfOptions {
  /** Decides how long a window is. */
  readonly embedder: Embedder;
  /**
   * Repeated in front of every window: the document's title, or a symbol's path. Cut, for embedding only, to a third of
   * the window where it is longer.
   * @default ""
   */
  readonly prefix?: string;
}

/** A text to embed, with what stands in front of each of its windows. */
export interface WindowedText {
  readonly text: string;
  readonly prefix?: string;
}

/** Options of {@link embedInWindows}. */
export interface EmbedInWindowsOptions {
  readonly embedder: Embedder;
  /** Cancels the call between runs of the model. */
  readonly signal?: AbortSignal;
  /**
   * Receives the indices of the texts for which nothing had to be embedded, since the vectors of all their windows were
   * cached.
   */
  readonly onRemembered?: (places: readonly number[]) => void;
}

const DEFAULT_RESERVED_TOKENS = 2;
const PREFIX_SHARE = 1 / 3;
// BERT-type tokenizers turn a word of more than 100 characters into one unknown token, whose vector says nothing. Such
// runs get a space every 100 characters, in the embedded text only.
const OVERLONG_RUN = /[\p{L}\p{N}\p{M}]{100}(?=[\p{L}\p{N}\p{M}])/gu;

/**
 * Cuts a text into windows, so that all of it reaches a vector: the text itself if it fits into the embedder's window,
 * else several windows cut at word boundaries (inside a word only if that alone is too long). Each has the prefix in
 * front, and none is longer than the window. There is always at least one.
 */
export function windowsOf(text: string, { embedder, prefix = "" }: WindowsOfOptions): string[] {
  const { maxTokens, reservedTokens = DEFAULT_RESERVED_TOKENS } = embedder;
  const room = Math.max(1, maxTokens - reservedTokens);
  const countTokens = (part: string): number => embedder.countTokens(part);

  const head = headOf(prefix, { budget: Math.floor(room * PREFIX_SHARE), countTokens });
  const body = text.replace(OVERLONG_RUN, "$& ");
  const whole = head + body;
  if (countTokens(whole) <= room) return [whole];
  let budget = Math.max(1, room - countTokens(head));
  for (;;) {
    const windows = cutIntoPieces(body, { budget, countTokens }).map((piece) => head + piece.trimStart());
    // With some tokenizers a joined text has more tokens than its words; then the cut is repeated with smaller pieces.
    if (budget === 1 || windows.every((window) => countTokens(window) <= room)) return windows;
    budget = Math.max(1, Math.floor(budget * 0.9));
  }
}

/**
 * Embeds texts of any length.
 * @returns for every text, in the order given, the vectors of its windows: at least one.
 */
export async function embedInWindows(
  texts: readonly WindowedText[],
  { embedder, signal, onRemembered }: EmbedInWindowsOptions,
): Promise<Float32Array[][]> {
  const windows = texts.map(({ text, prefix = "" }) => windowsOf(text, { embedder, prefix }));
  const owners = windows.flatMap(({ length }, place) => Array.from({ length }, () => place));
  const vectors = await embedder.embed(windows.flat(), {
    purpose: "passage",
    signal,
    onRemembered(remembered) {
      const known = new Set(remembered);
      const embedded = new Set(owners.filter((_, window) => !known.has(window)));
      onRemembered?.([...texts.keys()].filter((place) => !embedded.has(place)));
    },
  });
  let start = 0;
  return windows.map(({ length }) => {
    const own = vectors.slice(start, start + length);
    start += length;
    return own;
  });
}

function headOf(prefix: string, limit: { budget: number; countTokens: (text: string) => number }): string {
  const title = prefix.trim();
  if (title === "") return "";
  const shown = limit.countTokens(title) <= limit.budget ? title : cutToTokens(title, limit).trim();
  return shown === "" ? "" : `${shown}\n`;
}
