import type { IncomingMessage, Server, ServerResponse } from "node:http";

/** Milliseconds until the first sign of life is asked for; each further one takes twice as long. */
const FIRST_PROBE_MS = 100;
const LONGEST_PAUSE_MS = 5_000;

/**
 * Lets a client have its reply that closed its sending side behind its request, as `nc -N` and some proxies do. By itself
 * Node drops such a connection; whoever calls this calls {@link probeHalfClosed} for each request.
 */
export function allowHalfClosed(server: Server): void {
  // A property of Node's server that its types leave out.
  Object.assign(server, { httpAllowHalfOpen: true });
}

/**
 * Finds out whether a client that closed its sending side is gone: both look alike here, but who is gone refuses what is
 * written, and the connection breaks. So something without a meaning is written now and then, before the reply an interim
 * status and within a stream of events a comment. HTTP/1.0 has no interim status; such a client is found gone by its reply.
 *
 * @param isEventStream tells whether the reply that has begun is a stream of events.
 */
export function probeHalfClosed(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  isEventStream: () => boolean,
): void {
  const { socket } = incoming;
  let timer: NodeJS.Timeout | undefined;
  const probeAfter = (ms: number): void => {
    timer = setTimeout(() => {
      if (outgoing.writableEnded || outgoing.destroyed) return;
      if (!outgoing.headersSent && incoming.httpVersion === "1.1") outgoing.writeProcessing();
      else if (outgoing.headersSent && isEventStream()) outgoing.write(": still there?\n\n");
      probeAfter(Math.min(2 * ms, LONGEST_PAUSE_MS));
    }, ms);
    timer.unref();
  };
  const begin = (): void => probeAfter(FIRST_PROBE_MS);
  if (socket.readableEnded) begin();
  else socket.once("end", begin);
  outgoing.once("close", () => {
    clearTimeout(timer);
    socket.off("end", begin);
  });
}
