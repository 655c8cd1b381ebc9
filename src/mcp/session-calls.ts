import { randomUUID } from "node:crypto";
import type { RequestId } from "@modelcontextprotocol/server";

/** The header by which a client names its session. */
const SESSION_HEADER = "mcp-session-id";
/** The header of every message but the first, since the protocol's version of 2025-06-18. */
const VERSION_HEADER = "mcp-protocol-version";

/** The calls of one session that are being worked on. */
export interface SessionCalls {
  /** Keeps how to stop a call; the result forgets it. */
  begin(id: RequestId, stop: () => void): () => void;
  /** Stops a call; one that has ended, or is not of this session, is no reason to fail. */
  cancel(id: RequestId): void;
}

/** The calls of all sessions over HTTP. */
export interface HttpSessions {
  /** The calls of the session that a message belongs to; undefined for those of clients without one. */
  callsOf(message: Request): SessionCalls | undefined;
  /** The reply to a message, with a new session for a client that may need one. */
  nameSession(message: Request, reply: Response): Response;
}

/**
 * Finds the call that a message `notifications/cancelled` means. Over HTTP it comes in a `POST` of its own, and numbers of
 * requests are only unique within a client, so each is given a name that nobody can guess. Nothing else is kept of a
 * session: an unknown name is as good as a known one, before and after a restart, and none expires.
 */
export function createHttpSessions(): HttpSessions {
  const stops = new Map<string, () => void>();
  return {
    callsOf(message) {
      const session = message.headers.get(SESSION_HEADER);
      if (session === null) return undefined;
      const keyOf = (id: RequestId): string => JSON.stringify([session, id]);
      return {
        begin(id, stop) {
          const key = keyOf(id);
          stops.set(key, stop);
          return () => {
            // A client that repeats a request may have begun it anew meanwhile.
            if (stops.get(key) === stop) stops.delete(key);
          };
        },
        cancel: (id) => stops.get(keyOf(id))?.(),
      };
    },
    nameSession(message, reply) {
      const isFirst = !message.headers.has(SESSION_HEADER) && !message.headers.has(VERSION_HEADER);
      if (!isFirst || message.method !== "POST" || reply.status !== 200) return reply;
      const named = new Response(reply.body, reply);
      named.headers.set(SESSION_HEADER, randomUUID());
      return named;
    },
  };
}
