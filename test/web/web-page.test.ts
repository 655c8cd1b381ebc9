import { stat } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Answer, AnswerEvent } from "../../src/domain/answer.ts";
import {
  CITATION as QUOTED,
  COLLECTION,
  createFakeUseCases,
  DOCUMENT,
  fakeAnswer,
  HIT,
} from "../server/fake-use-cases.ts";
import { answering, openPageBrowser, searchThatFinds, WITHOUT_BROWSER, type PageBrowser } from "./page-browser.ts";

const question = "How do I install it?";
const long = Array.from({ length: 12_000 }, (_, index) => `Row ${index + 1} of a long document.`).join("\n");

describe.skipIf(WITHOUT_BROWSER !== "")(`web page in a browser${WITHOUT_BROWSER}`, () => {
  let browser: PageBrowser;
  beforeAll(async () => {
    browser = await openPageBrowser();
  });
  afterAll(() => browser.close());
  const openPage: PageBrowser["openPage"] = (path, options) => browser.openPage(path, options);

  it("shows the answer as it arrives, and the cited passage on a click", async () => {
    const gate = Promise.withResolvers<void>();
    const page = await openPage("/", {
      useCases: {
        async *answerQuestion(request): AsyncGenerator<AnswerEvent, Answer> {
          const answer = fakeAnswer(request.question);
          yield { type: "retrieval", query: request.question, hits: [HIT] };
          yield { type: "delta", text: answer.answer.slice(0, 30) };
          await gate.promise;
          yield { type: "delta", text: answer.answer.slice(30) };
          yield { type: "answer", answer };
          return answer;
        },
      },
    });
    await page.getByLabel("Your question").fill(question);
    await page.keyboard.press("Enter");
    await page.locator(".prose.writing").waitFor();
    expect(await page.locator(".prose").innerText()).toContain("npm install");
    expect(await page.getByRole("button", { name: "Stop" }).isVisible()).toBe(true);
    gate.resolve();
    await page.getByText("Answered", { exact: true }).waitFor();

    await page.locator(".prose").getByRole("button", { name: "Citation 1: guide/install.md, line 4" }).click();
    const mark = page.locator("mark");
    await mark.waitFor();
    expect(await mark.innerText()).toBe(HIT.text.replaceAll("`", ""));
    expect(await page.locator(".line.cited .number").innerText()).toBe("4");
    expect(page.url()).toContain(
      `#/documents/${DOCUMENT.id}?span=${HIT.span.start}-${HIT.span.end}&collection=default`,
    );

    const screenshot = join(browser.folder, "answer.png");
    await page.screenshot({ path: screenshot });
    expect((await stat(screenshot)).size).toBeGreaterThan(10_000);

    await page.keyboard.press("Escape");
    await mark.waitFor({ state: "detached" });
    expect(await page.locator(".prose").isVisible()).toBe(true);
  });

  it("stops the work when the reader stops the answer", async () => {
    const aborted = Promise.withResolvers<void>();
    const page = await openPage(`/?q=${encodeURIComponent(question)}`, {
      useCases: {
        async *answerQuestion({ signal }): AsyncGenerator<AnswerEvent, Answer> {
          signal?.addEventListener("abort", () => aborted.resolve());
          yield { type: "delta", text: "It begins" };
          await delay(600_000, undefined, signal === undefined ? {} : { signal });
          return fakeAnswer(question);
        },
      },
    });
    await page.getByText("It begins").waitFor();
    await page.getByRole("button", { name: "Stop" }).click();
    await aborted.promise;
    await page.getByText("Stopped. What you see is unchecked").waitFor();
    expect(await page.evaluate("document.activeElement.id")).toBe("question");
    await page.getByRole("button", { name: "Ask again" }).click();
    await page.getByRole("button", { name: "Stop" }).waitFor();
    expect(await page.locator("h2.question").count()).toBe(1);
  });

  it("brings a deep link's passage of a large document into view, with more on request", async () => {
    const start = long.indexOf("Row 6000 ");
    const page = await openPage(`/#/documents/${DOCUMENT.id}?span=${start}-${start + 8}&collection=default`, {
      useCases: {
        documents: {
          ...createFakeUseCases().documents,
          get: async () => ({ document: DOCUMENT, text: long, chunks: [] }),
        },
      },
    });
    const mark = page.locator("mark");
    await mark.waitFor();
    expect(await mark.innerText()).toBe("Row 6000");
    const box = await mark.boundingBox();
    expect(box?.y).toBeGreaterThan(100);
    expect(box?.y).toBeLessThan(800);
    const before = await page.locator(".line").count();
    expect(before).toBeLessThan(3_000);
    await page.getByRole("button", { name: "Show more below" }).click();
    await expect.poll(() => page.locator(".line").count()).toBeGreaterThan(before);
  });

  it("shows hostile text as text", async () => {
    const hostile = '<img src=x onerror="document.title=1"><script>document.title=1</script> **bold** [9]';
    const page = await openPage(`/?q=x`, {
      useCases: {
        async *answerQuestion(): AsyncGenerator<AnswerEvent, Answer> {
          const answer = { ...fakeAnswer("x"), answer: hostile, status: "partial" as const };
          yield { type: "answer", answer };
          return answer;
        },
      },
    });
    await page.getByText("Partly answered", { exact: true }).waitFor();
    expect(await page.locator(".prose strong").innerText()).toBe("bold");
    expect(await page.locator(".prose").innerText()).toContain("<script>");
    expect(await page.locator(".prose :is(img, script, button)").count()).toBe(0);
    expect(await page.title()).toBe("citewell");
  });

  it("searches, and takes files with their progress", async () => {
    const page = await openPage("/#/search");
    await page.getByLabel("Search for").fill("install");
    await page.keyboard.press("Enter");
    await page.getByText("1 passage in").waitFor();
    expect(await page.locator(".score").innerText()).toBe("0.71");
    expect(await page.locator(".hit-text b").allInnerTexts()).toEqual(["install"]);
    await page.getByRole("link", { name: "Documents" }).click();
    await page.getByRole("button", { name: /^Installation/ }).waitFor();
    await page
      .getByLabel("choose files")
      .setInputFiles({ name: "note.md", mimeType: "text/markdown", buffer: Buffer.from("# Note") });
    await page.getByText("1 added").waitFor();
  });

  it("shows a long passage from where the words stand, and prints the whole of it", async () => {
    const text = `${"Nothing of it stands in this line.\n".repeat(8)}The lease ends in May.`;
    const page = await openPage("/#/search", {
      useCases: searchThatFinds({ ...HIT, text }),
    });
    await page.getByLabel("Search for").fill("lease end");
    await page.keyboard.press("Enter");
    await page.getByText("1 passage in").waitFor();
    const passage = page.locator(".hit-text");
    expect(await passage.innerText()).toBe("The lease ends in May.");
    expect(await page.locator(".hit-text b").allInnerTexts()).toEqual(["lease", "ends"]);
    await page.emulateMedia({ media: "print" });
    expect(await passage.innerText()).toBe(text);
  });

  it("shows a passage as it is read, without the heading that is its title", async () => {
    const text = `# ${String(HIT.title)}\n\nSet \`PORT\` to **8080** to install.\n\n## Rows\n\n| Key | Value |\n|---|---|\n| install | x |`;
    const page = await openPage("/#/search", {
      useCases: searchThatFinds({ ...HIT, text, language: "markdown" }),
    });
    await page.getByLabel("Search for").fill("install");
    await page.keyboard.press("Enter");
    await page.getByText("1 passage in").waitFor();
    const shown = "Set PORT to 8080 to install.\nRows\nKey · Value\ninstall · x";
    expect((await page.locator(".hit-text").innerText()).replaceAll("\u00A0", " ")).toBe(shown);
    expect(await page.locator(".hit-text code").allInnerTexts()).toEqual(["PORT"]);
    expect(await page.locator(".hit-heading").allInnerTexts()).toEqual(["Rows\n"]);
    expect(await page.locator(".hit-text b").allInnerTexts()).toEqual(["install", "install"]);
  });

  it("takes files that are dropped anywhere on the page, once", async () => {
    const page = await openPage("/");
    await page.getByLabel("Your question").waitFor();
    const dataTransfer = await page.evaluateHandle(
      "(() => { const made = new DataTransfer(); made.items.add(new File(['# Note'], 'note.md')); return made; })()",
    );
    await page.dispatchEvent("main", "dragover", { dataTransfer });
    await page.dispatchEvent("main", "drop", { dataTransfer });
    await page.getByText("1 added").waitFor();
    await page.getByRole("link", { name: "Search" }).click();
    await page.getByRole("link", { name: "Documents" }).click();
    await page.getByRole("button", { name: /^Installation/ }).waitFor();
    expect(await page.locator(".upload").count()).toBe(1);
  });

  it("breaks a word that is longer than the page", async () => {
    const word = "x".repeat(2_000);
    const { searches } = fakeAnswer(word);
    const answer: Answer = {
      ...fakeAnswer(word),
      searches: searches.map((search) => ({
        ...search,
        interpretation: {
          queries: [{ query: word, reason: "asked", weight: 1, evidence: "good" }],
          fusion: "best",
          filter: null,
          standalone: { text: word, by: "rules", why: "it" },
        },
      })),
    };
    const page = await openPage("/", { useCases: answering(answer) });
    await page.getByLabel("Your question").fill(word);
    await page.keyboard.press("Enter");
    await page.locator(".reading").waitFor();
    expect(await page.evaluate("document.documentElement.scrollWidth - innerWidth")).toBe(0);
  });

  it("asks for the key when the server does, and goes on with it", async () => {
    const page = await openPage("/", { apiKeys: ["right"] });
    await page.getByLabel("API key").fill("wrong");
    await page.getByRole("button", { name: "Use this key" }).click();
    await page.getByText("not one of this server's keys").waitFor();
    await page.getByLabel("API key").fill("right");
    await page.getByRole("button", { name: "Use this key" }).click();
    await page.getByText("1 document in").waitFor();
    expect(await page.getByLabel("API key").count()).toBe(0);
  });

  it("asks the question of the address as soon as it has the key, and once more when the key is refused later", async () => {
    const page = await openPage(`/?q=${encodeURIComponent(question)}`, { apiKeys: ["right"] });
    const useKey = async (key: string): Promise<void> => {
      await page.getByLabel("API key").fill(key);
      await page.getByRole("button", { name: "Use this key" }).click();
    };
    await useKey("right");
    await page.getByText("Answered", { exact: true }).waitFor();
    await page.evaluate("sessionStorage.setItem('citewell.apiKey', 'old')");
    await page.getByLabel("Your question").fill("And on Windows?");
    await page.keyboard.press("Enter");
    await page.getByText("not any more").waitFor();
    await useKey("right");
    await expect.poll(() => page.getByText("Answered", { exact: true }).count()).toBe(2);
    expect(await page.locator("h2.question").allInnerTexts()).toEqual([question, "And on Windows?"]);
    expect(await page.locator(".notice.bad").count()).toBe(0);
  });

  it("opens the quote that belongs to the place of a marker that stands twice", async () => {
    const answer = {
      ...fakeAnswer(question),
      answer: "Run it once. [1]\n\nAsk then. [1]",
      citations: [QUOTED, { ...QUOTED, lines: { start: 9, end: 9 }, span: { start: 0, end: 4 } }],
    };
    const page = await openPage(`/?q=${encodeURIComponent(question)}`, { useCases: answering(answer) });
    const markers = page.locator(".prose button.marker");
    await markers.nth(1).waitFor();
    expect(await markers.evaluateAll((all) => all.map((one) => one.getAttribute("aria-label")))).toEqual([
      "Citation 1: guide/install.md, line 4",
      "Citation 1: guide/install.md, line 9",
    ]);
    await markers.nth(1).click();
    await page.waitForURL(/span=0-4/);
  });

  it("shows the conversation again after a reload, and offers to ask again what broke off", async () => {
    const stored = {
      id: fakeAnswer(question).conversationId,
      collection: "default",
      createdAt: "2026-11-02T09:00:00.000Z",
      updatedAt: "2026-11-02T09:00:00.000Z",
      messages: [],
      answers: [fakeAnswer(question)],
    };
    const page = await openPage("/", {
      useCases: {
        conversations: { ...createFakeUseCases().conversations, get: async () => stored },
        async *answerQuestion(request): AsyncGenerator<AnswerEvent, Answer> {
          if (request.question !== question) {
            yield { type: "delta", text: "It begins" };
            await delay(600_000, undefined, request.signal === undefined ? {} : { signal: request.signal });
          }
          yield { type: "answer", answer: fakeAnswer(request.question) };
          return fakeAnswer(request.question);
        },
      },
    });
    await page.getByLabel("Your question").fill(question);
    await page.keyboard.press("Enter");
    await page.getByText("Answered", { exact: true }).waitFor();
    await page.getByLabel("Your question").fill("And on Windows?");
    await page.keyboard.press("Enter");
    await page.getByText("It begins").waitFor();
    await page.reload();
    await page.getByText("The page was reloaded before the answer was whole.").waitFor();
    expect(await page.locator("h2.question").allInnerTexts()).toEqual([question, "And on Windows?"]);
    expect(await page.getByRole("button", { name: "Ask again" }).isVisible()).toBe(true);
    await page.getByRole("button", { name: "New question" }).click();
    await page.reload();
    await page.getByRole("heading", { name: "Ask. Every answer shows its lines." }).waitFor();
  });

  it("keeps what is too wide in its own place, and lets Arabic begin on the right", async () => {
    const wide = `| a | b |\n|---|---|\n| ${"x".repeat(300)} | y |\n\n\`\`\`\n${"code ".repeat(200)}\n\`\`\`\n\n${"word".repeat(90)}\n\nالمصعد معطل اليوم. [1]`;
    const answer = {
      ...fakeAnswer(question),
      answer: wide,
      citations: [{ ...QUOTED, title: "T".repeat(300), source: `${"n/".repeat(80)}x.md`, quote: "q".repeat(2_000) }],
    };
    const page = await openPage(`/?q=${encodeURIComponent("long ".repeat(80) + "y".repeat(200))}`, {
      useCases: answering(answer),
    });
    await page.setViewportSize({ width: 360, height: 740 });
    await page.getByText("Answered", { exact: true }).waitFor();
    expect(await page.evaluate<number>("document.documentElement.scrollWidth")).toBeLessThanOrEqual(360);
    expect(await page.locator(".prose :is(pre, table)[tabindex='0']").count()).toBe(2);
    const arabic = page.locator(".prose p").last();
    // The first letter is at the right end of its paragraph.
    const gap = await arabic.evaluate((paragraph) => {
      const range = paragraph.ownerDocument.createRange();
      range.setStart(paragraph.firstChild ?? paragraph, 0);
      range.setEnd(paragraph.firstChild ?? paragraph, 1);
      return paragraph.getBoundingClientRect().right - range.getBoundingClientRect().right;
    });
    expect(gap).toBeLessThan(4);
    expect(await page.locator("h1").count()).toBe(1);
  });

  it("offers questions about the handbook only where it holds the handbook", async () => {
    const { documents } = createFakeUseCases();
    const handbook = { ...DOCUMENT, source: "handbook/documents/getting-started.md" };
    const list = async () => ({ documents: [handbook], nextCursor: null });
    const page = await openPage("/", { useCases: { documents: { ...documents, list } } });
    const examples = page.getByRole("list", { name: "Example questions" });
    await examples.getByRole("button").first().waitFor();
    expect(await examples.getByRole("button").count()).toBe(4);
    const other = await openPage("/");
    await other.getByText(`in “${COLLECTION.name}”`).waitFor();
    await other.waitForLoadState("networkidle");
    expect(await other.getByRole("list", { name: "Example questions" }).count()).toBe(0);
  });

  it("shows the default collection where the address names one that there is not", async () => {
    const { collections } = createFakeUseCases();
    const list = async () => [{ ...COLLECTION, name: "apples" }, COLLECTION];
    const page = await openPage("/?collection=nope", { useCases: { collections: { ...collections, list } } });
    await page.getByText("in “default”").waitFor();
    expect(await page.getByLabel("Collection").inputValue()).toBe("default");
    await page.getByText("There is no collection “nope”, or not any more. This is “default”.").waitFor();
    expect(page.url()).toContain("?collection=default");
    await page.getByLabel("Collection").selectOption("apples");
    expect(await page.getByText("There is no collection").count()).toBe(0);
  });

  it("opens a link to a document with the document's collection", async () => {
    const { collections } = createFakeUseCases();
    const list = async () => [{ ...COLLECTION, name: "notes" }, COLLECTION];
    const page = await openPage(`/#/documents/${DOCUMENT.id}?span=2-9&collection=notes`, {
      useCases: { collections: { ...collections, list } },
    });
    await page.getByText("in “notes”").waitFor();
    expect(await page.getByLabel("Collection").inputValue()).toBe("notes");
  });

  it("says in words for readers that a document is gone", async () => {
    const page = await openPage("/#/documents/none?collection=default");
    await page.getByText("This document is not in the collection, or not any more.").waitFor();
    expect(await page.getByText("/v1/").count()).toBe(0);
  });

  it("fits a screen of 360 pixels, and breaks no rule of its own policy", async () => {
    const page = await openPage(`/?q=${encodeURIComponent(question)}`);
    await page.setViewportSize({ width: 360, height: 740 });
    await page.getByText("Answered", { exact: true }).waitFor();
    const width = await page.evaluate<number>("document.documentElement.scrollWidth");
    expect(width).toBeLessThanOrEqual(360);
    expect(browser.problems).toEqual([]);
  });
});
