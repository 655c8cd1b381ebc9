import { untilAborted } from "../../src/domain/until-aborted.ts";
import { CitewellError, errorMessage, isCitewellError, systemErrorCode } from "../../src/errors.ts";
import { type FetchOutcome, outcomeOf, redirectTarget, type Validators } from "./fetch-outcome.ts";
import { inHostTurn } from "./host-turns.ts";
import { type ResolveHost, resolveBySystem, resolvePublicly } from "./public-address.ts";
import { type PageReply, requestPage } from "./request-page.ts";
import { MAX_ROBOTS_BYTES, NO_ROBOTS_RULES, parseRobots, ROBOT_NAME, type RobotsRules } from "./robots-rules.ts";

/** Options for fetching pages. */
export interface WebOptions {
  /**
   * Whether addresses may be fetched that are not of the public Internet: of this machine, a private network, a cloud's
   * metadata service.
   * @default false
   */
  readonly allowPrivateAddresses?: boolean | undefined;
  /**
   * How many pages one ingestion fetches from a root at most.
   * @default 500
   */
  readonly maxPages?: number | undefined;
  /**
   * Pause between two requests to a host, in milliseconds; a longer `Crawl-delay` in its `robots.txt` counts instead.
   * @default 500
   */
  readonly delayMs?: number | undefined;
  /**
   * Time limit for a whole reply, in milliseconds.
   * @default 30_000
   */
  readonly timeoutMs?: number | undefined;
  /**
   * The `User-Agent` of requests.
   * @default "citewell"
   */
  readonly userAgent?: string | undefined;
  /** Looks up the addresses of a host name. Default: as the system does it. */
  readonly resolveHost?: ResolveHost | undefined;
  /** Sends one request to a checked address. Default: over the network. */
  readonly sendRequest?: typeof requestPage | undefined;
}

/** Options of {@link WebFetcher.fetch}. */
export interface FetchOptions {
  /** Largest page in bytes. */
  readonly maxBytes: number;
  readonly signal?: AbortSignal;
  /** What is known of a page from its last visit. */
  readonly validatorsOf?: (url: URL) => Validators | null;
  /** Why a redirect must not be followed to an address; null where it may. */
  readonly refuses?: (url: URL) => string | null;
}

/** Fetches pages politely, and none that must not be fetched. */
export interface WebFetcher {
  /**
   * Fetches a page; follows up to five redirects and checks each one.
   *
   * @throws CitewellError `address_refused` for an address that is not public, also at the end of a redirect.
   */
  fetch(url: URL, options: FetchOptions): Promise<FetchOutcome>;
}

/** Pages that are fetched from a root unless a setting says otherwise. */
export const DEFAULT_MAX_PAGES = 500;

const MOST_REDIRECTS = 5;
const ACCEPTED = "text/html,application/xhtml+xml,text/markdown,text/plain;q=0.9,*/*;q=0.5";

/** Makes a fetcher that remembers the rules of the sites it has met. */
export function createWebFetcher({ delayMs = 500, ...options }: WebOptions = {}): WebFetcher {
  const send = createSender(options);
  const rulesOf = createRulesReader(send, delayMs);

  const visit = async (url: URL, request: FetchOptions): Promise<FetchOutcome | URL> => {
    const rules = await rulesOf(url, request.signal);
    if (!rules.allows(url)) return { kind: "withheld", reason: "the site's robots.txt does not allow it" };
    const validators = request.validatorsOf?.(url) ?? null;
    const headers = {
      ...(typeof validators?.etag === "string" && { "if-none-match": validators.etag }),
      ...(typeof validators?.lastModified === "string" && { "if-modified-since": validators.lastModified }),
    };
    const pauseMs = Math.max(delayMs, rules.delayMs);
    const reply = await send(url, { ...request, headers, pauseMs });
    const target = redirectTarget(url, { status: reply.status, location: reply.headers.location });
    if (typeof target === "string") return { kind: "withheld", reason: target };
    if (target !== null) return target;
    return outcomeOf(reply, { url, maxBytes: request.maxBytes });
  };

  return {
    async fetch(start, request) {
      let url = start;
      try {
        for (let hop = 0; hop <= MOST_REDIRECTS; hop += 1) {
          const refusal = hop === 0 ? null : (request.refuses?.(url) ?? null);
          if (refusal !== null) return { kind: "withheld", reason: refusal };
          const outcome = await visit(url, request);
          if (!(outcome instanceof URL)) return outcome;
          url = outcome;
        }
        return { kind: "withheld", reason: `more than ${MOST_REDIRECTS} redirects, the last one to ${url.href}` };
      } catch (error) {
        if (error instanceof Unreachable) return { kind: "failed", reason: error.message };
        if (!isCitewellError(error, "address_refused") || url === start) throw error;
        throw new CitewellError("address_refused", `${start.href} redirects: ${error.message}`, {
          cause: error,
          problems: error.problems,
        });
      }
    },
  };
}

