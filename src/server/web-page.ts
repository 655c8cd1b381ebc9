import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import { getMimeType } from "hono/utils/mime";
import { DEFAULT_COLLECTION } from "../domain/collection.ts";
import { escapeHtml } from "../domain/escape-html.ts";
import { CitewellError, systemErrorCode } from "../errors.ts";
import { refuse } from "./error-response.ts";
import { plainPage } from "./plain-page.ts";
import type { ServerApp } from "./route-context.ts";

/** Files that become much smaller by packing. */
const PACKED_TYPES = /^text\/|json|svg/;
/** An `Accept-Encoding` that allows gzip. */
const GZIP = /\bgzip\b(?!\s*;\s*q=0(?:\.0*)?\s*(?:,|$))/;

const PAGE_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

/** The folder that the built page is in: `dist/web`, seen from the sources as well as from the package. */
export function defaultWebFolder(): string {
  const candidates = ["../../dist/web", "../../web"].map((path) => fileURLToPath(new URL(path, import.meta.url)));
  return candidates.find((folder) => existsSync(join(folder, "index.html"))) ?? candidates[0] ?? "dist/web";
}

const squeeze = promisify(gzip);

/** Makes the function that gives a file's bytes packed, each file being packed once. */
function createPacker(): (name: string, bytes: Uint8Array<ArrayBuffer>) => Promise<Uint8Array<ArrayBuffer>> {
  const packed = new Map<string, Promise<Uint8Array<ArrayBuffer>>>();
  return (name, bytes) => {
    const known = packed.get(name) ?? squeeze(bytes).then((made) => new Uint8Array(made));
    packed.set(name, known);
    return known;
  };
}

/** Options of {@link addWebPage}. */
export interface WebPageOptions {
  /** The folder that `npm run build:web` makes. */
  readonly folder: string;
  /** The collection that the page opens where its address names none. */
  readonly collection: string;
}

/** Adds the web page and its files. */
export function addWebPage(app: ServerApp, { folder, collection }: WebPageOptions): void {
  const pack = createPacker();
  app.get("/", async (c) => {
    // The page itself is the same file for every server, so its address tells which collection to open.
    if (collection !== DEFAULT_COLLECTION && c.req.query("collection") === undefined) {
      const asked = new URL(c.req.url).searchParams;
      asked.set("collection", collection);
      return c.redirect(`?${asked.toString()}`);
    }
    const page = await readIfThere(join(folder, "index.html"));
    const headers = { "Cache-Control": "no-cache", "Content-Type": "text/html; charset=utf-8" };
    if (page !== null) return c.body(page, 200, { ...headers, "Content-Security-Policy": PAGE_POLICY });
    const { html, policy } = notBuiltPage(folder);
    return c.body(html, 200, { ...headers, "Content-Security-Policy": policy });
  });

  app.get("/assets/:name", async (c) => {
    const name = c.req.param("name");
    const bytes = /^[\w.-]+$/.test(name) ? await readIfThere(join(folder, "assets", name)) : null;
    if (bytes === null) {
      const detail = `There is no file ${name} in the web page; reload the page to get the newest build.`;
      return refuse(c, "route_missing", detail);
    }
    const mediaType = getMimeType(name) ?? "application/octet-stream";
    // Nothing in these files is secret, so that packing them gives nothing away.
    const isPacked = PACKED_TYPES.test(mediaType) && GZIP.test(c.req.header("accept-encoding") ?? "");
    return c.body(isPacked ? await pack(name, bytes) : bytes, 200, {
      ...(isPacked ? { "Content-Encoding": "gzip" } : {}),
      Vary: "Accept-Encoding",
      // The names carry a hash of the content.
      "Cache-Control": "public, max-age=31536000, immutable",
      "Content-Type": mediaType,
    });
  });
}

async function readIfThere(path: string): Promise<Uint8Array<ArrayBuffer> | null> {
  try {
    return new Uint8Array(await readFile(path));
  } catch (cause) {
    const code = systemErrorCode(cause);
    if (code === "ENOENT" || code === "EISDIR" || code === "ENOTDIR") return null;
    throw new CitewellError("file_unreadable", `The web page's file ${path} cannot be read; check its permissions.`, {
      cause,
    });
  }
}

function notBuiltPage(folder: string): { readonly html: string; readonly policy: string } {
  return plainPage({
    title: "citewell",
    body: `<h1>The web page is not built</h1>
<p>The server works, but there is no page in <code>${escapeHtml(folder)}</code>. Run <code>npm run build:web</code> and reload.</p>
<p>Until then: <a href="docs">the HTTP interface</a>, <a href="openapi.json">its OpenAPI document</a>.</p>`,
  });
}
