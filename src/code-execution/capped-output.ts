/** Collects text up to a limit: its beginning and its end, because errors stand at the end. */
export interface CappedOutput {
  append(text: string): void;
  /** What was kept, with a note of what was left out. */
  text(): string;
}

/** An empty {@link CappedOutput} for so many characters; it never holds much more than these. */
export function createCappedOutput(limit: number): CappedOutput {
  const headLimit = Math.ceil(limit / 2);
  const tailLimit = limit - headLimit;
  let head = "";
  let tail = "";
  let dropped = 0;
  const cutTail = (): void => {
    if (tail.length <= tailLimit) return;
    dropped += tail.length - tailLimit;
    tail = tail.slice(tail.length - tailLimit);
  };
  return {
    append(text) {
      const room = headLimit - head.length;
      head += text.slice(0, room);
      if (text.length <= room) return;
      tail += text.slice(Math.max(0, room));
      // Cut now and then only: cutting at every write would copy the tail each time.
      if (tail.length > 2 * tailLimit + 4_096) cutTail();
    },
    text() {
      cutTail();
      if (dropped === 0) return head + tail;
      return `${head}\n[${String(dropped)} characters of output left out]\n${tail}`;
    },
  };
}
