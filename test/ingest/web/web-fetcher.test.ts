import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { requestPage } from "../../../ingest/web/request-page.ts";
import { createWebFetcher, type FetchOptions, type WebOptions } from "../../../ingest/web/web-fetcher.ts";
import { openSite, page } from "./open-site.ts";

const open = (options: WebOptions = {}) => {
  const fetcher = createWebFetcher({ allowPrivateAddresses: true, delayMs: 0, ...options });
  return async (url: string, rest: Partial<FetchOptions> = {}) =>
    await fetcher.fetch(new URL(url), { maxBytes: 100_000, ...rest });
};
const PUBLIC = "93.184.215.14";

/** Lets names lead to a public address, and what is sent there arrive on this machine. */
const pretendPublic = (): Pick<WebOptions, "resolveHost" | "sendRequest"> => ({
  resolveHost: async () => [{ address: PUBLIC, family: 4 }],
  sendRequest: async (url, options) => {
    expect(options.addresses).toEqual([{ address: PUBLIC, family: 4 }]);
    return await requestPage(url, { ...options, addresses: [{ address: "127.0.0.1", family: 4 }] });
  },
});
const textOf = (outcome: object): string =>
  "bytes" in outcome && outcome.bytes instanceof Uint8Array ? Buffer.from(outcome.bytes).toString() : "";

describe("fetching a page", () => {
  it("gives the bytes with type and validators, and says who asks", async () => {
    const site = await openSite({ "/": { headers: { etag: '"1"', "last-modified": "Mon" }, body: "Text" } });
    const outcome = await open({ userAgent: "citewell/1.2.3" })(`${site.origin}/`);
    expect(outcome).toMatchObject({ kind: "page", etag: '"1"', lastModified: "Mon" });
    expect(textOf(outcome)).toBe("Text");
    expect(site.headersOf("/")["user-agent"]).toBe("citewell/1.2.3");
    expect(site.headersOf("/")).not.toHaveProperty("cookie");
  });

  it("sends the validators of the last visit and tells an unchanged page", async () => {
    const site = await openSite({ "/": { status: 304 } });
    const validatorsOf = () => ({ etag: '"1"', lastModified: "Mon" });
    expect(await open()(`${site.origin}/`, { validatorsOf })).toMatchObject({ kind: "unchanged" });
    expect(site.headersOf("/")).toMatchObject({ "if-none-match": '"1"', "if-modified-since": "Mon" });
  });

  it.each([
    ["gzip", gzipSync],
    ["br", brotliCompressSync],
  ])("unpacks %s", async (encoding, pack) => {
    const site = await openSite({ "/": { headers: { "content-encoding": encoding }, body: pack("packed text") } });
    expect(textOf(await open()(`${site.origin}/`))).toBe("packed text");
  });

  it.each([
    ["gzip", gzipSync],
    // The best packing would take four seconds.
    ["br", (body: Uint8Array) => brotliCompressSync(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } })],
  ])("stops unpacking a %s bomb at the size limit", async (encoding, pack) => {
    const body = pack(new Uint8Array(200_000_000));
    expect(body.length).toBeLessThan(500_000);
    const site = await openSite({ "/": { headers: { "content-encoding": encoding }, body } });
    const before = process.memoryUsage().arrayBuffers;
    expect(await open()(`${site.origin}/`, { maxBytes: 1_000_000 })).toMatchObject({
      kind: "unfit",
      reason: expect.stringContaining("1,000,000 bytes"),
    });
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(50_000_000);
  });

  it("refuses more bytes than are allowed, announced or not", async () => {
    const site = await openSite({
      "/announced": { headers: { "content-length": "101" }, body: "x".repeat(101) },
      "/flowing": (response) => {
        response.write("x".repeat(60));
        response.end("x".repeat(60));
      },
      "/fits": "x".repeat(100),
    });
    const fetch = open();
    expect(await fetch(`${site.origin}/announced`, { maxBytes: 100 })).toMatchObject({ kind: "unfit" });
    expect(await fetch(`${site.origin}/flowing`, { maxBytes: 100 })).toMatchObject({ kind: "unfit" });
    expect(await fetch(`${site.origin}/fits`, { maxBytes: 100 })).toMatchObject({ kind: "page" });
  });

  it("fails on a reply that breaks off, is packed wrongly, or in a way that was not asked for", async () => {
    const site = await openSite({
      "/short": (response) => {
        response.writeHead(200, { "content-length": "100" });
        response.write("half");
        setImmediate(() => response.destroy());
      },
      "/broken": { headers: { "content-encoding": "gzip" }, body: gzipSync("packed text").subarray(0, 15) },
      "/odd": { headers: { "content-encoding": "compress" }, body: "text" },
    });
    const fetch = open();
    for (const path of ["/short", "/broken", "/odd"]) {
      expect(await fetch(site.origin + path), path).toMatchObject({ kind: "failed" });
    }
  });

  it("gives up on a server that is silent, or that dribbles", async () => {
    const timers: NodeJS.Timeout[] = [];
    const site = await openSite({
      "/robots.txt": "",
      "/silent": () => undefined,
      "/dribbling": (response) => {
        response.writeHead(200);
        timers.push(setInterval(() => response.write("x"), 20));
        response.on("close", () => timers.forEach(clearInterval));
      },
    });
    const fetch = open({ timeoutMs: 300 });
    for (const path of ["/silent", "/dribbling"]) {
      expect(await fetch(site.origin + path), path).toMatchObject({
        kind: "failed",
        reason: "no whole reply within 0.3 seconds",
      });
    }
  });

  it("ends with the signal's reason when it is aborted", async () => {
    const controller = new AbortController();
    const reason = new Error("enough");
    const site = await openSite({ "/": () => controller.abort(reason) });
    await expect(open()(`${site.origin}/`, { signal: controller.signal })).rejects.toBe(reason);
  });

  it.each([
    [404, "gone"],
    [410, "gone"],
    [401, "withheld"],
    [403, "withheld"],
    [429, "failed"],
    [500, "failed"],
    [503, "failed"],
  ])("takes HTTP %i as %s", async (status, kind) => {
    const site = await openSite({ "/": { status } });
    expect(await open()(`${site.origin}/`)).toMatchObject({ kind, reason: expect.stringContaining(String(status)) });
  });

  it("fails when nothing listens", async () => {
    const site = await openSite();
    await site.close();
    expect(await open()(`${site.origin}/`)).toEqual({ kind: "failed", reason: "nothing listens at this address" });
  });
});

