import { unescape } from "node:querystring";

/** What OpenAI's client is told of an endpoint: also what it would otherwise read from environment variables of its own. */
export interface EndpointAccess {
  readonly baseURL: string;
  readonly apiKey: string;
  readonly adminAPIKey: null;
  readonly organization: null;
  readonly project: null;
  readonly logLevel: "off";
  /** Null keeps a header from being sent. */
  readonly defaultHeaders: Record<string, string | null>;
}

/**
 * How an endpoint is reached: with its key, or with user and password of its address, which `fetch` refuses and which
 * become a header, or with neither, as local servers like it.
 */
export function endpointAccess(
  baseUrl: string,
  { apiKey, headers }: { apiKey?: string | undefined; headers?: Readonly<Record<string, string>> | undefined },
): EndpointAccess {
  const { address, authorization } = splitCredentials(baseUrl);
  return {
    baseURL: address,
    // The client insists on a key.
    apiKey: apiKey ?? "none",
    adminAPIKey: null,
    organization: null,
    project: null,
    logLevel: "off",
    defaultHeaders: { ...(apiKey === undefined ? { Authorization: authorization } : {}), ...headers },
  };
}

function splitCredentials(baseUrl: string): { address: string; authorization: string | null } {
  const url = URL.canParse(baseUrl) ? new URL(baseUrl) : null;
  if (url === null || (url.username === "" && url.password === "")) return { address: baseUrl, authorization: null };
  const credentials = `${unescape(url.username)}:${unescape(url.password)}`;
  url.username = "";
  url.password = "";
  return { address: url.href, authorization: `Basic ${Buffer.from(credentials).toString("base64")}` };
}
