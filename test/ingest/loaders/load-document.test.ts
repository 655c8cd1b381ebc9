import { describe, expect, it } from "vitest";
import {
  loadBytes,
  loadFile,
  type LoadOutcome,
  readFailure,
  skipReason,
} from "../../../ingest/loaders/load-document.ts";
import { isNestedDeeperThan } from "../../../ingest/loaders/tag-depth.ts";
import type { LoadedDocument } from "../../../src/domain/document.ts";
import { createFolder } from "../temporary-folder.ts";

const load = async (source: string, content: string | Uint8Array): Promise<LoadOutcome> =>
  loadBytes({ root: "/r", source, bytes: typeof content === "string" ? new TextEncoder().encode(content) : content });

async function loaded(
  source: string,
  content: string | Uint8Array,
): Promise<LoadedDocument & { readonly note: string }> {
  const outcome = await load(source, content);
  if (outcome.status !== "loaded") throw new Error(outcome.reason);
  return { ...outcome.document, note: outcome.note };
}

describe("decoding", () => {
  it("removes a byte order mark", async () => {
    expect((await loaded("a.txt", "\ufeffHello")).text).toBe("Hello");
  });

  it.each([
    ["little-endian", [0xff, 0xfe, 0x48, 0, 0x69, 0]],
    ["big-endian", [0xfe, 0xff, 0, 0x48, 0, 0x69]],
  ])("reads %s UTF-16", async (_name, bytes) => {
    expect((await loaded("a.txt", Uint8Array.from(bytes))).text).toBe("Hi");
  });

  it("reads invalid UTF-8 as windows-1252 and says so", async () => {
    const document = await loaded("a.txt", Uint8Array.from([0x63, 0x61, 0x66, 0xe9, 0x20, 0x80]));
    expect(document.text).toBe("café €");
    expect(document.note).toMatch(/windows-1252/);
  });

  it("reads a page in the encoding it declares", async () => {
    const head = new TextEncoder().encode('<html><head><meta charset="iso-8859-2"></head><body><p>');
    expect((await loaded("a.html", Uint8Array.from([...head, 0xb1]))).text).toBe("ą\n");
  });

  it("keeps Windows line breaks", async () => {
    expect((await loaded("a.md", "one\r\ntwo\r\n")).text).toBe("one\r\ntwo\r\n");
  });

  it.each([
    ["bytes of zero", Uint8Array.from([72, 0, 105])],
    ["many control characters", new Uint8Array(100).fill(3)],
  ])("skips a file with %s as binary", async (_name, bytes) => {
    expect(await load("a.txt", bytes)).toEqual({ status: "skipped", reason: "binary file" });
  });

  it("skips a file of white space as empty", async () => {
    expect(await load("a.txt", " \n\t\n")).toEqual({ status: "skipped", reason: "empty file" });
  });

  it.each(["film.csv", "book.pdf", "notes"])(
    "skips %s where Git LFS keeps it elsewhere, and says how to get it",
    async (source) => {
      const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${"4d7a".repeat(16)}\nsize 81234\n`;
      expect(await load(source, pointer)).toEqual({
        status: "skipped",
        reason: "a pointer of Git LFS to a file of 81,234 bytes, which is not here; fetch it with `git lfs pull`",
      });
      expect((await load(source, `Such a pointer begins so:\n\n${pointer}`)).status).toBe("loaded");
    },
  );
});

describe("formats", () => {
  it.each([
    ["a.ts", "typescript"],
    ["a.py", "python"],
    ["Dockerfile", "dockerfile"],
    ["CMakeLists.txt", "cmake"],
    ["a.unknown", "text"],
    ["LICENSE", "text"],
    ["a.constructor", "text"],
    ["notes.md", "markdown"],
  ])("takes %s for %s", async (source, language) => {
    expect((await loaded(source, "content")).language).toBe(language);
  });

  it("tells a script by its first line", async () => {
    expect((await loaded("run", "#!/usr/bin/env python3\nprint(1)\n")).language).toBe("python");
  });

  it.each([
    ["a.png", [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0], "binary file: PNG image"],
    ["a.txt", [0xff, 0xd8, 0xff, 0xe0, 1, 1], "binary file: JPEG image"],
    ["notes.md", [0x1f, 0x8b, 8, 0x20], "binary file: gzip archive; unpack it to have its files read"],
    ["a.ole", [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1, 0], /^a damaged old Office file or Outlook message/],
    ["a.bin", [0x50, 0x4b, 3, 4, 0, 0], /damaged ZIP package/],
    ["a.pst", [...Buffer.from("!BDN"), 0, 1], "binary file: Outlook data file; export its mails as .eml or .mbox"],
    ["a.mdb", [0, 1, 0, 0, ...Buffer.from("Standard Jet DB\0")], /^binary file: Access database; export it as .csv/],
  ])("names what %s is, by its content", async (source, bytes, reason) => {
    expect(await load(source, Uint8Array.from(bytes))).toEqual({
      status: "skipped",
      reason: typeof reason === "string" ? reason : expect.stringMatching(reason),
    });
  });

  it.each(["a.docx", "a.dotm", "a.XLSX", "a.pptm", "a.odt", "a.ots", "a.epub"])(
    "fails on half of %s",
    async (source) => {
      expect(await load(source, Uint8Array.from([0x50, 0x4b, 3, 4, 0, 0]))).toEqual({
        status: "failed",
        reason: "a damaged ZIP package: its list of files is missing or broken",
      });
    },
  );

  it("reads a text that is named as an image", async () => {
    expect((await loaded("a.png", "BM, GIF8 and MZ are words here.\n")).text).toBe("BM, GIF8 and MZ are words here.\n");
  });

  it("names size and setting for a file that is too large", async () => {
    expect(skipReason({ source: "a.md", bytes: 2_000 }, { maxFileBytes: 1_000 })).toBe(
      "2,000 bytes are more than the 1,000 that maxFileBytes allows; raise that setting (CITEWELL_MAX_FILE_BYTES), or split the file",
    );
  });

  it.each([
    ["ERR_STRING_TOO_LONG", "too large to be read at once; split it"],
    ["ERR_FS_FILE_TOO_LARGE", "too large to be read at once; split it"],
    ["EACCES", "permission denied"],
    ["EBUSY", "another program has it open and lets nobody else read it; close it there"],
    ["EIO", "the disk's own words"],
  ])("says what to do about %s", (code, reason) => {
    expect(readFailure(Object.assign(new Error("the disk's own words"), { code }))).toBe(reason);
  });

  it.each(["~$Budget.xlsx", "a/~$letter.docx", ".~lock.plan.odt#"])(
    "passes over %s, which only marks a document as open",
    (source) => {
      expect(skipReason({ source, bytes: 165 }, { maxFileBytes: 1_000 })).toMatch(/^a mark of an Office program/);
    },
  );

  it("reads a page that was exported under the name of a table", async () => {
    const html =
      "<html><body><table><tr><td>Region</td><td>Sales</td></tr><tr><td>North</td><td>42</td></tr></table></body></html>";
    expect(await loaded("sales.xls", html)).toMatchObject({
      language: "html",
      text: "| Region | Sales |\n| North | 42 |\n",
    });
  });

  it("reports a file that is not there any more", async () => {
    const folder = await createFolder();
    const file = { root: folder.path, source: "a.md", absolutePath: `${folder.path}/a.md`, bytes: 1, modifiedAt: 0 };
    expect(await loadFile(file, { maxFileBytes: 100 })).toEqual({
      status: "failed",
      reason: "vanished while it was being read",
    });
  });
});

describe("Markdown", () => {
  it.each([
    ["---\ntitle: From the front\n---\n# Heading\n", "From the front"],
    ["---\r\ntitle: 'Windows: too'\r\n---\r\nText\r\n", "Windows: too"],
    ["Intro\n\n# The **bold** [link](x) `code`\n", "The bold link code"],
    ["The title\n=========\n\nText\n", "The title"],
    ["```sh\n# no title\n```\n# Title\n", "Title"],
    ["## Only a section\n", null],
    ["---\ntitle: [broken\n---\n# Heading\n", "Heading"],
    ["---\nnot closed\n# Heading\n", "Heading"],
  ])("finds the title of %j", async (text, title) => {
    expect(await loaded("a.md", text)).toMatchObject({ title, text });
  });
});