describe("redirects", () => {
  const to = (location: string, status = 302) => ({ status, headers: { location } });

  it("are followed to the page, which is known by its own address", async () => {
    const site = await openSite({ "/a": to("/b", 301), "/b": to("c?q=1#part", 307), "/c?q=1": page("C") });
    const outcome = await open()(`${site.origin}/a`);
    expect(outcome).toMatchObject({ kind: "page", url: { href: `${site.origin}/c?q=1` } });
  });

  it("are given up after five", async () => {
    const site = await openSite({ "/": to("/") });
    expect(await open()(`${site.origin}/`)).toMatchObject({ kind: "withheld" });
    expect(site.asked).toHaveLength(6);
  });

  it.each(["file:///etc/passwd", "ftp://127.0.0.1/a", "javascript:alert(1)", "http://anna:secret@127.0.0.1/"])(
    "to %s are not followed",
    async (location) => {
      const site = await openSite({ "/": to(location) });
      const outcome = await open()(`${site.origin}/`);
      expect(outcome).toMatchObject({ kind: "withheld", reason: expect.not.stringContaining("secret") });
    },
  );

  it("to a private address are refused before a connection is made", async () => {
    const inside = await openSite({ "/": "secret" });
    const outside = await openSite({ "/": to(`http://127.0.0.1:${inside.port}/`) });
    const fetch = open({ allowPrivateAddresses: false, ...pretendPublic() });
    await expect(fetch(`http://outside.example:${outside.port}/`)).rejects.toMatchObject({
      code: "address_refused",
      message: expect.stringMatching(/^http:\/\/outside\.example:\d+\/ redirects: 127\.0\.0\.1 is not an address/),
    });
    expect(outside.asked).toEqual(["/"]);
    expect(inside.asked).toEqual([]);
  });

  it("are refused by whoever asks", async () => {
    const site = await openSite({ "/a": to("/b"), "/b": page("B") });
    expect(await open()(`${site.origin}/a`, { refuses: ({ pathname }) => `not ${pathname}` })).toEqual({
      kind: "withheld",
      reason: "not /b",
    });
    expect(site.asked).toEqual(["/a"]);
  });
});

