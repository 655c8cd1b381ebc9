import { Hono } from "hono";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ServerApp } from "../../src/server/route-context.ts";
import type { ServerEnv } from "../../src/server/server-env.ts";
import { DOCUMENT } from "../server/fake-use-cases.ts";
import { openPageBrowser, WITHOUT_BROWSER, type PageBrowser } from "./page-browser.ts";

const question = "How do I install it?";

/** A proxy that answers questions itself. */
function answeringItself(status: 200 | 413 | 502 | 504): (app: ServerApp) => Hono<ServerEnv> {
  return (app) => {
    const proxy = new Hono<ServerEnv>();
    proxy.post("/v1/answers", (c) => c.html("<h1>Proxy</h1>", status));
    return proxy.mount("/", app.fetch);
  };
}

describe.skipIf(WITHOUT_BROWSER !== "")(`web page behind a proxy${WITHOUT_BROWSER}`, () => {
  let browser: PageBrowser;
  beforeAll(async () => {
    browser = await openPageBrowser();
  });
  afterAll(() => browser.close());

  it("works below another path, its reference and its links included", async () => {
    const page = await browser.openPage("/citewell/", {
      front: (app) => new Hono<ServerEnv>().mount("/citewell", app.fetch),
    });
    await page.getByLabel("Your question").fill(question);
    await page.keyboard.press("Enter");
    await page
      .locator(".prose")
      .getByRole("button", { name: /^Citation 1:/ })
      .first()
      .click();
    await page.getByRole("heading", { name: DOCUMENT.title ?? DOCUMENT.source }).waitFor();
    expect(new URL(page.url()).pathname).toBe("/citewell/");
    await page.reload();
    await page.getByRole("heading", { name: DOCUMENT.title ?? DOCUMENT.source }).waitFor();
    await page.goto(new URL("docs", page.url()).href);
    await page.getByRole("link", { name: "Web page" }).click();
    await page.getByLabel("Your question").waitFor();
    expect(browser.problems).toEqual([]);
  });

  it.each([
    [413, "This is more than the server, or a proxy in front of it, takes at once."],
    [502, "The proxy in front of citewell does not reach it"],
    [504, "The proxy in front of citewell did not wait long enough"],
    [200, "Something between this browser and citewell answered instead"],
  ] as const)("says who answered where a proxy did, with status %i", async (status, sentence) => {
    const page = await browser.openPage("/", { front: answeringItself(status) });
    await page.getByLabel("Your question").fill(question);
    await page.keyboard.press("Enter");
    await page.getByText(sentence).waitFor();
  });
});
