/** A part that is opened when something first needs it. */
export interface LazyPart<Part> {
  get(): Promise<Part>;
  /** Closes the part if it was opened. */
  close(): Promise<void>;
}

/** Opens a part once; a failed opening is tried again by the next caller. */
export function lazyPart<Part extends object>(open: () => Promise<Part>): LazyPart<Part> {
  let opening: Promise<Part> | undefined;
  return {
    get() {
      opening ??= open().catch((error: unknown) => {
        opening = undefined;
        throw error;
      });
      return opening;
    },
    async close() {
      const part: { close?: () => Promise<void> } | undefined = await opening?.catch(() => undefined);
      await part?.close?.();
    },
  };
}
