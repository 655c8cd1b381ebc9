/** Questions of one conversation are answered one after the other, so that each sees the answers before it. */
export function createTurnQueue(): { begin(id: string | undefined): Promise<() => void> } {
  const last = new Map<string, Promise<void>>();
  return {
    async begin(id) {
      if (id === undefined) return () => undefined;
      const before = last.get(id);
      const { promise, resolve } = Promise.withResolvers<void>();
      last.set(id, promise);
      await before;
      return () => {
        if (last.get(id) === promise) last.delete(id);
        resolve();
      };
    },
  };
}
