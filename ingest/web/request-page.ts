import { type ClientRequest, type IncomingHttpHeaders, type IncomingMessage, request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";
import type { LookupFunction } from "node:net";
import type { Readable } from "node:stream";
import { createBrotliDecompress, createGunzip } from "node:zlib";
import type { HostAddress } from "./public-address.ts";
import { bareHost } from "./web-address.ts";

/** A server's reply to one request; a redirect is a reply like any other. */
export interface PageReply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** The decoded body; empty unless the status is 200 and the type is readable. Null if it is larger than allowed. */
  readonly body: Uint8Array | null;
}

/** Options of {@link requestPage}. */
export interface RequestPageOptions {
  /** Checked addresses. The connection goes to one of these, even if the name means another address by then. */
  readonly addresses: readonly HostAddress[];
  readonly headers: Readonly<Record<string, string>>;
  /** Largest body in bytes, after decompression. */
  readonly maxBytes: number;
  readonly signal: AbortSignal;
}

/** Sends one GET request and reads the reply. Rejects with errors of the network and of decompression. */
export async function requestPage(url: URL, options: RequestPageOptions): Promise<PageReply> {
  const { headers, signal } = options;
  const send = url.protocol === "https:" ? requestHttps : requestHttp;
  // Without an agent, each connection is used once, so that none outlives the check of its address, and no proxy
  // resolves the name again.
  const request = send(url, {
    agent: false,
    hostname: bareHost(url),
    headers: { ...headers, "accept-encoding": "gzip, br" },
    lookup: lookupAmong(options.addresses),
    signal,
  });
  try {
    const response = await responseOf(request);
    return await readReply(response, options);
  } finally {
    request.destroy();
  }
}

async function responseOf(request: ClientRequest): Promise<IncomingMessage> {
  return await new Promise((resolve, reject) => {
    request.once("response", resolve);
    // It stays for errors after the response has begun; reading the body reports those.
    request.on("error", reject);
    request.end();
  });
}

async function readReply(response: IncomingMessage, { maxBytes }: RequestPageOptions): Promise<PageReply> {
  const { statusCode: status = 0, headers } = response;
  if (status !== 200 || isUnreadableType(headers["content-type"])) return { status, headers, body: new Uint8Array() };
  if (Number(headers["content-length"] ?? 0) > maxBytes) return { status, headers, body: null };
  return { status, headers, body: await readBody(response, maxBytes) };
}

/** Whether a header `Content-Type` names pictures, sound, film or fonts, which are not worth their bytes. */
export function isUnreadableType(contentType = ""): boolean {
  return /^\s*(?:image\/(?!svg)|audio\/|video\/|font\/)/i.test(contentType);
}

/** Reads a decoded body up to the limit, so that a small reply cannot unpack to a huge one. */
async function readBody(response: IncomingMessage, maxBytes: number): Promise<Uint8Array | null> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const part of decode(response)) {
    if (!(part instanceof Uint8Array)) throw new TypeError("A body must be read as bytes.");
    bytes += part.length;
    if (bytes > maxBytes) return null;
    parts.push(part);
  }
  return Buffer.concat(parts);
}

function decode(response: IncomingMessage): Readable {
  const encoding = (response.headers["content-encoding"] ?? "").trim().toLowerCase();
  if (encoding === "" || encoding === "identity") return response;
  if (encoding !== "gzip" && encoding !== "x-gzip" && encoding !== "br") {
    throw new Error(`the reply is encoded as ${encoding}, which was not asked for`);
  }
  const decoder = encoding === "br" ? createBrotliDecompress() : createGunzip();
  response.on("error", (error) => decoder.destroy(error));
  return response.pipe(decoder);
}

function lookupAmong(addresses: readonly HostAddress[]): LookupFunction {
  return (_hostname, { all }, callback) => {
    const [first] = addresses;
    if (all === true) callback(null, [...addresses]);
    else if (first !== undefined) callback(null, first.address, first.family);
  };
}
