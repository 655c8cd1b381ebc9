import { QdrantClient } from "@qdrant/js-client-rest";
import { shownAddress } from "../../domain/shown-address.ts";
import { CitewellError } from "../../errors.ts";
import type { QdrantNode } from "./requests.ts";

/** Options of {@link connectQdrant}. */
export interface QdrantConnectionOptions {
  readonly apiKey?: string | undefined;
  readonly timeoutMs: number;
  readonly compress: boolean;
}

/** A client for one node. Rejects an address or a key that cannot be used with `config_invalid`; sends nothing yet. */
export function connectQdrant(url: string, { apiKey, timeoutMs, compress }: QdrantConnectionOptions): QdrantNode {
  const address = parseAddress(url);
  if (apiKey !== undefined && !/^[\x21-\x7e]+$/.test(apiKey)) {
    throw new CitewellError(
      "config_invalid",
      "The Qdrant API key has characters that no HTTP header can carry (a space, a line end, an accent); set QDRANT_API_KEY to the bare key.",
    );
  }
  const { protocol, hostname, port, prefix } = address;
  const client = new QdrantClient({
    url: `${protocol}//${hostname}:${port}`,
    port,
    ...(prefix !== "" && { prefix }),
    timeout: timeoutMs,
    // The client's own check is a request that nobody waits for; ping() compares versions.
    checkCompatibility: false,
    headers: {
      // Otherwise the server answers in compressed pieces, the last of which waits for a delayed acknowledgement: 44 ms
      // instead of 3 on loopback, for every reply with payload.
      ...(!compress && { "accept-encoding": "identity" }),
      // As a header, since the client's own option prints a warning where the address is http.
      ...(apiKey !== undefined && { "api-key": apiKey }),
    },
  });
  return { client, location: `${protocol}//${hostname}:${port}${prefix}` };
}

/** Uses a client that the caller made; its address is read only for messages. */
export function adoptQdrantClient(client: QdrantClient): QdrantNode {
  const address: unknown = Reflect.get(client, "_restUri");
  return { client, location: typeof address === "string" ? address : "the given client's address" };
}

interface Address {
  readonly protocol: string;
  readonly hostname: string;
  readonly port: number;
  readonly prefix: string;
}

function parseAddress(url: string): Address {
  const parsed = URL.canParse(url) ? new URL(url) : null;
  if (parsed === null || !["http:", "https:"].includes(parsed.protocol)) {
    throw new CitewellError(
      "config_invalid",
      `"${shownAddress(url).slice(0, 200)}" is no address of a Qdrant server; give one such as http://localhost:6333.`,
    );
  }
  if (parsed.username !== "" || parsed.password !== "") {
    throw new CitewellError(
      "config_invalid",
      `The address of Qdrant at ${parsed.host} carries a user or password, which Qdrant does not know; leave it out and set QDRANT_API_KEY.`,
    );
  }
  const { protocol, hostname } = parsed;
  return { protocol, hostname, port: portOf(parsed, url), prefix: parsed.pathname.replace(/\/+$/, "") };
}

/** https without a port means 443, as with a proxy or the cloud; http without one means Qdrant's 6333. */
function portOf({ protocol, port }: URL, url: string): number {
  if (port !== "") return Number(port);
  if (protocol === "https:") return 443;
  // A parsed URL drops the port 80, which is the default of http, so the text is looked at.
  return /^http:\/\/[^/?#]*:80(?![0-9])/i.test(url.trim()) ? 80 : 6333;
}
