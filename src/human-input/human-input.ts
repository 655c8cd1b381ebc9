/** Asks a person. */
export interface HumanInput {
  /** What the person typed, without the line end; empty when they only confirmed. */
  ask(prompt: string, options?: { readonly signal?: AbortSignal }): Promise<string>;
}
