import { createServer, type IncomingHttpHeaders, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";

/** What a made-up site answers with: a page, or a function that writes the reply. */
export type SitePage = string | SiteReply | ((response: ServerResponse, headers: IncomingHttpHeaders) => void);

/** A reply with more than a text. */
export interface SiteReply {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

/** A site on this machine. */
export interface Site {
  /** Such as `http://127.0.0.1:40123`. */
  readonly origin: string;
  readonly port: number;
  /** Pages by path with query; a test may change them. Others are answered with 404. */
  readonly pages: Map<string, SitePage>;
  /** Paths that were asked for, without `/robots.txt`. */
  readonly asked: string[];
  /** Headers of the last request for a path. */
  readonly headersOf: (path: string) => IncomingHttpHeaders;
  close(): Promise<void>;
}

/** Serves a site until the test ends. */
export async function openSite(pages: Readonly<Record<string, SitePage>> = {}): Promise<Site> {
  const byPath = new Map(Object.entries(pages));
  const asked: string[] = [];
  const headers = new Map<string, IncomingHttpHeaders>();
  const server = createServer((request, response) => {
    const path = request.url ?? "";
    headers.set(path, request.headers);
    if (path !== "/robots.txt") asked.push(path);
    reply(byPath.get(path) ?? { status: 404, body: "no such page" }, { response, headers: request.headers });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = addressOf(server.address());
  const close = async (): Promise<void> => {
    server.closeAllConnections();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  };
  onTestFinished(close);
  const headersOf = (path: string): IncomingHttpHeaders => headers.get(path) ?? {};
  return { origin: `http://127.0.0.1:${port}`, port, pages: byPath, asked, headersOf, close };
}

/** A page of HTML with links. */
export function page(text: string, ...links: readonly string[]): string {
  const list = links.map((link) => `<p><a href="${link}">to ${link}</a></p>`).join("");
  return `<!doctype html><html><head><title>${text}</title></head><body><h1>${text}</h1><p>About ${text}.</p>${list}</body></html>`;
}

/** A page that knows its version. */
export function tagged(text: string, etag: string): SitePage {
  return (response, headers) => {
    const isKnown = headers["if-none-match"] === etag;
    response.writeHead(isKnown ? 304 : 200, { "content-type": "text/html", etag });
    response.end(isKnown ? undefined : text);
  };
}

function reply(
  answer: SitePage,
  { response, headers }: { readonly response: ServerResponse; readonly headers: IncomingHttpHeaders },
): void {
  if (typeof answer === "function") return answer(response, headers);
  const { status = 200, headers: own = {}, body = "" } = typeof answer === "string" ? { body: answer } : answer;
  response.writeHead(status, { "content-type": "text/html; charset=utf-8", ...own });
  response.end(body);
}

function addressOf(address: AddressInfo | string | null): AddressInfo {
  if (address === null || typeof address === "string") throw new Error("The server has no port.");
  return address;
}