describe("HTML", () => {
  it("gives Markdown text with the page's title", async () => {
    const page =
      "<!doctype html><html><head><title>Simple HTML Example</title><style>p{}</style></head><body>" +
      "<h1>Hello, World!</h1><p>A very <b>simple</b> snake_case <a href='https://x.y'>example</a>.</p>" +
      "<script>alert(1)</script><ul><li>one<li>two</ul></body></html>";
    const { title, text } = await loaded("a.html", page);
    expect(title).toBe("Simple HTML Example");
    expect(text).toBe("# Hello, World!\n\nA very **simple** snake_case example.\n\n-   one\n-   two\n");
  });

  it("takes a heading for the title of a page without one", async () => {
    expect((await loaded("a.html", "<h1>Heading</h1><p>Text</p>")).title).toBe("Heading");
  });

  it("reads a fragment", async () => {
    expect((await loaded("a.html", "<p>One</p><p>Two</p>")).text).toBe("One\n\nTwo\n");
  });

  it("keeps the rows of a table", async () => {
    const { text } = await loaded(
      "a.html",
      "<table><tr><th>a</th><th>b</th></tr><tr><td>1</td><td>2</td></tr></table>",
    );
    expect(text).toBe("| a | b |\n| --- | --- |\n| 1 | 2 |\n");
  });

  it("keeps a table's head and body together, and a table without names as it is", async () => {
    const cells = (name: string, ...texts: readonly string[]): string =>
      `<tr>${texts.map((one) => `<${name}>${one}</${name}>`).join("")}</tr>`;
    const named = `<table><thead>${cells("th", "a", "b")}</thead><tbody>${cells("td", "1", "2")}</tbody></table>`;
    expect((await loaded("a.html", named)).text).toBe("| a | b |\n| --- | --- |\n| 1 | 2 |\n");
    const form = `<table>${cells("td", "Name", "Mara")}${cells("td", "Town", "Lindmouth")}${cells("td", "Since", "May")}</table>`;
    expect((await loaded("a.html", form)).text).toBe("| Name | Mara |\n| Town | Lindmouth |\n| Since | May |\n");
    const sides = `<table><tr><th>Height</th><td>3 m</td></tr><tr><th>Width</th><td>1 m</td></tr></table>`;
    expect((await loaded("a.html", sides)).text).toBe("| Height | 3 m |\n| Width | 1 m |\n");
  });

  it("keeps an article and leaves out the navigation around it", async () => {
    const article = `<article><h2>Part</h2>${"<p>Some words of the article, which goes on for a while.</p>".repeat(20)}</article>`;
    const { text } = await loaded(
      "a.html",
      `<html><body><nav><a href=/>Home</a></nav>${article}<footer>Imprint</footer></body></html>`,
    );
    expect(text).toContain("Some words of the article");
    expect(text).not.toMatch(/Home|Imprint/);
  });

  it("skips a page without text", async () => {
    expect(await load("a.html", "<html><body><script>x()</script></body></html>")).toEqual({
      status: "skipped",
      reason: "empty file",
    });
  });
});

