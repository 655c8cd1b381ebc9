import { describe, expect, it } from "vitest";
import type { DocumentRecord } from "../../../src/domain/document.ts";
import { hashOf } from "../../../ingest/identity.ts";
import { visitSite, type VisitSiteOptions } from "../../../ingest/web/visit-site.ts";
import { createWebFetcher } from "../../../ingest/web/web-fetcher.ts";
import { openSite, page, tagged, type Site } from "./open-site.ts";

/** Visits a path of a site; sources come back as paths. */
async function visit(site: Site, { path = "/", ...options }: Partial<VisitSiteOptions> & { path?: string } = {}) {
  const fetcher = createWebFetcher({ allowPrivateAddresses: true, delayMs: 0, timeoutMs: 5_000 });
  site.asked.length = 0;
  const visiting = visitSite(site.origin + path, { fetcher, levels: 0, maxBytes: 100_000, stored: [], ...options });
  let step = await visiting.next();
  while (step.done !== true) step = await visiting.next();
  const found = step.value;
  const short = (source: string): string => source.replaceAll(site.origin, "");
  return {
    found,
    present: found.present.map(({ source }) => short(source)),
    passed: found.passed.map(({ source, status, reason }) => `${status} ${short(source)}: ${short(reason)}`),
    unknown: found.unknown.map(({ source }) => short(source)),
  };
}

/** The record of a page as it would be stored. */
function record(
  site: Site,
  path: string,
  { content = "", ...rest }: Partial<DocumentRecord> & { content?: string } = {},
) {
  const source = site.origin + path;
  const contentHash = hashOf(Buffer.from(content));
  const numbers = { bytes: content.length, chunks: 1, textLength: 1 };
  const text = { title: null, mediaType: "text/html", language: "html", ingestedAt: "" };
  return { id: source, root: `${site.origin}/`, source, contentHash, ...numbers, ...text, ...rest };
}

