import type { MiddlewareHandler } from "hono";
import { isLoopbackHost } from "../domain/loopback-host.ts";
import { CitewellError } from "../errors.ts";
import { refuse } from "./error-response.ts";
import type { ServerEnv } from "./server-env.ts";

/** Where the server is to listen, and who may use it. */
export interface Exposure {
  /** Host name or address to bind to. */
  readonly host: string;
  /** Keys that clients must send; none means that anybody who reaches the port is let in. */
  readonly apiKeys: readonly string[];
}

/** Throws `config_invalid` for an address that others can reach when there are no API keys. */
export function checkExposure({ host, apiKeys }: Exposure): void {
  if (isLoopbackHost(host) || apiKeys.length > 0) return;
  throw new CitewellError(
    "config_invalid",
    `Listening on ${host} lets others in, and no API keys are set: set CITEWELL_API_KEYS to one or more keys ` +
      "(comma-separated), or listen on 127.0.0.1.",
  );
}

/**
 * Refuses requests whose `Host` or `Origin` is not this machine. Without API keys the loopback address is the only
 * protection, and a foreign page could get around it by letting its own name resolve to 127.0.0.1. Pages of other programs
 * on this machine may not send forms, which browsers do not ask us about: one could upload documents.
 */
export function createHostGuard(): MiddlewareHandler<ServerEnv> {
  return async (c, next) => {
    const host = URL.parse(`http://${c.req.header("host") ?? new URL(c.req.url).host}`);
    const originHeader = c.req.header("origin");
    const origin = URL.parse(originHeader ?? "");
    const isForm = c.req.method === "POST" && !JSON_TYPE.test(c.req.header("content-type") ?? "");
    const isOwn = origin?.host === host?.host || (!isForm && isLoopbackHost(origin?.hostname ?? ""));
    const refused =
      host === null || !isLoopbackHost(host.hostname)
        ? `the host name "${c.req.header("host") ?? ""}"`
        : originHeader !== undefined && !isOwn
          ? `a page of the origin ${originHeader}`
          : null;
    if (refused === null) return next();
    return refuse(
      c,
      "origin_refused",
      `Requests for ${refused} are refused: without API keys the server answers programs of this machine and its own page only. Use http://127.0.0.1, or set CITEWELL_API_KEYS.`,
    );
  };
}

/** No form can send this type. */
const JSON_TYPE = /^application\/json\b/i;
