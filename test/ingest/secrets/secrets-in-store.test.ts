import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { createIngestCorpus } from "../../../ingest/ingest-corpus.ts";
import { createSubmitDocuments } from "../../../ingest/submit-documents.ts";
import { UPLOADS_ROOT } from "../../../ingest/submit-documents.ts";
import type { IngestEvent, IngestReport } from "../../../src/domain/ingest.ts";
import { createHashingEmbedder } from "../../../src/embedding/hashing-embedder.ts";
import { openVectorStore } from "../../../src/store/open-vector-store.ts";
import { createFolder } from "../temporary-folder.ts";
import { MADE_SECRETS } from "./made-secrets.ts";

async function reportOf(events: AsyncGenerator<IngestEvent, IngestReport>): Promise<IngestReport> {
  for await (const event of events) if (event.type === "ingest-end") return event.report;
  throw new Error("no report");
}

async function openBench() {
  const data = await createFolder();
  const store = await openVectorStore({ store: "embedded", dataFolder: data.path });
  onTestFinished(() => store.close());
  const parts = { store, embedder: createHashingEmbedder() };
  const holds = async (secret: string): Promise<boolean> => {
    const names = await readdir(data.path, { recursive: true, withFileTypes: true });
    const files = names.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name));
    const contents = await Promise.all(files.map((file) => readFile(file)));
    return contents.some((content) => content.includes(secret));
  };
  const ingest = createIngestCorpus(parts);
  const run = (roots: string[], options: { allowSecrets?: boolean; force?: boolean } = {}) =>
    reportOf(ingest({ collection: "default", roots, ...options }));
  return { parts, store, holds, run };
}

const secretOf = (kind: string): string => MADE_SECRETS.find(([name]) => name === kind)?.[1] ?? "";
const token = secretOf("GitHub token");

describe("secrets and the store", () => {
  it("writes none of them to the files of the store", async () => {
    const files = Object.fromEntries(
      MADE_SECRETS.map(([, secret, before, after], index) => [
        `${index}.md`,
        `# Page ${index}\n\n${"Words that stay. ".repeat(60)}\n\n${before}${secret}${after}\nThe end ${index}.\n`,
      ]),
    );
    const folder = await createFolder({ ...files, "app/id_rsa": secretOf("private key") });
    const { run, holds } = await openBench();
    const report = await run([folder.path]);
    expect(report.documents).toMatchObject({ added: MADE_SECRETS.length, skipped: 1 });
    expect(report.noted?.filter(({ reason }) => /^1 secret redacted: line \d+ /.test(reason))).toHaveLength(
      MADE_SECRETS.length,
    );
    expect(JSON.stringify(report)).not.toContain(token);
    expect(await holds("Words that stay.")).toBe(true);
    for (const [, secret] of MADE_SECRETS) expect(await holds(secret.slice(0, 60))).toBe(false);
  });

  it("reads a source again when the choice changes, either way", async () => {
    const folder = await createFolder({ "a.md": `# Page\n\nuse ${token} now\n`, "b.md": "# Other\n\nNo secret.\n" });
    const { run, store } = await openBench();
    const textOf = async (): Promise<string> => {
      const { documents } = await store.listDocuments("default", { limit: 10 });
      const record = documents.find(({ source }) => source === "a.md");
      const span = { start: 0, end: record?.textLength ?? 0 };
      const [text] = await store.readSpans("default", [{ documentId: record?.id ?? "", span }], {});
      return text ?? "";
    };
    await run([folder.path]);
    expect(await textOf()).not.toContain(token);
    expect((await run([folder.path])).documents).toMatchObject({ unchanged: 2, changed: 0 });
    expect((await run([folder.path], { allowSecrets: true })).documents).toMatchObject({ unchanged: 1, changed: 1 });
    expect(await textOf()).toContain(token);
    expect((await run([folder.path], { allowSecrets: true })).documents).toMatchObject({ unchanged: 2 });
    expect((await run([folder.path])).documents).toMatchObject({ unchanged: 1, changed: 1 });
    expect(await textOf()).not.toContain(token);
  });

  it("skips .env files that are named as roots, unless they are allowed", async () => {
    const folder = await createFolder({ ".env": `TOKEN=${token}\n`, "a.md": "# Page\n\nText.\n" });
    const { run, holds } = await openBench();
    const roots = [folder.path, `${folder.path}/.env`];
    expect((await run(roots)).files).toEqual([
      expect.objectContaining({ source: ".env", status: "skipped", reason: expect.stringMatching(/--allow-secrets/) }),
    ]);
    expect(await holds(token)).toBe(false);
    expect((await run(roots, { allowSecrets: true })).documents).toMatchObject({ added: 1, unchanged: 1 });
  });

  it("blots them out of uploads", async () => {
    const { parts, holds, store } = await openBench();
    const submit = createSubmitDocuments(parts);
    const documents = [{ source: "note.md", content: `# Note\n\nThe key is ${token} as said.\n` }];
    const report = await reportOf(submit({ documents }));
    expect(report.files).toEqual([]);
    expect(report.noted).toEqual([
      { root: UPLOADS_ROOT, source: "note.md", status: "added", reason: "1 secret redacted: line 3 GitHub token" },
    ]);
    expect((await reportOf(submit({ documents }))).documents).toMatchObject({ unchanged: 1 });
    const { documents: stored } = await store.listDocuments("default", { limit: 10 });
    expect(stored).toHaveLength(1);
    expect(await holds(token)).toBe(false);
  });
});
