/** Counts the tokens of what goes into a language model's prompt. */
export interface TokenCounter {
  /** Name of the encoding, such as `o200k_base`. */
  readonly encoding: string;
  count(text: string): number;
}
