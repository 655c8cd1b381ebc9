import { readFile } from "node:fs/promises";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { UseCases } from "../../src/answering/use-cases.ts";
import type { Answer, AnswerEvent } from "../../src/domain/answer.ts";
import { CitewellError } from "../../src/errors.ts";
import { COLLECTION, createFakeUseCases, fakeAnswer } from "../server/fake-use-cases.ts";
import { openPageBrowser, WITHOUT_BROWSER, type PageBrowser } from "./page-browser.ts";

const question = "How do I install it?";
const { collections } = createFakeUseCases();

/** Use cases that keep conversations, the n-th begun having the id `c…n`. */
function keeping(): { readonly useCases: Partial<UseCases>; readonly removed: string[] } {
  const kept = new Map<string, { readonly collection: string; readonly answers: readonly Answer[] }>();
  const removed: string[] = [];
  const at = "2026-11-02T09:00:00.000Z";
  return {
    removed,
    useCases: {
      collections: { ...collections, list: async () => [COLLECTION, { ...COLLECTION, name: "notes" }] },
      async *answerQuestion({
        question: asked,
        conversationId,
        collection = "default",
      }): AsyncGenerator<AnswerEvent, Answer> {
        if (conversationId !== undefined && !kept.has(conversationId))
          throw new CitewellError("conversation_missing", "There is no such conversation.");
        const id = conversationId ?? `c0000000-0000-7000-8000-00000000000${kept.size + removed.length + 1}`;
        const answer = { ...fakeAnswer(asked), conversationId: id };
        kept.set(id, { collection, answers: [...(kept.get(id)?.answers ?? []), answer] });
        yield { type: "answer", answer };
        return answer;
      },
      conversations: {
        async get(id) {
          const found = kept.get(id);
          return found === undefined ? null : { id, ...found, createdAt: at, updatedAt: at, messages: [] };
        },
        async remove(id) {
          removed.push(id);
          return kept.delete(id);
        },
      },
    },
  };
}

async function ask(page: Page, words: string): Promise<void> {
  const count = await page.locator("h2.question").count();
  await page.getByLabel("Your question").fill(words);
  await page.keyboard.press("Enter");
  await page.locator(".turn").nth(count).getByText("Answered", { exact: true }).waitFor();
}

function questions(page: Page): Promise<string[]> {
  return page.locator("h2.question").allInnerTexts();
}