describe("tables that only lay out a page", () => {
  const table = (...rows: readonly (readonly string[])[]): string =>
    `<table>${rows.map((cells) => `<tr>${cells.map((cell) => `<td>${cell}</td>`).join("")}</tr>`).join("")}</table>`;
  const text = async (body: string): Promise<string> => (await loaded("a.html", `<body>${body}</body>`)).text;

  it("leave their texts as paragraphs, and tables of data in them as tables", async () => {
    const items = table(["Item", "Price"], ["Tent", "129 EUR"]);
    expect(await text(table([table(["Dear Tom,"])], [items], ["<p>One.</p><p>Two.</p>"]))).toBe(
      "Dear Tom,\n\n| Item | Price |\n| Tent | 129 EUR |\n\nOne.\n\nTwo.\n",
    );
    expect(await text(table(["<h2>Frame</h2><p>One.</p><p>Two.</p>"]))).toBe("## Frame\n\nOne.\n\nTwo.\n");
  });

  it("keep short texts side by side on a line, and leave out empty rows", async () => {
    expect(await text(table([table(["Tax"]), table(["4 EUR"])], ["", ""]))).toBe("| Tax | 4 EUR |\n");
    expect(await text(table(["a", "b"], ["", " "], ["c", "d"]))).toBe("| a | b |\n| c | d |\n");
  });
});

describe("pages that leave out tags", () => {
  it.each([
    ["head", "<html><title>T</title><body><p>Lemons.</p></body></html>"],
    ["body", "<html><head><title>T</title></head><p>Lemons.</p></html>"],
    ["head and body", "<!doctype html><html lang=en><meta charset=utf-8><title>T</title><p>Lemons."],
    ["html", '<head><title>T</title></head><body class="a>b"><p>Lemons.</p></body>'],
    ["all", "<!doctype html><title>T</title><link rel=icon href=x><p>Lemons."],
    ["none, with a text after its end", "<html><head><title>T</title></head><body></body><p>Lemons.</p></html>"],
    [
      "none, with a script after its end",
      "<html><head><title>T</title></head><body><p>Lemons.</p></body><script>x</script></html>",
    ],
  ])("keep their text and title without %s", async (_, html) => {
    const { text, title } = await loaded("a.html", html);
    expect({ text, title }).toEqual({ text: "Lemons.\n", title: "T" });
  });
});

describe("deeply nested pages", () => {
  const nested = (depth: number): string => `${"<div>".repeat(depth)}Words at the bottom.${"</div>".repeat(depth)}`;

  it.each([50, 101, 400, 5_000])("keep their text at %i levels", async (depth) => {
    expect((await loaded("a.html", nested(depth))).text).toBe("Words at the bottom.\n");
  });
});

describe("isNestedDeeperThan", () => {
  it("counts tags that are open, but for those that many pages never close", () => {
    expect(isNestedDeeperThan(3, "<html><body><div></div><DIV><b>")).toBe(true);
    expect(isNestedDeeperThan(3, "<body><div></div><div><b></b></div>")).toBe(false);
    expect(isNestedDeeperThan(3, "<ul>" + "<li>one<p>two<br>".repeat(50))).toBe(false);
  });
});
