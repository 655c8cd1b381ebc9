import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { IngestEvent, IngestReport } from "../../src/domain/ingest.ts";
import { COLLECTION, createFakeUseCases, DOCUMENT, fakeReport } from "../server/fake-use-cases.ts";
import { openPageBrowser, WITHOUT_BROWSER, type PageBrowser } from "./page-browser.ts";

const { documents, collections } = createFakeUseCases();

function fileOf(name: string) {
  return { name, mimeType: "text/markdown", buffer: Buffer.from(`# ${name}`) };
}

describe.skipIf(WITHOUT_BROWSER !== "")(`documents of the web page${WITHOUT_BROWSER}`, () => {
  let browser: PageBrowser;
  beforeAll(async () => {
    browser = await openPageBrowser();
  });
  afterAll(() => browser.close());

  it("goes on sending while the reader looks at another view and at another collection", async () => {
    const gate = Promise.withResolvers<void>();
    const sent: number[] = [];
    const page = await browser.openPage("/#/documents", {
      useCases: {
        collections: { ...collections, list: async () => [COLLECTION, { ...COLLECTION, name: "notes" }] },
        async *submitDocuments(options): AsyncGenerator<IngestEvent, IngestReport> {
          sent.push(options.documents.length);
          yield { type: "file-start", source: "a" };
          await gate.promise;
          return fakeReport(options.collection ?? "default", options.documents.length);
        },
      },
    });
    const many = Array.from({ length: 60 }, (_, index) => fileOf(`${index}.md`));
    await page.getByLabel("choose files").setInputFiles(many);
    await page.getByText("0 of 60 files").waitFor();
    await page.getByRole("link", { name: "Ask" }).click();
    await page.getByLabel("Collection").selectOption("notes");
    await page.getByRole("link", { name: "Documents adding…" }).waitFor();
    gate.resolve();
    await page.getByRole("link", { name: "Documents", exact: true }).click();
    expect(await page.locator(".upload").count()).toBe(0);
    await page.getByLabel("Collection").selectOption("default");
    await page.getByText("60 added").waitFor();
    expect(sent).toEqual([50, 10]);
  });

  it("cancels what is being sent and what is being ingested, and keeps the keyboard's place", async () => {
    const aborted = Promise.withResolvers<void>();
    let sent = 0;
    const page = await browser.openPage("/#/documents", {
      useCases: {
        async *submitDocuments({ cancel }): AsyncGenerator<IngestEvent, IngestReport> {
          sent += 1;
          yield {
            type: "progress",
            filesDone: 3,
            filesTotal: 50,
            bytesDone: 1,
            bytesTotal: 2,
            chunksDone: 1_200,
            tokensDone: 1,
          };
          await new Promise((_, reject) => {
            cancel?.addEventListener("abort", () => {
              aborted.resolve();
              reject(cancel.reason);
            });
          });
          return fakeReport("default", 0);
        },
      },
    });
    const many = Array.from({ length: 60 }, (_, index) => fileOf(`${index}.md`));
    await page.getByLabel("choose files").setInputFiles(many);
    await page.getByText("3 of 60 files, 1,200 passages…").waitFor();
    await page.getByRole("button", { name: "Cancel adding 60 files" }).click();
    await aborted.promise;
    await page.getByText("cancelled; 3 files taken in before").waitFor();
    expect(await page.evaluate("document.activeElement.className")).toBe("upload");
    expect(sent).toBe(1);
    expect(await page.locator(".bad-text").count()).toBe(0);
  });

  it("offers to send the rest where the sending broke off", async () => {
    const page = await browser.openPage("/#/documents");
    await page.getByRole("button", { name: /^Installation/ }).waitFor();
    await page.route("**/v1/documents", (route) => route.abort());
    await page.getByLabel("choose files").setInputFiles([fileOf("a.md")]);
    await page.getByText("The server does not answer.").first().waitFor();
    await page.unroute("**/v1/documents");
    await page.getByRole("button", { name: "Send again" }).click();
    await page.getByText("1 added").waitFor();
  });

  it.each(["#/documents", "#/search?q=install"])("fetches %s when the server answers again", async (hash) => {
    const page = await browser.openPage("/");
    await page.getByText("1 document").waitFor();
    await page.route("**/v1/**", (route) => route.abort());
    await page.evaluate(`location.hash = "${hash}"`);
    await page.getByText("The page goes on by itself").waitFor();
    expect(await page.getByText("The server does not answer.").count()).toBe(1);
    await page.unroute("**/v1/**");
    await page.locator(".row, .hit").first().waitFor();
    expect(await page.getByText("The server does not answer.").count()).toBe(0);
  });

  it("breaks a path behind its folders", async () => {
    const document = { ...DOCUMENT, source: `${"Correspondence/".repeat(12)}letter.md`, title: null };
    const page = await browser.openPage("/#/documents", {
      useCases: { documents: { ...documents, list: async () => ({ documents: [document], nextCursor: null }) } },
    });
    await page.setViewportSize({ width: 360, height: 740 });
    const name = page.locator(".row strong");
    await name.waitFor();
    expect(await name.innerText()).toBe(document.source);
    const lines = await page.evaluate<number[]>(`
      [...document.querySelector(".row strong").childNodes].filter(({ nodeType }) => nodeType === 3).map((text) => {
        const range = document.createRange();
        range.selectNodeContents(text);
        return range.getClientRects().length;
      })
    `);
    // No folder's name stands on two lines.
    expect(lines).toEqual(Array.from({ length: 13 }, () => 1));
  });

  it("finds documents by their names among many", async () => {
    const listed = Array.from({ length: 30 }, (_, index) => ({
      ...DOCUMENT,
      id: `d0c00000-0000-5000-8000-0000000000${index + 10}`,
      source: `minutes-${index}.md`,
      title: null,
    }));
    const page = await browser.openPage("/#/documents", {
      useCases: {
        collections: { ...collections, list: async () => [{ ...COLLECTION, documents: listed.length }] },
        documents: {
          ...documents,
          list: async ({ search = "" }) => ({
            documents: listed.filter(({ source }) => source.includes(search)),
            nextCursor: null,
          }),
        },
      },
    });
    const box = page.getByLabel("Find documents by title or path");
    await box.fill("minutes-2");
    await page.getByText("11 documents with “minutes-2”").waitFor();
    expect(await page.locator(".documents .row").count()).toBe(11);
    await box.fill("lease");
    await page.getByText("No title or path holds “lease”.").waitFor();
    const elsewhere = page.locator("main").getByRole("link", { name: "Search" });
    expect(await elsewhere.getAttribute("href")).toBe("#/search?q=lease");
    await box.fill("");
    await expect.poll(() => page.locator(".documents .row").count()).toBe(30);
  });

  it("says that a removal is under way", async () => {
    const gate = Promise.withResolvers<boolean>();
    const page = await browser.openPage("/#/documents", {
      useCases: { documents: { ...documents, remove: () => gate.promise } },
    });
    page.on("dialog", (dialog) => void dialog.accept());
    await page.getByRole("button", { name: `Remove ${DOCUMENT.source}` }).click();
    const busy = page.getByRole("button", { name: `Removing ${DOCUMENT.source}` });
    await busy.waitFor();
    expect(await busy.innerText()).toBe("Removing…");
    gate.resolve(true);
    await busy.waitFor({ state: "detached" });
    expect(browser.problems).toEqual([]);
  });
});