describe("visiting a site", () => {
  it("takes the page alone without levels", async () => {
    const site = await openSite({ "/": page("Home", "/a"), "/a": page("A") });
    const { present, passed, unknown } = await visit(site);
    expect(present).toEqual(["/"]);
    expect([...passed, ...unknown]).toEqual([]);
    expect(site.asked).toEqual(["/"]);
  });

  it("takes as many levels of links as it is told", async () => {
    const site = await openSite({
      "/": page("Home", "/a"),
      "/a": page("A", "/b", "/"),
      "/b": page("B", "/c"),
      "/c": page("C"),
    });
    expect((await visit(site, { levels: 1 })).present).toEqual(["/", "/a"]);
    expect((await visit(site, { levels: 2 })).present).toEqual(["/", "/a", "/b"]);
    expect((await visit(site, { levels: 9 })).present).toEqual(["/", "/a", "/b", "/c"]);
  });

  it("asks for each page once, whatever its fragment or way of writing, and tells queries apart", async () => {
    const links = ["a", "/a#part", "./x/../a", "/a?q=1", "/a?q=2", "#top", "//%HOST%/a"];
    const site = await openSite({ "/a": page("A"), "/a?q=1": page("A1"), "/a?q=2": page("A2") });
    const host = new URL(site.origin).host;
    site.pages.set("/", page("Home", ...links.map((link) => link.replace("%HOST%", host))));
    expect((await visit(site, { levels: 1 })).present).toEqual(["/", "/a", "/a?q=1", "/a?q=2"]);
    expect(site.asked).toEqual(["/", "/a", "/a?q=1", "/a?q=2"]);
  });

  it("stays on its host and port, and below the folder of the start page", async () => {
    const other = await openSite({ "/": page("Other") });
    const links = ["intro.html", "deep/er.html", "/", "/docs", "/docsy/a", `${other.origin}/`, "mailto:a@example.com"];
    const site = await openSite({
      "/docs/index.html": page("Docs", ...links),
      "/docs/intro.html": page("Intro"),
      "/docs/deep/er.html": page("Deeper"),
      "/": page("Home"),
    });
    const { present, passed } = await visit(site, { path: "/docs/index.html", levels: 3 });
    expect(present).toEqual(["/docs/index.html", "/docs/intro.html", "/docs/deep/er.html"]);
    expect(passed).toEqual([]);
    expect(other.asked).toEqual([]);
  });

  it("takes the site that the start redirects to, and no other one", async () => {
    const other = await openSite({ "/elsewhere": page("Elsewhere") });
    const site = await openSite({
      "/": { status: 301, headers: { location: "/en/" } },
      "/en/": page("Home", "a", "b", "/fr/"),
      "/en/a": { status: 302, headers: { location: `${other.origin}/elsewhere` } },
      "/en/b": { status: 302, headers: { location: "/en/c" } },
      "/en/c": page("C"),
      "/fr/": page("Accueil"),
    });
    const { present, passed } = await visit(site, { levels: 1 });
    expect(present).toEqual(["/en/", "/en/c"]);
    expect(passed).toEqual([
      `skipped /en/a: redirects to ${other.origin}/elsewhere, which is outside of the root; linked from /en/`,
    ]);
    expect(other.asked).toEqual([]);
  });

  it("does not follow links that ask for it, and resolves links by the page's base", async () => {
    const site = await openSite({
      "/": '<html><head><base href="/base/"></head><body><p>Home</p><a href="a">a</a><a rel="nofollow" href="b">b</a></body></html>',
      "/base/a":
        '<html><head><meta name="ROBOTS" content="NoFollow"></head><body><p>A</p><a href="c">c</a></body></html>',
    });
    const { present, passed } = await visit(site, { levels: 5 });
    expect(present).toEqual(["/", "/base/a"]);
    expect(passed).toEqual([]);
  });

  it("takes pages of equal content once and names the other one", async () => {
    const site = await openSite({ "/": page("Home", "/a", "/b"), "/a": page("Same"), "/b": page("Same") });
    const { present, passed } = await visit(site, { levels: 1 });
    expect(present).toEqual(["/", "/a"]);
    expect(passed).toEqual(["skipped /b: the same content as /a"]);
  });

  it("passes over what is no text, too large, missing or forbidden, with the reason", async () => {
    const image = { headers: { "content-type": "image/png" }, body: new Uint8Array(9) };
    const site = await openSite({
      "/": page("Home", "/large", "/picture", "/empty", "/missing", "/closed", "/robot"),
      "/robots.txt": "User-agent: *\nDisallow: /robot\n",
      "/large": "x".repeat(5_001),
      "/picture": image,
      "/empty": "",
      "/closed": { status: 403 },
    });
    const { present, passed } = await visit(site, { levels: 1, maxBytes: 5_000 });
    expect(present).toEqual(["/"]);
    expect(passed).toEqual([
      "skipped /large: more than the 5,000 bytes that maxFileBytes allows; linked from /",
      "skipped /picture: cannot be read as text: image/png; linked from /",
      "skipped /empty: empty file",
      "skipped /missing: HTTP 404: there is no such page; linked from /",
      "skipped /closed: HTTP 403; linked from /",
      "skipped /robot: the site's robots.txt does not allow it; linked from /",
    ]);
  });

  it("skips what globs exclude, and reads pages outside of the included ones for their links only", async () => {
    const site = await openSite({
      "/": page("Home", "/blog/1", "/docs/"),
      "/docs/": page("Docs", "/docs/a.html", "/docs/old/b.html", "/about"),
      "/docs/a.html": page("A"),
    });
    const globs = { include: ["docs/**"], exclude: ["**/old/**"] };
    const { present } = await visit(site, { levels: 2, ...globs });
    expect(present).toEqual(["/docs/", "/docs/a.html"]);
    expect(site.asked).toEqual(["/", "/blog/1", "/docs/", "/docs/a.html"]);
  });

  it("stops at the largest number of pages and says so", async () => {
    const names = ["a", "b", "c", "d", "e"];
    const site = await openSite({ "/": page("Home", ...names) });
    for (const name of names) site.pages.set(`/${name}`, page(name));
    const old = record(site, "/old");
    const { present, passed, unknown } = await visit(site, { levels: 1, maxPages: 3, stored: [old] });
    expect(present).toEqual(["/", "/a", "/b"]);
    expect(passed).toHaveLength(1);
    expect(passed[0]).toMatch(/^skipped .*not fetched: the limit of 3 pages \(crawlMaxPages\) was met$/);
    expect(unknown).toContain("/old");
  });

  it("says nothing of a limit that was just enough", async () => {
    const site = await openSite({ "/": page("Home", "/a", "/"), "/a": page("A", "/") });
    const { present, passed } = await visit(site, { levels: 5, maxPages: 2 });
    expect(present).toEqual(["/", "/a"]);
    expect(passed).toEqual([]);
  });

  it("ignores a refresh in the page and what scripts would do", async () => {
    const body = "<script>location = '/c'</script><p>Here</p>";
    const site = await openSite({
      "/": `<html><head><meta http-equiv="refresh" content="0; url=/b"></head><body>${body}</body></html>`,
    });
    expect((await visit(site, { levels: 3 })).present).toEqual(["/"]);
    expect(site.asked).toEqual(["/"]);
  });

  it("reads another character set by the header", async () => {
    // "Привет" in KOI8-R; without the header the bytes could as well be Western.
    const bytes = new Uint8Array([0x3c, 0x70, 0x3e, 0xf0, 0xd2, 0xc9, 0xd7, 0xc5, 0xd4, 0x3c, 0x2f, 0x70, 0x3e]);
    const headers = { "content-type": "text/html; charset=KOI8-R" };
    const site = await openSite({ "/": { headers, body: bytes } });
    const { found } = await visit(site);
    expect(await found.present[0]?.load()).toMatchObject({ status: "loaded", document: { text: "Привет\n" } });
  });
});

