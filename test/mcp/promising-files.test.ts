import { describe, expect, it } from "vitest";
import { findPromisingFiles } from "../../src/mcp/promising-files.ts";
import { createFolder } from "../ingest/temporary-folder.ts";

const signal = new AbortController().signal;

async function find(
  files: Readonly<Record<string, string | Uint8Array>>,
  task: string,
  code = true,
): Promise<readonly string[]> {
  const { path: root } = await createFolder(files);
  return await findPromisingFiles(root, { task, code, signal });
}

describe("findPromisingFiles", () => {
  it("puts the file first that holds the rarer words of a task, and leaves out what holds none", async () => {
    const files = {
      "src/a.ts": "export const server = 1; // the server",
      "src/b.ts": "export function weakEtag(server: string): string { return etag; }",
      "src/c.ts": "export const other = 2;",
      "src/d.ts": "server",
    };
    expect(await find(files, "support weak etags, server")).toEqual(["src/b.ts", "src/d.ts", "src/a.ts"]);
  });

  it("takes a word of the path for one of the text, and a test for less", async () => {
    const files = { "src/etag/index.ts": "export {}", "test/etag.test.ts": "etag etag etag", "src/x.ts": "export {}" };
    expect(await find(files, "etag")).toEqual(["src/etag/index.ts", "test/etag.test.ts"]);
  });

  it("leaves prose out where code is asked for, and takes it otherwise", async () => {
    const files = { "etag.md": "etag", "etag.ts": "etag", "none.ts": "none" };
    expect(await find(files, "etag")).toEqual(["etag.ts"]);
    expect(await find(files, "etag", false)).toEqual(["etag.md", "etag.ts"]);
  });

  it("passes over hidden files, node_modules, and what is no text or too large", async () => {
    const files = {
      ".hidden/a.ts": "etag",
      "node_modules/b/b.ts": "etag",
      "c.bin": new Uint8Array([101, 116, 97, 103, 0, 1]),
      "d.ts": "etag ".repeat(100_000),
      "e.ts": "etag",
    };
    expect(await find(files, "etag")).toEqual(["e.ts"]);
  });

  it("finds no more than is indexed within some seconds", async () => {
    const many = Array.from({ length: 100 }, (_, index) => [`${index}.ts`, `etag ${"x".repeat(20_000)}`] as const);
    expect(await find(Object.fromEntries(many), "etag")).toHaveLength(14);
  });

  it("finds nothing for a task without a word", async () => {
    expect(await find({ "a.ts": "etag" }, "?!")).toEqual([]);
  });
});
