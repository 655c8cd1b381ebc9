import type { Context } from "hono";
import { anySignal } from "../domain/any-signal.ts";

/** What the process that serves the app hands to each request. */
export interface ServerBindings {
  /** Aborts when the server gives up waiting for running work. */
  readonly shutdown?: AbortSignal;
  /** Registers work that outlives its request, so that closing can wait for it. */
  readonly waitUntil?: (work: Promise<unknown>) => void;
}

/** Hono's environment of the app. */
export interface ServerEnv {
  readonly Bindings: ServerBindings;
  readonly Variables: { readonly requestId: string };
}

/** The signal that stops a request's work: its connection closed, or the server shutting down. */
export function workSignal(c: Context<ServerEnv>): AbortSignal {
  return anySignal(c.req.raw.signal, shutdownSignal(c));
}

/** The signal of the server shutting down; undefined where nobody serves the app (tests). */
export function shutdownSignal(c: Context<ServerEnv>): AbortSignal | undefined {
  return bindings(c)?.shutdown;
}

/** Registers work that outlives its request. */
export function waitUntil(c: Context<ServerEnv>, work: Promise<unknown>): void {
  bindings(c)?.waitUntil?.(work);
}

// Hono leaves `env` undefined when `app.request` gets none.
function bindings(c: Context<ServerEnv>): ServerBindings | undefined {
  return c.env;
}
