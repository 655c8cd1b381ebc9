import { describe, expect, it } from "vitest";
import { loadBytes, loadFile, type LoadOutcome, skipReason } from "../../../ingest/loaders/load-document.ts";
import type { LoadedDocument } from "../../../src/domain/document.ts";
import { createFolder } from "../temporary-folder.ts";

const load = (source: string, content: string | Uint8Array): LoadOutcome =>
  loadBytes({ root: "/r", source, bytes: typeof content === "string" ? new TextEncoder().encode(content) : content });

function loaded(source: string, content: string | Uint8Array): LoadedDocument & { readonly note: string } {
  const outcome = load(source, content);
  if (outcome.status !== "loaded") throw new Error(outcome.reason);
  return { ...outcome.document, note: outcome.note };
}

describe("decoding", () => {
  it("removes a byte order mark", () => {
    expect(loaded("a.txt", "\ufeffHello").text).toBe("Hello");
  });

  it.each([
    ["little-endian", [0xff, 0xfe, 0x48, 0, 0x69, 0]],
    ["big-endian", [0xfe, 0xff, 0, 0x48, 0, 0x69]],
  ])("reads %s UTF-16", (_name, bytes) => {
    expect(loaded("a.txt", Uint8Array.from(bytes)).text).toBe("Hi");
  });

  it("reads invalid UTF-8 as windows-1252 and says so", () => {
    const document = loaded("a.txt", Uint8Array.from([0x63, 0x61, 0x66, 0xe9, 0x20, 0x80]));
    expect(document.text).toBe("café €");
    expect(document.note).toMatch(/windows-1252/);
  });

  it("reads a page in the encoding it declares", () => {
    const head = new TextEncoder().encode('<html><head><meta charset="iso-8859-2"></head><body><p>');
    expect(loaded("a.html", Uint8Array.from([...head, 0xb1])).text).toBe("ą\n");
  });

  it("keeps Windows line breaks", () => {
    expect(loaded("a.md", "one\r\ntwo\r\n").text).toBe("one\r\ntwo\r\n");
  });

  it.each([
    ["bytes of zero", Uint8Array.from([72, 0, 105])],
    ["many control characters", new Uint8Array(100).fill(3)],
  ])("skips a file with %s as binary", (_name, bytes) => {
    expect(load("a.txt", bytes)).toEqual({ status: "skipped", reason: "binary file" });
  });

  it("skips a file of white space as empty", () => {
    expect(load("a.txt", " \n\t\n")).toEqual({ status: "skipped", reason: "empty file" });
  });
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
  ])("takes %s for %s", (source, language) => {
    expect(loaded(source, "content").language).toBe(language);
  });

  it("tells a script by its first line", () => {
    expect(loaded("run", "#!/usr/bin/env python3\nprint(1)\n").language).toBe("python");
  });

  it("names a format it cannot read", () => {
    expect(skipReason({ source: "a.PDF", bytes: 10 }, 100)).toBe("not supported yet: pdf");
  });

  it("names size and setting for a file that is too large", () => {
    expect(skipReason({ source: "a.md", bytes: 2_000 }, 1_000)).toBe(
      "2,000 bytes are more than the 1,000 that maxFileBytes allows",
    );
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
  ])("finds the title of %j", (text, title) => {
    expect(loaded("a.md", text)).toMatchObject({ title, text });
  });
});

describe("HTML", () => {
  it("gives Markdown text with the page's title", () => {
    const page =
      "<!doctype html><html><head><title>Simple HTML Example</title><style>p{}</style></head><body>" +
      "<h1>Hello, World!</h1><p>A very <b>simple</b> snake_case <a href='https://x.y'>example</a>.</p>" +
      "<script>alert(1)</script><ul><li>one<li>two</ul></body></html>";
    const { title, text } = loaded("a.html", page);
    expect(title).toBe("Simple HTML Example");
    expect(text).toBe("# Hello, World!\n\nA very **simple** snake_case example.\n\n-   one\n-   two\n");
  });

  it("takes a heading for the title of a page without one", () => {
    expect(loaded("a.html", "<h1>Heading</h1><p>Text</p>").title).toBe("Heading");
  });

  it("reads a fragment", () => {
    expect(loaded("a.html", "<p>One</p><p>Two</p>").text).toBe("One\n\nTwo\n");
  });

  it("keeps the rows of a table", () => {
    const { text } = loaded("a.html", "<table><tr><th>a</th><th>b</th></tr><tr><td>1</td><td>2</td></tr></table>");
    expect(text).toBe("| a | b |\n| 1 | 2 |\n");
  });

  it("keeps an article and leaves out the navigation around it", () => {
    const article = `<article><h2>Part</h2>${"<p>Some words of the article, which goes on for a while.</p>".repeat(20)}</article>`;
    const { text } = loaded(
      "a.html",
      `<html><body><nav><a href=/>Home</a></nav>${article}<footer>Imprint</footer></body></html>`,
    );
    expect(text).toContain("Some words of the article");
    expect(text).not.toMatch(/Home|Imprint/);
  });

  it("skips a page without text", () => {
    expect(load("a.html", "<html><body><script>x()</script></body></html>")).toEqual({
      status: "skipped",
      reason: "empty file",
    });
  });
});