describe("visiting a site again", () => {
  const fetched = (etag: string, links: readonly string[] | null = []) => ({ etag, lastModified: null, links });

  it("does not fetch what its server calls unchanged, and still follows its links", async () => {
    const site = await openSite({
      "/": tagged(page("Home", "/a", "/b"), '"1"'),
      "/a": tagged(page("A"), '"2"'),
      "/b": page("B"),
    });
    const stored = [
      record(site, "/", { fetched: fetched('"1"', ["/a", "/b"]), contentHash: "1" }),
      record(site, "/a", { fetched: fetched('"2"'), contentHash: "2" }),
    ];
    const { found, present } = await visit(site, { levels: 1, stored });
    expect(present).toEqual(["/", "/a", "/b"]);
    expect(found.present.map(({ contentHash }) => contentHash).slice(0, 2)).toEqual(["1", "2"]);
    expect(site.headersOf("/")["if-none-match"]).toBe('"1"');
  });

  it("fetches a page whole when its links are needed and not known, or when it was not stored completely", async () => {
    const site = await openSite({ "/": tagged(page("Home", "/a"), '"1"'), "/a": tagged(page("A"), '"2"') });
    const stored = [
      record(site, "/", { fetched: fetched('"1"', null) }),
      record(site, "/a", { fetched: fetched('"2"'), contentHash: "" }),
    ];
    await visit(site, { levels: 1, stored });
    expect(site.headersOf("/")["if-none-match"]).toBeUndefined();
    expect(site.headersOf("/a")["if-none-match"]).toBeUndefined();
  });

  it("visits stored pages that nothing links to any more, and follows no links there", async () => {
    const site = await openSite({ "/": page("Home"), "/old": page("Old", "/older"), "/older": page("Older") });
    const { present } = await visit(site, { stored: [record(site, "/old")] });
    expect(present).toEqual(["/", "/old"]);
  });

  it.each([404, 410])("takes a stored page for gone when the server says %i", async (status) => {
    const site = await openSite({ "/": page("Home", "/a"), "/a": { status } });
    const { present, passed, unknown } = await visit(site, { levels: 1, stored: [record(site, "/a")] });
    expect(present).toEqual(["/"]);
    expect([...passed, ...unknown]).toEqual([]);
  });

  it.each([401, 403, 429, 500, 502, 503])("keeps a stored page when the server says %i", async (status) => {
    const site = await openSite({ "/": page("Home"), "/a": { status } });
    const { passed, unknown } = await visit(site, { stored: [record(site, "/a")] });
    expect(unknown).toEqual(["/a"]);
    expect(passed).toEqual([expect.stringMatching(new RegExp(`^failed /a: HTTP ${status}`))]);
  });

  it("keeps everything when the start cannot be fetched, and asks for nothing more", async () => {
    const site = await openSite({ "/": { status: 500 }, "/a": page("A") });
    const { passed, unknown } = await visit(site, { stored: [record(site, "/"), record(site, "/a")] });
    expect(unknown).toEqual(["."]);
    expect(passed).toEqual(["failed /: HTTP 500"]);
    expect(site.asked).toEqual(["/"]);
  });

  it("keeps everything when the server is down", async () => {
    const site = await openSite();
    await site.close();
    const { passed, unknown } = await visit(site, { stored: [record(site, "/a")] });
    expect(unknown).toEqual(["."]);
    expect(passed).toEqual(["failed /: nothing listens at this address"]);
  });

  it("leaves a server in peace after three failures in a row, and keeps what it did not ask for", async () => {
    const names = ["/a", "/b", "/c", "/d", "/e"];
    const site = await openSite({ "/": page("Home", ...names) });
    for (const name of names) site.pages.set(name, { status: 500 });
    const { passed, unknown } = await visit(site, { levels: 1, stored: [record(site, "/e"), record(site, "/z")] });
    expect(site.asked).toEqual(["/", "/a", "/b", "/c"]);
    expect(unknown).toEqual(expect.arrayContaining(["/a", "/b", "/c", "/d", "/e", "/z"]));
    expect(passed.at(-1)).toBe("failed /d: 3 more not fetched: 3 pages in a row could not be fetched");
  });

  it("takes a page that moved for gone where it was", async () => {
    const site = await openSite({
      "/": page("Home", "/new"),
      "/new": page("New"),
      "/old": { status: 301, headers: { location: "/new" } },
    });
    const { present, passed, unknown } = await visit(site, { levels: 1, stored: [record(site, "/old")] });
    expect(present).toEqual(["/", "/new"]);
    expect([...passed, ...unknown]).toEqual([]);
  });
});