describe("name resolution", () => {
  it("happens once a request, and the connection goes to the checked address", async () => {
    const site = await openSite({ "/": page("Home"), "/next": page("Next") });
    const lookups: string[] = [];
    const resolveHost = async (host: string) => {
      lookups.push(host);
      return [{ address: "127.0.0.1", family: 4 } as const];
    };
    // No system knows this name: only the address that was checked can be the one that is connected to.
    const fetch = open({ resolveHost });
    expect(await fetch(`http://rebinding.invalid:${site.port}/`)).toMatchObject({ kind: "page" });
    expect(site.headersOf("/").host).toBe(`rebinding.invalid:${site.port}`);
    expect(lookups).toEqual(["rebinding.invalid", "rebinding.invalid"]);
  });

  it("is checked anew for every request, so that a name cannot turn inward later", async () => {
    const site = await openSite({ "/": page("Home") });
    // For robots.txt, for the page, and for the page again.
    const answers = [PUBLIC, PUBLIC, "127.0.0.1"];
    const resolveHost = async () => [{ address: answers.shift() ?? "127.0.0.1", family: 4 } as const];
    const fetch = open({ allowPrivateAddresses: false, ...pretendPublic(), resolveHost });
    const url = `http://rebinding.invalid:${site.port}/`;
    expect(await fetch(url)).toMatchObject({ kind: "page" });
    await expect(fetch(url)).rejects.toMatchObject({ code: "address_refused" });
    expect(site.asked).toEqual(["/"]);
  });
});

describe("robots.txt", () => {
  it("is read once and keeps its pages out", async () => {
    const site = await openSite({
      "/robots.txt": "User-agent: *\nDisallow: /private/\nAllow: /private/open\n",
      "/private/a": page("A"),
      "/private/open": page("Open"),
    });
    const fetch = open();
    expect(await fetch(`${site.origin}/private/a`)).toMatchObject({
      kind: "withheld",
      reason: expect.stringContaining("robots.txt"),
    });
    expect(await fetch(`${site.origin}/private/open`)).toMatchObject({ kind: "page" });
    expect(site.asked).toEqual(["/private/open"]);
  });

  it("is obeyed by our own name before the rules for everybody", async () => {
    const site = await openSite({
      "/robots.txt": "User-agent: *\nDisallow:\n\nUser-agent: Citewell\nDisallow: /\n",
      "/": page("Home"),
    });
    expect(await open({ userAgent: "citewell/9" })(`${site.origin}/`)).toMatchObject({ kind: "withheld" });
  });

  it("keeps a page out that a redirect leads to", async () => {
    const site = await openSite({
      "/robots.txt": "User-agent: *\nDisallow: /b\n",
      "/a": { status: 302, headers: { location: "/b" } },
      "/b": page("B"),
    });
    expect(await open()(`${site.origin}/a`)).toMatchObject({ kind: "withheld" });
    expect(site.asked).toEqual(["/a"]);
  });

  it("allows everything where there is none, and nothing while it cannot be read", async () => {
    const site = await openSite({ "/": page("Home") });
    const fetch = open();
    expect(await fetch(`${site.origin}/`)).toMatchObject({ kind: "page" });
    const other = await openSite({ "/robots.txt": { status: 503 }, "/": page("Home") });
    expect(await fetch(`${other.origin}/`)).toMatchObject({
      kind: "failed",
      reason: expect.stringContaining("robots.txt cannot be read now: HTTP 503"),
    });
    expect(other.asked).toEqual([]);
  });

  it("sends requests to a host one at a time", async () => {
    let underWay = 0;
    let most = 0;
    const slow = (response: { end: (text: string) => void }): void => {
      underWay += 1;
      most = Math.max(most, underWay);
      setTimeout(() => {
        underWay -= 1;
        response.end("text");
      }, 10);
    };
    const site = await openSite({ "/a": slow, "/b": slow, "/c": slow });
    const fetch = open();
    await Promise.all(["/a", "/b", "/c"].map((path) => fetch(site.origin + path)));
    expect(site.asked).toHaveLength(3);
    expect(most).toBe(1);
  });

  it("sets a pause between requests that only an abort ends", async () => {
    const robots = "User-agent: *\nCrawl-delay: 3600\n";
    const site = await openSite({ "/robots.txt": robots, "/a": page("A"), "/b": page("B") });
    const fetch = open();
    expect(await fetch(`${site.origin}/a`)).toMatchObject({ kind: "page" });
    const controller = new AbortController();
    const second = fetch(`${site.origin}/b`, { signal: controller.signal });
    setTimeout(() => controller.abort(new Error("enough")), 50);
    await expect(second).rejects.toThrow("enough");
    expect(site.asked).toEqual(["/a"]);
  });
});
