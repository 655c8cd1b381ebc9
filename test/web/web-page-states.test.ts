import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Page } from "playwright-core";
import type { Answer, AnswerEvent } from "../../src/domain/answer.ts";
import { CitewellError } from "../../src/errors.ts";
import { CITATION, COLLECTION, createFakeUseCases, DOCUMENT, fakeAnswer } from "../server/fake-use-cases.ts";
import { answering, openPageBrowser, WITHOUT_BROWSER, type PageBrowser } from "./page-browser.ts";

const question = "How do I install it?";
const { documents, collections, submitDocuments } = createFakeUseCases();

function missing(): CitewellError {
  return new CitewellError("collection_missing", 'There is no collection "default".');
}

async function ask(page: Page, words: string): Promise<void> {
  await page.getByLabel("Your question").fill(words);
  await page.keyboard.press("Enter");
}

describe.skipIf(WITHOUT_BROWSER !== "")(`states of the web page${WITHOUT_BROWSER}`, () => {
  let browser: PageBrowser;
  beforeAll(async () => {
    browser = await openPageBrowser();
  });
  afterAll(() => browser.close());

  it("says what to do where nothing is stored yet, without calling it an error", async () => {
    const page = await browser.openPage("/", {
      useCases: {
        collections: { ...collections, list: async () => [] },
        documents: { ...documents, list: () => Promise.reject(missing()) },
        // eslint-disable-next-line require-yield
        async *answerQuestion(): AsyncGenerator<AnswerEvent, Answer> {
          throw missing();
        },
      },
    });
    await page.getByText("Nothing is stored yet.").waitFor();
    await ask(page, question);
    await page.getByText("“default” holds no documents yet.").waitFor();
    await page.locator(".turn").getByRole("link", { name: "Add documents" }).click();
    await page.getByText("“default” holds no documents yet. Drop some above").waitFor();
    expect(await page.locator(".notice.bad").count()).toBe(0);
  });

  it("shows what is ingested meanwhile by itself", async () => {
    let stored = 0;
    const page = await browser.openPage("/", {
      useCases: {
        collections: { ...collections, list: async () => (stored === 0 ? [] : [{ ...COLLECTION, documents: stored }]) },
      },
    });
    await page.getByText("Nothing is stored yet.").waitFor();
    stored = 7;
    await page.getByText("7 documents in “default”").waitFor();
    stored = 9;
    await page.getByText("9 documents in “default”").waitFor();
  });

  it("keeps the chosen collection over a reload, and asks a question of the address only once", async () => {
    let asked = 0;
    const page = await browser.openPage(`/?q=${encodeURIComponent(question)}`, {
      useCases: {
        collections: { ...collections, list: async () => [COLLECTION, { ...COLLECTION, name: "notes" }] },
        async *answerQuestion(request): AsyncGenerator<AnswerEvent, Answer> {
          asked += 1;
          yield { type: "answer", answer: fakeAnswer(request.question) };
          return fakeAnswer(request.question);
        },
      },
    });
    await page.getByText("Answered", { exact: true }).waitFor();
    await page.getByLabel("Collection").selectOption("notes");
    await page.getByRole("button", { name: "New question" }).click();
    await page.reload();
    await page.getByText("in “notes”").waitFor();
    expect(asked).toBe(1);
  });

  it("makes a collection under a name that the server takes, and shows it", async () => {
    const made: string[] = [];
    const page = await browser.openPage("/#/documents", {
      useCases: {
        collections: {
          ...collections,
          list: async () => [COLLECTION, ...made.map((name) => ({ ...COLLECTION, name, documents: 0, chunks: 0 }))],
          create: async (name) => {
            made.push(name);
            return { ...COLLECTION, name };
          },
        },
        documents: { ...documents, list: async () => ({ documents: [], nextCursor: null }) },
      },
    });
    await page.getByRole("button", { name: "New collection" }).click();
    await page.getByLabel("Name of the new collection").fill("Mandat Müller");
    await page.getByText("It will be called “Mandat-Muller”.").waitFor();
    await page.keyboard.press("Enter");
    await page.getByText("“Mandat-Muller” holds no documents yet.").waitFor();
    expect(made).toEqual(["Mandat-Muller"]);
    expect(await page.locator(".collection select").inputValue()).toBe("Mandat-Muller");
    expect(await page.getByLabel("Name of the new collection").count()).toBe(0);
    await expect.poll(() => page.evaluate("document.activeElement.textContent")).toBe("Documents");
  });

  it("says why a collection cannot be made, and goes back on Escape", async () => {
    const page = await browser.openPage("/#/documents");
    await page.getByRole("button", { name: "New collection" }).click();
    await page.keyboard.type(COLLECTION.name);
    await page.keyboard.press("Enter");
    await page.getByText(`There is a collection ${COLLECTION.name}.`).waitFor();
    await page.keyboard.press("Escape");
    await expect.poll(() => page.evaluate("document.activeElement.textContent")).toBe("New collection");
  });

  it("deletes a collection when that was confirmed, and shows another one", async () => {
    const names = new Set([COLLECTION.name, "notes"]);
    const page = await browser.openPage("/?collection=notes#/documents", {
      useCases: {
        collections: {
          ...collections,
          list: async () => [...names].map((name) => ({ ...COLLECTION, name })),
          remove: async (name) => names.delete(name),
        },
      },
    });
    const asked: string[] = [];
    let isAccepted = false;
    page.on("dialog", (dialog) => {
      asked.push(dialog.message());
      void (isAccepted ? dialog.accept() : dialog.dismiss());
    });
    const button = page.getByRole("button", { name: "Delete collection" });
    await button.click();
    expect([...names]).toContain("notes");
    isAccepted = true;
    await button.click();
    await page.getByText(`copied into “${COLLECTION.name}”`).waitFor();
    expect([...names]).toEqual([COLLECTION.name]);
    expect(asked).toHaveLength(2);
    expect(asked[0]).toMatch(/^Delete the collection “notes” with 1 document\?/);
  });

  it("goes back to the search before, with its words", async () => {
    const page = await browser.openPage("/?q=install#/search");
    await page.getByText("1 passage in").waitFor();
    await page.getByLabel("Search for").fill("lift");
    await page.keyboard.press("Enter");
    await page.waitForURL(/q=lift/);
    await page.goBack();
    await expect.poll(() => page.getByLabel("Search for").inputValue()).toBe("install");
    await page.reload();
    await page.getByText("1 passage in").waitFor();
    await expect.poll(() => page.title()).toBe("Search – citewell");
  });

  it("copies an answer with its sources", async () => {
    const page = await browser.openPage(`/?q=${encodeURIComponent(question)}`, {
      permissions: ["clipboard-read", "clipboard-write"],
    });
    await page.getByRole("button", { name: "Copy with sources" }).click();
    await page.getByRole("button", { name: "Copied" }).waitFor();
    const copied = await page.evaluate<string>("navigator.clipboard.readText()");
    expect(copied).toContain("Run `npm install --global citewell` once. [1]");
    expect(copied).toContain("[1] guide/install.md, line 4");
  });

  it("offers no sources where an answer has none", async () => {
    const refused = {
      ...fakeAnswer(question),
      answer: "I do not know.",
      citations: [],
      status: "insufficient" as const,
    };
    const page = await browser.openPage(`/?q=${encodeURIComponent(question)}`, { useCases: answering(refused) });
    await page.getByRole("button", { name: "Copy", exact: true }).waitFor();
  });

  it("leads from a refusal to the passages that come nearest", async () => {
    const refused = {
      ...fakeAnswer(question),
      answer: "I do not know.",
      citations: [],
      status: "insufficient" as const,
      searches: [{ query: "installing it", hits: 1 }],
    };
    const page = await browser.openPage(`/?q=${encodeURIComponent(question)}`, { useCases: answering(refused) });
    await page.getByRole("link", { name: "see the passages that come nearest" }).click();
    expect(await page.getByLabel("Search for").inputValue()).toBe("installing it");
    await page.locator(".hit-text").first().waitFor();
  });

  it("copies where the browser keeps the clipboard from the page", async () => {
    const page = await browser.openPage(`/?q=${encodeURIComponent(question)}`);
    await page.evaluate("Object.defineProperty(navigator, 'clipboard', { value: undefined })");
    await page.getByRole("button", { name: "Copy with sources" }).click();
    await page.getByRole("button", { name: "Copied" }).waitFor();
  });

  it("marks the quotes of a place, names the place and the document, and copies a link to it", async () => {
    const text = "Rent is due in May.\nCats are allowed.\nDogs are not.\n";
    const quote = (line: number, start: number, end: number) => ({
      ...CITATION,
      lines: { start: line, end: line },
      span: { start, end },
      quote: text.slice(start, end),
    });
    const answer = {
      ...fakeAnswer(question),
      answer: "Rent is due in May. [1] Dogs are not. [1]",
      citations: [quote(1, 0, 19), quote(3, 38, 51)],
    };
    const page = await browser.openPage(`/?q=${encodeURIComponent(question)}`, {
      permissions: ["clipboard-read", "clipboard-write"],
      useCases: {
        ...answering(answer),
        documents: { ...documents, get: async () => ({ document: DOCUMENT, text, chunks: [] }) },
      },
    });
    await page.getByText("2 quotes from 1 document").waitFor();
    await page.locator(".citation").click();
    await expect.poll(() => page.locator("mark").allInnerTexts()).toEqual(["Rent is due in May.", "Dogs are not."]);
    await page.getByText("guide/install.md · lines 1–3 ·").waitFor();
    await expect.poll(() => page.title()).toBe("Installation – citewell");
    expect(await page.locator(".citation[aria-current='true']").count()).toBe(1);
    await page.getByRole("button", { name: "Copy link" }).click();
    await page.getByRole("button", { name: "Copied" }).waitFor();
    expect(await page.evaluate<string>("navigator.clipboard.readText()")).toBe(page.url());
    // A part of the place is as well the place.
    await page.locator(".prose button.marker").last().click();
    await expect.poll(() => page.locator("mark").allInnerTexts()).toEqual(["Dogs are not."]);
    expect(await page.locator(".citation[aria-current='true']").count()).toBe(1);

    // One step back leads out of the document, however many places of it were looked at, and none leads into it again.
    await page.keyboard.press("Escape");
    await page.locator(".panel").waitFor({ state: "detached" });
    await expect.poll(() => page.title()).toBe("citewell");
    expect(page.url()).not.toContain("#/documents/");
  });

  it("keeps the keyboard out of the page that a document covers, and gives it back its place", async () => {
    const page = await browser.openPage(`/?q=${encodeURIComponent(question)}`);
    await page.setViewportSize({ width: 360, height: 740 });
    const marker = page.locator(".prose button.marker");
    await marker.focus();
    await page.keyboard.press("Enter");
    await page.locator("mark").waitFor();
    for (let presses = 0; presses < 6; presses += 1) {
      await page.keyboard.press("Tab");
      expect(await page.evaluate("document.activeElement.closest('.header, .main') === null")).toBe(true);
    }
    await page.keyboard.press("Escape");
    await page.locator("mark").waitFor({ state: "detached" });
    await expect.poll(() => marker.evaluate((one) => one === one.ownerDocument.activeElement)).toBe(true);
  });

  it("asks again in the place of what failed", async () => {
    let failures = 1;
    const page = await browser.openPage(`/?q=${encodeURIComponent(question)}`, {
      useCases: {
        async *answerQuestion(request): AsyncGenerator<AnswerEvent, Answer> {
          if (failures-- > 0) throw new CitewellError("model_unavailable", "No model answers.");
          yield { type: "answer", answer: fakeAnswer(request.question) };
          return fakeAnswer(request.question);
        },
      },
    });
    await page.getByRole("button", { name: "Ask again" }).click();
    await page.getByText("Answered", { exact: true }).waitFor();
    expect(await page.locator("h2.question").count()).toBe(1);
    expect(await page.evaluate("document.activeElement.id")).toBe("question");
  });

  it("shows the lines of a program as they are indented", async () => {
    const quote = "function install() {\n  run();\n}";
    const answer = { ...fakeAnswer(question), citations: [{ ...CITATION, quote }] };
    const page = await browser.openPage(`/?q=${encodeURIComponent(question)}`, { useCases: answering(answer) });
    const shown = page.locator(".quote");
    await shown.waitFor();
    expect(await page.evaluate("getComputedStyle(document.querySelector('.quote')).whiteSpace")).toBe("pre-wrap");
  });

  it("names some of the documents where nobody knows what to ask, and leads to all of them", async () => {
    const page = await browser.openPage("/");
    await page.getByText("Among them: “Installation”").waitFor();
    await page.getByRole("link", { name: "1 document" }).click();
    await page.getByRole("heading", { name: "Documents" }).waitFor();
  });

  it("leaves the clicked citation where it is when the document opens beside it", async () => {
    const long = `${"A paragraph that is so long that it takes more lines where the page is narrower. ".repeat(4)}\n\n`;
    const answer = {
      ...fakeAnswer(question),
      answer: `${long.repeat(12)}Here. [1]\n\n${long.repeat(12)}`,
      citations: [CITATION],
    };
    const page = await browser.openPage(`/?q=${encodeURIComponent(question)}`, { useCases: answering(answer) });
    const marker = page.locator(".prose button.marker");
    await marker.waitFor();
    await page.evaluate("scrollTo(0, document.querySelector('.prose button.marker').offsetTop - 300)");
    const before = await marker.boundingBox();
    await marker.click();
    await page.locator("mark").waitFor();
    expect(await page.locator(".citation[aria-current='true']").count()).toBe(1);
    expect(Math.abs(((await marker.boundingBox())?.y ?? 0) - (before?.y ?? 0))).toBeLessThan(3);
    await page.keyboard.press("Escape");
    await page.locator("mark").waitFor({ state: "detached" });
    expect(Math.abs(((await marker.boundingBox())?.y ?? 0) - (before?.y ?? 0))).toBeLessThan(3);
  });

  it("shows a letter in the type of words, and code in that of code", async () => {
    const typeOf = async (language: string): Promise<string> => {
      const document = { ...DOCUMENT, language };
      const page = await browser.openPage(`/#/documents/${DOCUMENT.id}`, {
        useCases: { documents: { ...documents, get: async () => ({ document, text: "A line.", chunks: [] }) } },
      });
      await page.getByText("A line.").waitFor();
      return String(await page.evaluate("getComputedStyle(document.querySelector('.line-text')).fontFamily"));
    };
    expect(await typeOf("docx")).toMatch(/sans-serif$/);
    expect(await typeOf("typescript")).toMatch(/monospace$/);
  });

  it("names the pages of a document that has some", async () => {
    const text = "The rent is due.\n\nCats are allowed.\n";
    const pages = [
      { page: 1, start: 0, end: 16 },
      { page: 2, start: 18, end: 35 },
    ];
    const page = await browser.openPage(`/#/documents/${DOCUMENT.id}?span=18-35&collection=default`, {
      useCases: {
        documents: { ...documents, get: async () => ({ document: { ...DOCUMENT, pages }, text, chunks: [] }) },
      },
    });
    await page.locator("mark").waitFor();
    expect(await page.locator(".page-start").allInnerTexts()).toEqual(["Page 1", "Page 2"]);
    expect(await page.locator(".page-start + .line.cited").innerText()).toContain("Cats are allowed.");
  });

  it("shows the newest question at the top, with room for its answer", async () => {
    const page = await browser.openPage("/");
    await page.emulateMedia({ reducedMotion: "reduce" });
    await ask(page, question);
    await page.getByText("Answered", { exact: true }).waitFor();
    await ask(page, "And on Windows?");
    const second = page.getByRole("heading", { name: "And on Windows?" });
    await expect.poll(async () => (await second.boundingBox())?.y ?? 800).toBeLessThan(250);
  });

  it("keeps a marker on the line of its word, and scrolls a table rather than breaking its words", async () => {
    const table = `| Setting | Meaning | Default |\n| --- | --- | --- |\n| CITEWELL_DATA | ${"where it is ".repeat(9)}| 8080 |\n`;
    const answer = { ...fakeAnswer(question), answer: `It is here. [1] [1]\n\n${table}`, citations: [CITATION] };
    const page = await browser.openPage(`/?q=${encodeURIComponent(question)}`, { useCases: answering(answer) });
    await page.setViewportSize({ width: 360, height: 740 });
    const text = page.locator(".prose p").first();
    await text.waitFor();
    expect(await text.locator(".unbroken").innerText()).toBe("here. 1");
    const heights = await page.locator(".prose th").evaluateAll((cells) => cells.map((cell) => cell.clientHeight));
    expect(Math.max(...heights)).toBeLessThan(60);
    expect(await page.locator(".prose table").evaluate((one) => one.scrollWidth > one.clientWidth)).toBe(true);
  });

  it("announces an answer in its words, without the signs of its Markdown", async () => {
    const markdown = "It works **offline** [1]. See `doctor`.\n\n| Part | State |\n| --- | --- |\n| store | fine |\n";
    const answer = { ...fakeAnswer(question), answer: markdown, citations: [CITATION] };
    const page = await browser.openPage(`/?q=${encodeURIComponent(question)}`, { useCases: answering(answer) });
    const said = "Answered, 1 quote. It works offline. See doctor. Part State store fine";
    await page.getByRole("status").filter({ hasText: said }).waitFor();
  });

  it("shows what is marked and chosen where the system sets the colours", async () => {
    const page = await browser.openPage(`/#/documents/${DOCUMENT.id}?span=0-4&collection=default`);
    await page.emulateMedia({ forcedColors: "active" });
    await page.locator("mark").waitFor();
    const colours = "['mark', 'body'].map((one) => getComputedStyle(document.querySelector(one)).backgroundColor)";
    const [mark, body] = await page.evaluate<string[]>(colours);
    expect(mark).not.toBe(body);
    const line = "getComputedStyle(document.querySelector('.tabs a[aria-current]')).textDecorationLine";
    expect(await page.evaluate(line)).toBe("underline");
  });

  it("ranks the headings of an answer below its question", async () => {
    const answer = { ...fakeAnswer(question), answer: "## First\n\n##### Deep\n\n# Second\n" };
    const page = await browser.openPage(`/?q=${encodeURIComponent(question)}`, { useCases: answering(answer) });
    await page.getByRole("heading", { name: "Second" }).waitFor();
    const ranks = await page
      .locator(".prose :is(h1, h2, h3, h4, h5, h6)")
      .evaluateAll((all) => all.map((one) => one.tagName));
    expect(ranks).toEqual(["H3", "H4", "H3"]);
  });

  it("says what it is while its script is on the way", async () => {
    const page = await browser.openPage("/");
    const html = await (await page.request.get(page.url().split("#")[0] ?? "")).text();
    expect(html).toContain("every answer cites the lines it stands on.</p>");
    await page.getByRole("heading", { level: 1 }).waitFor();
    expect(await page.locator(".loading").count()).toBe(0);
  });

  it("sends files of one name one after the other", async () => {
    const sent: string[][] = [];
    const page = await browser.openPage("/#/documents", {
      useCases: {
        submitDocuments(options) {
          sent.push(options.documents.map(({ source }) => source));
          return submitDocuments(options);
        },
      },
    });
    const file = (name: string) => ({ name, mimeType: "text/markdown", buffer: Buffer.from(`# ${name}`) });
    await page.getByLabel("choose files").setInputFiles(["a.md", "b.md", "a.md"].map(file));
    await page.getByText("3 added").waitFor();
    expect(sent).toEqual([["a.md", "b.md"], ["a.md"]]);
  });

  it("says where dropped files go while they are dragged over a view", async () => {
    const page = await browser.openPage("/");
    await page.getByLabel("Your question").waitFor();
    const drag = `
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(new File(["a"], "a.md"));
      dispatchEvent(new DragEvent("dragover", { dataTransfer, cancelable: true }));
    `;
    await page.evaluate(drag);
    await page.getByText("Drop to add to “default”").waitFor();
    await page.evaluate("dispatchEvent(new DragEvent('dragleave'))");
    await page.getByText("Drop to add to “default”").waitFor({ state: "detached" });
  });

  it("takes a dropped folder with what lies in it, and says what it left out", async () => {
    const folder = join(browser.folder, "papers");
    await mkdir(join(folder, "old", ".git"), { recursive: true });
    for (const name of ["a.md", "old/b.md", "old/.git/config", ".DS_Store"]) await writeFile(join(folder, name), name);
    const sent: string[][] = [];
    const page = await browser.openPage("/", {
      useCases: {
        submitDocuments(options) {
          sent.push(options.documents.map(({ source }) => source).toSorted());
          return submitDocuments(options);
        },
      },
    });
    await page.getByLabel("Your question").waitFor();
    // No script can make a folder: the browser itself has to be told of the drop.
    const session = await page.context().newCDPSession(page);
    for (const type of ["dragEnter", "dragOver", "drop"] as const) {
      const data = { items: [], files: [folder], dragOperationsMask: 1 };
      await session.send("Input.dispatchDragEvent", { type, x: 400, y: 400, data });
    }
    await page.getByText("2 added").waitFor();
    await page.getByText("Left out: 2 hidden files or folders").waitFor();
    expect(sent).toEqual([["papers/a.md", "papers/old/b.md"]]);
  });

  it("asks for the key in words for people, and shows nothing else until it has it", async () => {
    const page = await browser.openPage("/", { apiKeys: ["right"] });
    const box = page.getByLabel("API key");
    await box.waitFor();
    expect(await page.getByText("Authorization").count()).toBe(0);
    expect(await page.getByLabel("Your question").count()).toBe(0);
    expect(await box.evaluate((input) => input === input.ownerDocument.activeElement)).toBe(true);
  });

  it("keeps the keyboard's place after a document is removed", async () => {
    const page = await browser.openPage("/#/documents");
    page.on("dialog", (dialog) => void dialog.accept());
    await page.getByRole("button", { name: `Remove ${DOCUMENT.source}` }).click();
    await expect.poll(() => page.evaluate("document.activeElement.textContent")).toBe("Documents");
  });

  it("prints the answer with whole quotes, and none of what is for the screen", async () => {
    const page = await browser.openPage(`/?q=${encodeURIComponent(question)}`);
    await page.getByText("Answered", { exact: true }).waitFor();
    await page.emulateMedia({ media: "print" });
    expect(await page.locator(".prose").isVisible()).toBe(true);
    expect(await page.locator(".citation").isVisible()).toBe(true);
    expect(await page.locator(".own").count()).toBe(0);
    for (const name of [".header", ".dock", ".turn-foot"]) expect(await page.locator(name).isVisible()).toBe(false);
    expect(browser.problems).toEqual([]);
  });
});
