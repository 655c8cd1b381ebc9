/** A piece of code from a message. */
export interface CodeBlock {
  /** Lower-case name behind the opening fence (`python`, `c++`); empty where there is none. */
  readonly language: string;
  readonly code: string;
}

/** What running blocks gave. */
export interface CodeResult {
  /** 0 when every block ran to its end. */
  readonly exitCode: number;
  /** What the blocks printed, or why they did not run. */
  readonly output: string;
}

/** Runs code blocks one after the other; stops at the first that fails. */
export interface CodeExecutor {
  execute(
    blocks: readonly CodeBlock[],
    options?: {
      readonly signal?: AbortSignal;
      /** Seconds for all blocks together. */
      readonly timeoutSeconds?: number;
    },
  ): Promise<CodeResult>;
}
