/** Asks a person. */
export interface HumanInput {
  /**
   * True where replies come later than a chat can wait: the chat is then put aside with the prompt, instead of asking.
   * @default false
   */
  readonly deferred?: boolean;
  /** What the person typed, without the line end; empty when they only confirmed. */
  ask(prompt: string, options?: { readonly signal?: AbortSignal }): Promise<string>;
}
