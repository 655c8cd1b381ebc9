import { createReadStream } from "node:fs";
import { mkdtemp, rm, stat } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openLocalEmbedder } from "../../src/embedding/local-embedder.ts";
import { bundledModelFolder, openEmbedder } from "../../src/embedding/open-embedder.ts";
import { portOf } from "./port-of.ts";

const BUNDLED = bundledModelFolder();
const OWNER = "/someone/bge-tiny/resolve/main/";

describe("a model from the hub", () => {
  const asked: string[] = [];
  let hub: Server;
  let hubUrl = "";
  let cacheFolder = "";

  beforeAll(async () => {
    // A hub with one model: the bundled one under a name whose convention is to pool by the first token.
    hub = createServer((request, response) => {
      const path = request.url ?? "";
      asked.push(path);
      const file = join(BUNDLED, path.slice(OWNER.length));
      stat(path.startsWith(OWNER) ? file : "missing").then(
        () => createReadStream(file).pipe(response),
        () => response.writeHead(404).end(),
      );
    });
    await new Promise<void>((done) => hub.listen(0, "127.0.0.1", done));
    hubUrl = `http://127.0.0.1:${portOf(hub)}/`;
    cacheFolder = await mkdtemp(join(tmpdir(), "citewell-hub-"));
  });
  afterAll(async () => {
    hub.closeAllConnections();
    hub.close();
    await rm(cacheFolder, { recursive: true, force: true });
  });

  it("is downloaded once, and pooled by its name", async () => {
    const options = { modelName: "someone/bge-tiny", cacheFolder, hubUrl, dtype: "int8", workers: 1 } as const;
    const first = await openLocalEmbedder(options);
    const [vector] = await first.embed(["text"]);
    expect(vector).toHaveLength(384);
    expect(first).toMatchObject({ model: "someone/bge-tiny", pooling: "cls", maxTokens: 256 });
    await first.close();

    asked.length = 0;
    const second = await openLocalEmbedder(options);
    expect(asked).toEqual([]);
    expect(second.fingerprint).toBe(first.fingerprint);
    await second.close();
  });

  it("is unavailable when the hub has no such model or precision", async () => {
    for (const modelName of ["someone/else", "someone/bge-tiny"]) {
      await expect(openLocalEmbedder({ modelName, cacheFolder, hubUrl, dtype: "q4" })).rejects.toMatchObject({
        code: "embedding_model_unavailable",
        message: expect.stringMatching(/the hub has no .*Name a local folder/u),
      });
    }
  });

  it("is unavailable without a way to the hub", async () => {
    const options = { modelName: "Xenova/bge-small-en-v1.5", cacheFolder, hubUrl: "http://127.0.0.1:1" };
    await expect(openLocalEmbedder(options)).rejects.toMatchObject({
      code: "embedding_model_unavailable",
      message: expect.stringMatching(/fetch failed.*drop the setting to use the bundled model/u),
    });
  });

  it("must have a name of two parts", async () => {
    for (const model of ["no-such-model", "a/b/c", "http://host/model", "owner/.."]) {
      await expect(openEmbedder({ model, cacheFolder })).rejects.toMatchObject({
        code: "embedding_model_unavailable",
        message: expect.stringMatching(/owner\/model.*write endpoint:.* for a model behind an endpoint/u),
      });
    }
  });
});

describe("openEmbedder", () => {
  it("opens the bundled model when nothing is named, and by its name or path", async () => {
    for (const model of [undefined, "", "all-MiniLM-L6-v2", BUNDLED]) {
      const embedder = await openEmbedder({ cacheFolder: "unused", ...(model !== undefined && { model }) });
      expect(embedder).toMatchObject({ model: "all-MiniLM-L6-v2", dimensions: 384 });
      await embedder.close();
    }
  });

  it("takes what looks like a path as one, never as a hub name", async () => {
    for (const model of ["./nowhere", "/nowhere/model"]) {
      await expect(openEmbedder({ model, cacheFolder: "unused" })).rejects.toThrow("does not exist");
    }
  });
});
