import { rename } from "node:fs/promises";
import path from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { createIngestCorpus } from "../../ingest/ingest-corpus.ts";
import { listAllDocuments } from "../../src/answering/list-all-documents.ts";
import { createManageDocuments } from "../../src/answering/manage-documents.ts";
import { untilAborted } from "../../src/domain/until-aborted.ts";
import { createHashingEmbedder } from "../../src/embedding/hashing-embedder.ts";
import { createFirstIndex } from "../../src/mcp/refresh/first-index.ts";
import { createIndexRefresher } from "../../src/mcp/refresh/refresh-index.ts";
import { openEmbeddedStore } from "../../src/store/embedded/embedded-store.ts";
import { createFolder, type TemporaryFolder } from "../ingest/temporary-folder.ts";
import { createFakeUseCases } from "../server/fake-use-cases.ts";

const collection = "default";
const signal = new AbortController().signal;
/** However busy the machine is. */
const LONG = { timeout: 30_000 };

interface Server {
  /** Asks it for something; resolves to the notes. */
  readonly ask: () => Promise<readonly string[]>;
  /** Every stored text, by its source. */
  readonly texts: () => Promise<Readonly<Record<string, string>>>;
  /** Sources of which not everything is stored. */
  readonly begun: () => Promise<readonly string[]>;
}

interface Servers {
  readonly folder: TemporaryFolder;
  readonly servers: readonly [Server, Server];
  /** Lets the models work, which wait until then; or has them wait again. */
  readonly openGate: () => void;
  readonly shutGate: () => void;
  /** Texts that came to a model, whether or not it worked on them. */
  readonly asked: readonly string[];
  /** Every text that went through a model. */
  readonly embedded: readonly string[];
}

/** Two servers of one project, as two processes would have them, whose models wait for a gate. */
async function openServers(files: Readonly<Record<string, string>>): Promise<Servers> {
  const folder = await createFolder(files);
  const dataFolder = path.join(folder.path, ".citewell");
  let gate = Promise.withResolvers<void>();
  const asked: string[] = [];
  const embedded: string[] = [];
  const open = async (): Promise<Server> => {
    const store = await openEmbeddedStore({ file: path.join(dataFolder, "store.sqlite") });
    const hashing = createHashingEmbedder({ dimensions: 8 });
    const embedder: typeof hashing = {
      ...hashing,
      batchSize: 1,
      async embed(texts, options) {
        asked.push(...texts);
        await untilAborted(gate.promise, options?.signal);
        embedded.push(...texts);
        return hashing.embed(texts, options);
      },
    };
    const documents = createManageDocuments({ store });
    const fakes = createFakeUseCases();
    const refresher = createIndexRefresher({
      useCases: {
        documents,
        ingestRoots: createIngestCorpus({ store, embedder, dataFolder }),
        collections: { ...fakes.collections, list: () => store.listCollections() },
      },
      everyMs: 0,
      waitMs: { changes: 60_000, first: 60_000 },
      first: { collection, index: createFirstIndex({ root: folder.path, dataFolder, collection }) },
    });
    onTestFinished(async () => {
      await refresher.close();
      await store.close();
    });
    const list = (): ReturnType<typeof listAllDocuments> => listAllDocuments(documents, { collection });
    return {
      ask: () => refresher.refresh(collection, { signal }),
      texts: async () =>
        Object.fromEntries(
          await Promise.all(
            (await list()).map(async ({ id, source }) => {
              const content = await documents.get({ collection, id });
              return [source, content?.text ?? ""] as const;
            }),
          ),
        ),
      begun: async () => (await list()).filter(({ contentHash }) => contentHash === "").map(({ source }) => source),
    };
  };
  await folder.write({ ".citewell/.gitignore": "*\n" });
  return {
    folder,
    servers: [await open(), await open()],
    openGate: () => gate.resolve(),
    shutGate: () => void (gate = Promise.withResolvers()),
    asked,
    embedded,
  };
}

const FILES = {
  "package.json": "{}",
  "src/a.ts": "export const one = 1;\n",
  "src/b.ts": "export const two = 2;\n",
  "src/c.ts": "export const three = 3;\n",
};

describe("two servers of one project", { timeout: 120_000 }, () => {
  it("follow edits by turns while the first index is embedded, and embed nothing twice", async () => {
    const { folder, servers, openGate, embedded } = await openServers(FILES);
    const [first, second] = servers;
    // Which of them is at work does not matter.
    const isMade =
      /is (?:being made|making the index)\b.*: all files are found by their words already, meanings follow/;
    for (const server of servers) expect(await server.ask()).toEqual([expect.stringMatching(isMade)]);
    await folder.write({ "src/a.ts": "// Above.\nexport const one = 1;\n" });
    await second.ask();
    expect(await second.texts()).toMatchObject({ "src/a.ts": "// Above.\nexport const one = 1;\n" });
    await folder.write({ "src/a.ts": "// Above all.\n\nexport const one = 1;\n" });
    await first.ask();
    expect(await first.texts()).toMatchObject({ "src/a.ts": "// Above all.\n\nexport const one = 1;\n" });
    await folder.remove("src/b.ts");
    await rename(path.join(folder.path, "src/c.ts"), path.join(folder.path, "src/d.ts"));
    await second.ask();
    expect(Object.keys(await second.texts()).toSorted()).toEqual(["package.json", "src/a.ts", "src/d.ts"]);
    openGate();
    for (const server of servers) await expect.poll(() => server.ask(), LONG).toEqual([]);
    expect(await first.begun()).toEqual([]);
    expect(embedded.toSorted()).toEqual([...new Set(embedded)].toSorted());
  });

  it("leave what one of them embeds to it, and follow edits meanwhile", async () => {
    const { folder, servers, openGate, shutGate, asked, embedded } = await openServers(FILES);
    const [first, second] = servers;
    openGate();
    for (const server of servers) await expect.poll(() => server.ask(), LONG).toEqual([]);
    shutGate();
    await folder.write({ "src/a.ts": "export const one = 11;\n", "src/b.ts": "export const two = 22;\n" });
    const before = asked.length;
    const answered = [second.ask()];
    await expect.poll(() => asked.length, LONG).toBeGreaterThan(before);
    expect(await second.begun()).toEqual(["src/a.ts", "src/b.ts"]);
    await folder.write({ "src/b.ts": "// More.\nexport const two = 22;\n" });
    // The first one has it stored before the second one has embedded anything.
    answered.push(first.ask());
    await expect.poll(() => first.texts(), LONG).toMatchObject({ "src/b.ts": "// More.\nexport const two = 22;\n" });
    openGate();
    await Promise.all(answered);
    for (const server of servers) await expect.poll(() => server.ask(), LONG).toEqual([]);
    expect(await second.begun()).toEqual([]);
    expect(embedded.toSorted()).toEqual([...new Set(embedded)].toSorted());
  });
});