/** Sends one request, in its host's turn and within the time limit. */
type Send = (
  url: URL,
  options: { readonly headers?: Readonly<Record<string, string>>; readonly pauseMs: number } & Pick<
    FetchOptions,
    "maxBytes" | "signal"
  >,
) => Promise<PageReply>;

function createSender({
  allowPrivateAddresses = false,
  timeoutMs = 30_000,
  userAgent = ROBOT_NAME,
  resolveHost = resolveBySystem,
  sendRequest = requestPage,
}: WebOptions): Send {
  return async (url, { headers = {}, pauseMs, maxBytes, signal: outer = new AbortController().signal }) =>
    await inHostTurn(url.host, { pauseMs, signal: outer }, async () => {
      const timeout = AbortSignal.timeout(timeoutMs);
      const signal = AbortSignal.any([outer, timeout]);
      try {
        const resolving = resolvePublicly(url, { allowPrivateAddresses, resolveHost });
        const addresses = await untilAborted(resolving, signal);
        const all = { accept: ACCEPTED, "user-agent": userAgent, ...headers };
        return await sendRequest(url, { addresses, headers: all, maxBytes, signal });
      } catch (error) {
        outer.throwIfAborted();
        if (isCitewellError(error, "address_refused")) throw error;
        if (isCitewellError(error)) throw new Unreachable(error.message, { cause: error });
        const seconds = (timeoutMs / 1_000).toLocaleString("en");
        const reason = timeout.aborted ? `no whole reply within ${seconds} seconds` : describeFailure(error);
        throw new Unreachable(reason, { cause: error });
      }
    });
}

/** Makes the function that gives the rules of an address's site, which it asks for once. */
function createRulesReader(send: Send, pauseMs: number): (url: URL, signal?: AbortSignal) => Promise<RobotsRules> {
  const known = new Map<string, Promise<RobotsRules>>();
  return async ({ origin }, signal) => {
    const rules = known.get(origin) ?? readRules(origin, { send, pauseMs, signal });
    known.set(origin, rules);
    try {
      return await rules;
    } catch (error) {
      known.delete(origin);
      throw error;
    }
  };
}

async function readRules(
  origin: string,
  {
    send,
    pauseMs,
    signal,
  }: { readonly send: Send; readonly pauseMs: number; readonly signal: AbortSignal | undefined },
): Promise<RobotsRules> {
  let url = new URL("/robots.txt", origin);
  for (let hop = 0; hop <= MOST_REDIRECTS; hop += 1) {
    const { status, headers, body } = await send(url, { pauseMs, maxBytes: MAX_ROBOTS_BYTES, signal });
    if (status === 200) {
      if (body !== null) return parseRobots(origin, body);
      throw new Unreachable(`its robots.txt has more than ${MAX_ROBOTS_BYTES.toLocaleString("en")} bytes`);
    }
    const target = redirectTarget(url, { status, location: headers.location });
    // If the rules cannot be read now, they may forbid everything; if there are none, they forbid nothing.
    if (status >= 500 || status === 429) throw new Unreachable(`its robots.txt cannot be read now: HTTP ${status}`);
    if (target === null || typeof target === "string") return NO_ROBOTS_RULES;
    url = target;
  }
  return NO_ROBOTS_RULES;
}

/** Thrown with the reason why a server could not be asked. */
class Unreachable extends Error {}

function describeFailure(error: unknown): string {
  switch (systemErrorCode(error)) {
    case "ECONNREFUSED":
      return "nothing listens at this address";
    case "ECONNRESET":
      return "the server broke the connection off";
    case "ENETUNREACH":
    case "EHOSTUNREACH":
      return "the host is out of reach";
    default:
      return errorMessage(error);
  }
}
