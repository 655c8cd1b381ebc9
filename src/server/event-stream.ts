/** One server-sent event, already worded. */
export interface ServerSentEvent {
  /** Name of the event; without it the client sees `message`. */
  readonly event?: string;
  /** Text on one line, such as JSON. */
  readonly data: string;
}

/** Options of {@link createEventStream}. */
export interface EventStreamOptions {
  /** The event that tells of a failure; null ends the stream without one. */
  readonly onError: (error: unknown) => ServerSentEvent | null;
  /** Called when the client closes the connection. */
  readonly onCancel: () => void;
  /**
   * Milliseconds between two comments that keep proxies from closing a quiet connection.
   * @default 15000
   */
  readonly heartbeatMs?: number;
  /**
   * Whether each event has an `id`, counted from 1.
   * @default true
   */
  readonly numbered?: boolean | undefined;
}

/** `Content-Encoding` of streams: Caddy 2.6, which Debian has, packs them in spite of `no-transform`, and so holds them back. */
export const UNPACKED = "identity";

/** Headers of a stream of events. */
export const EVENT_STREAM_HEADERS: Readonly<Record<string, string>> = {
  "Content-Type": "text/event-stream; charset=utf-8",
  "Cache-Control": "no-cache, no-transform",
  // nginx would hold the events back otherwise.
  "X-Accel-Buffering": "no",
  "Content-Encoding": UNPACKED,
};

/** Whether a reply is a stream of events, which takes comments at any time. */
export function isEventStream({ headers }: Response): boolean {
  return /^text\/event-stream\b/i.test(headers.get("content-type") ?? "");
}

/** The bytes of a stream of events. They are pulled: a client that reads slowly slows the producer down. */
export function createEventStream(
  events: AsyncGenerator<ServerSentEvent, unknown>,
  { onError, onCancel, heartbeatMs = 15_000, numbered = true }: EventStreamOptions,
): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  let heartbeat: NodeJS.Timeout | undefined;
  let cancelled = false;
  let lastId = 0;
  const frame = (event: ServerSentEvent): Uint8Array => {
    lastId += 1;
    return encoder.encode(frameOf(event, numbered ? lastId : undefined));
  };
  const nextFrame = async (): Promise<{ readonly bytes: Uint8Array | null; readonly last: boolean }> => {
    try {
      const step = await events.next();
      return step.done === true ? { bytes: null, last: true } : { bytes: frame(step.value), last: false };
    } catch (error) {
      const event = cancelled ? null : onError(error);
      return { bytes: event === null ? null : frame(event), last: true };
    }
  };
  return new ReadableStream<Uint8Array>({
    start(controller) {
      heartbeat = setInterval(() => {
        if ((controller.desiredSize ?? 0) > 0) controller.enqueue(encoder.encode(": still working\n\n"));
      }, heartbeatMs);
      heartbeat.unref();
    },
    async pull(controller) {
      const { bytes, last } = await nextFrame();
      if (cancelled) return;
      if (bytes !== null) controller.enqueue(bytes);
      if (!last) return;
      clearInterval(heartbeat);
      controller.close();
    },
    async cancel() {
      cancelled = true;
      clearInterval(heartbeat);
      onCancel();
      // Aborting makes the generator's pending step reject; that is what was wanted here.
      await events.return(undefined).catch(() => undefined);
    },
  });
}

/** Milliseconds that the first event is waited for before the headers are sent anyway. */
const FIRST_EVENT_PATIENCE_MS = 5_000;

/**
 * Waits for the first event, so that a failure before it can still become an HTTP status, and gives back the events
 * with the first one in front again. A slow first event is not waited for longer than five seconds.
 */
export async function withFirstEvent<Event>(
  events: AsyncGenerator<Event, unknown>,
): Promise<AsyncGenerator<Event, unknown>> {
  const first = events.next();
  // Whoever reads the events gets this rejection; until then it must not count as unhandled.
  first.catch(() => undefined);
  const { promise: patience, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, FIRST_EVENT_PATIENCE_MS);
  try {
    await Promise.race([first, patience]);
  } finally {
    clearTimeout(timer);
  }
  return (async function* () {
    try {
      const step = await first;
      if (step.done === true) return step.value;
      yield step.value;
      return yield* events;
    } finally {
      await events.return(undefined);
    }
  })();
}

function frameOf({ event, data }: ServerSentEvent, id: number | undefined): string {
  const lines = [event === undefined ? [] : `event: ${event}`, id === undefined ? [] : `id: ${id}`, `data: ${data}`];
  return `${lines.flat().join("\n")}\n\n`;
}