describe.skipIf(WITHOUT_BROWSER !== "")(`conversations of the web page${WITHOUT_BROWSER}`, () => {
  let browser: PageBrowser;
  beforeAll(async () => {
    browser = await openPageBrowser();
  });
  afterAll(() => browser.close());

  it("gives a conversation an address that shows it in its collection, whatever the tab remembers", async () => {
    const page = await browser.openPage("/?collection=notes", keeping());
    await ask(page, question);
    await ask(page, "And on Windows?");
    await page.waitForURL(/#\/conversations\/c0000000-0000-7000-8000-000000000001$/);
    const address = page.url().replace("?collection=notes", "");
    await page.evaluate("sessionStorage.clear()");
    await page.goto("about:blank");
    await page.goto(address);
    await page.locator(".turn").nth(1).waitFor();
    expect(await questions(page)).toEqual([question, "And on Windows?"]);
    await expect.poll(() => page.getByLabel("Collection").inputValue()).toBe("notes");
    await page.getByRole("link", { name: "Search" }).click();
    await page.getByRole("link", { name: "Ask", exact: true }).click();
    expect(await questions(page)).toEqual([question, "And on Windows?"]);
  });

  it("stays in the collection of the address over a reload, whatever the tab remembers", async () => {
    const page = await browser.openPage("/", keeping());
    await ask(page, question);
    await page.getByRole("link", { name: "Documents" }).click();
    await page.getByLabel("Collection").selectOption("notes");
    await page.reload();
    await page.getByText("copied into “notes”").waitFor();
    await page.waitForLoadState("networkidle");
    expect(await page.getByLabel("Collection").inputValue()).toBe("notes");
    await page.getByRole("link", { name: "Ask", exact: true }).click();
    await page.getByRole("link", { name: question }).click();
    await expect.poll(() => questions(page)).toEqual([question]);
    expect(await page.getByLabel("Collection").inputValue()).toBe("default");
  });

  it("lists earlier questions on the start page, opens them, goes back, and removes them", async () => {
    const { useCases, removed } = keeping();
    const page = await browser.openPage("/", { useCases });
    await ask(page, question);
    await page.getByRole("link", { name: "citewell, start page" }).click();
    await page.getByLabel("Collection").selectOption("notes");
    await ask(page, "What is new?");
    await page.getByRole("link", { name: "citewell, start page" }).click();
    const earlier = page.getByRole("region", { name: "Earlier questions" });
    expect(await earlier.getByRole("link").allInnerTexts()).toEqual(["What is new?", question]);
    await earlier.getByRole("link", { name: question }).click();
    await expect.poll(() => questions(page)).toEqual([question]);
    expect(await page.getByLabel("Collection").inputValue()).toBe("default");
    await page.goBack();
    await earlier.waitFor();
    expect(await questions(page)).toEqual([]);
    await expect.poll(() => page.getByLabel("Collection").inputValue()).toBe("notes");
    page.on("dialog", (dialog) => void dialog.accept());
    await page.getByRole("button", { name: `Remove the conversation: ${question}` }).click();
    await expect.poll(() => earlier.getByRole("link").allInnerTexts()).toEqual(["What is new?"]);
    expect(removed).toEqual(["c0000000-0000-7000-8000-000000000001"]);
    expect(await page.evaluate("document.activeElement.textContent")).toBe("Earlier questions");
  });

  it("gives the keyboard the first of the earlier questions that were not shown", async () => {
    const page = await browser.openPage("/", keeping());
    const at = new Date().toISOString();
    const recent = Array.from({ length: 9 }, (_, n) => ({
      id: `c${n}`,
      question: `Is ${n} even?`,
      collection: "notes",
      at,
    }));
    await page.evaluate(`localStorage.setItem("citewell.recent", ${JSON.stringify(JSON.stringify(recent))})`);
    await page.reload();
    await page.getByRole("button", { name: "Show all 9" }).press("Enter");
    await expect.poll(() => page.evaluate("document.activeElement.textContent")).toBe("Is 5 even?");
  });

  it("says that a conversation is not kept any more", async () => {
    const page = await browser.openPage("/#/conversations/c0000000-0000-7000-8000-000000000009", keeping());
    await page.getByText("This conversation is not kept any more.").waitFor();
    await ask(page, question);
    expect(await page.getByText("not kept any more").count()).toBe(0);
  });

  it("begins a new conversation where the one that is continued is not kept any more", async () => {
    const { useCases } = keeping();
    const page = await browser.openPage("/", { useCases });
    await ask(page, question);
    await page.waitForURL(/conversations\/c.*1$/);
    await useCases.conversations?.remove("c0000000-0000-7000-8000-000000000001");
    await page.getByLabel("Your question").fill("And on Windows?");
    await page.keyboard.press("Enter");
    await page.getByText("This conversation is not kept any more.").waitFor();
    await page.getByRole("button", { name: "Ask again" }).click();
    await page.waitForURL(/conversations\/c.*2$/);
    expect(await questions(page)).toEqual([question, "And on Windows?"]);
  });

  it("remembers questions no longer than the key that they were asked with", async () => {
    const page = await browser.openPage("/", { ...keeping(), apiKeys: ["right"] });
    await page.getByLabel("API key").fill("right");
    await page.keyboard.press("Enter");
    await ask(page, question);
    await page.getByRole("link", { name: "citewell, start page" }).click();
    await page.getByRole("link", { name: question }).waitFor();
    expect(await page.evaluate("localStorage.length")).toBe(0);
  });

  it("saves a conversation as Markdown", async () => {
    const page = await browser.openPage("/", keeping());
    await ask(page, question);
    await ask(page, "And on Windows?");
    const waiting = page.waitForEvent("download");
    await page.getByRole("button", { name: "Save conversation" }).click();
    const download = await waiting;
    expect(download.suggestedFilename()).toBe("How-do-I-install-it.md");
    const saved = await readFile(await download.path(), "utf8");
    expect(saved.match(/^## .*$/gm)).toEqual([`## ${question}`, "## And on Windows?"]);
    expect(saved).toContain("[1] guide/install.md, line 4");
    expect(browser.problems).toEqual([]);
  });
});
