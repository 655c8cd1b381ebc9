import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Embedder } from "../../src/embedding/embedder.ts";
import { openLocalEmbedder } from "../../src/embedding/local-embedder.ts";
import { bundledModelFolder, openEmbedder } from "../../src/embedding/open-embedder.ts";
import { describeEmbedder, similarity } from "./embedder.contract.ts";

const BUNDLED = bundledModelFolder();

describeEmbedder("bundled model", () => openEmbedder({ cacheFolder: "unused", workers: 2 }));

describe("openLocalEmbedder with the bundled model", () => {
  let embedder: Embedder;
  beforeAll(async () => {
    embedder = await openLocalEmbedder({ modelPath: BUNDLED, workers: 2, warmUp: true });
  });
  afterAll(() => embedder.close());

  it("knows the model's limits", () => {
    expect(embedder).toMatchObject({
      model: "all-MiniLM-L6-v2",
      dimensions: 384,
      maxTokens: 256,
      reservedTokens: 2,
      pooling: "mean",
    });
    expect(embedder.fingerprint).toMatch(/^[0-9a-f]{16}$/u);
  });

  it("gives a known sentence its known vector", async () => {
    const [vector] = await embedder.embed(["A man is eating food."]);
    const known = [0.0358, 0.0036, -0.0014, 0.0513, -0.138, -0.0335];
    for (const [index, value] of known.entries()) expect(vector?.[index]).toBeCloseTo(value, 2);
  });

  it("puts what means the same nearer than what shares words", async () => {
    const [question, meaning, words] = await embedder.embed([
      "How do I get my money back?",
      "Refunds are paid within two weeks after the return of the goods.",
      "How do I get to the railway station?",
    ]);
    expect(similarity(question, meaning)).toBeGreaterThan(similarity(question, words));
  });

  it("leaves the event loop free while it embeds", async () => {
    let turns = 0;
    let running = true;
    const count = (): void => {
      turns += 1;
      if (running) setImmediate(count);
    };
    setImmediate(count);
    await embedder.embed(Array.from({ length: 12 }, (_, index) => `${index} ${"some words of text ".repeat(40)}`));
    running = false;
    // With the model in this thread there would be about one turn a text.
    expect(turns).toBeGreaterThan(200);
  });

  it("answers a question before a pile of passages that came first", async () => {
    const order: string[] = [];
    const passages = Array.from({ length: 60 }, (_, index) => `${index} ${"some words of text ".repeat(40)}`);
    await Promise.all([
      embedder.embed(passages).then(() => order.push("passages")),
      embedder.embed(["What comes first?"], { purpose: "query" }).then(() => order.push("question")),
      embedder.embed(["A sentence to judge."], { urgent: true }).then(() => order.push("sentence")),
    ]);
    expect(order.at(-1)).toBe("passages");
  });

  it("stops a call in the middle and serves the next one", async () => {
    const controller = new AbortController();
    const reason = new Error("stop");
    const passages = Array.from({ length: 300 }, (_, index) => `${index} ${"some words of text ".repeat(40)}`);
    const stopped = embedder.embed(passages, { signal: controller.signal });
    await embedder.embed(["the workers are busy now"], { purpose: "query" });
    controller.abort(reason);
    await expect(stopped).rejects.toBe(reason);
    expect(await embedder.embed(["next"])).toHaveLength(1);
  });

  it("counts tokens as the model's tokenizer does, control words included", () => {
    expect(embedder.countTokens("Hello, world!")).toBe(4);
    expect(embedder.countTokens("unaffable\tunaffable\n\n unaffable")).toBe(3 * embedder.countTokens("unaffable"));
    expect(embedder.countTokens("x".repeat(101))).toBe(1);
    expect(embedder.countTokens("日本語")).toBe(3);
    expect(embedder.countTokens("[CLS] [SEP]")).toBe(2);
    expect(embedder.countTokens("soft\u00ADhyphen")).toBe(embedder.countTokens("softhyphen"));
  });
});

describe("openLocalEmbedder", () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "citewell-model-"));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it("ends its workers on close, and refuses texts afterwards", async () => {
    const embedder = await openLocalEmbedder({ modelPath: BUNDLED, workers: 1 });
    const pending = embedder.embed(["never done"]);
    const [outcome] = await Promise.allSettled([pending, embedder.close()]);
    expect(outcome).toMatchObject({ status: "rejected", reason: { code: "embedding_failed" } });
    await expect(embedder.embed(["late"])).rejects.toMatchObject({ code: "embedding_failed" });
  });

  it("lets the process end without close", async () => {
    const stdout = await runScript(`
      const [vector] = await embedder.embed(["text"]);
      console.log(vector.length);`);
    expect(stdout.trim()).toBe("384");
  });

  it("keeps the runtime from reporting to its maker and from marking the home folder", async () => {
    const home = await mkdtemp(join(folder, "home-"));
    // With any of the others set, the runtime would be silent by itself.
    const { CI: _ci, ORT_DISABLE_TELEMETRY: _set, ORT_RUNNING_UNIT_TESTS: _tests, ...rest } = process.env;
    const env = { ...rest, HOME: home, USERPROFILE: home, XDG_CACHE_HOME: join(home, "cache") };
    const stdout = await runScript(
      `await embedder.embed(["text"]);
      console.log(process.env.ORT_DISABLE_TELEMETRY);`,
      env,
    );
    expect(stdout.trim()).toBe("1");
    expect(await readdir(home)).toEqual([]);
  });

  it.each(["process.exit(0);", "await embedder.close();"])(
    "is not aborted by %s in the middle of its work",
    async (end) => {
      const stdout = await runScript(`
      embedder.embed(Array.from({ length: 200 }, (_, n) => n + " some words of text".repeat(60))).catch(() => {});
      await embedder.embed(["the worker runs now"], { purpose: "query" });
      console.log("ending");
      ${end}`);
      expect(stdout.trim()).toBe("ending");
    },
  );

  it("says what to do when the folder is missing or lacks a file", async () => {
    await expect(openLocalEmbedder({ modelPath: join(folder, "nowhere") })).rejects.toMatchObject({
      code: "embedding_model_unavailable",
      message: expect.stringContaining("does not exist"),
    });
    await expect(openLocalEmbedder({ modelPath: folder })).rejects.toMatchObject({
      code: "embedding_model_unavailable",
      message: expect.stringContaining("config.json"),
    });
    const empty = await copyOfBundled(folder, "without-weights");
    await rm(join(empty, "onnx"), { recursive: true });
    await expect(openLocalEmbedder({ modelPath: empty })).rejects.toThrow(/model_int8\.onnx.*bundled model/u);
  });

  it("finds a broken model file when it is loaded", async () => {
    const broken = await copyOfBundled(folder, "broken");
    await writeFile(join(broken, "onnx", "model_int8.onnx"), "not a model");
    await expect(openLocalEmbedder({ modelPath: broken, warmUp: true })).rejects.toMatchObject({
      code: "embedding_model_unavailable",
    });
    const lazy = await openLocalEmbedder({ modelPath: broken });
    await expect(lazy.embed(["text"])).rejects.toMatchObject({ code: "embedding_model_unavailable" });
    await expect(lazy.embed(["again"])).rejects.toMatchObject({ code: "embedding_model_unavailable" });
    await lazy.close();
  });

  it("pools as the folder says, and puts the folder's prompts in front", async () => {
    const path = await copyOfBundled(folder, "first token");
    await mkdir(join(path, "1_Pooling"));
    await writeFile(join(path, "1_Pooling", "config.json"), JSON.stringify({ pooling_mode_cls_token: true }));
    await writeFile(
      join(path, "config_sentence_transformers.json"),
      JSON.stringify({ prompts: { query: "find: ", document: "" } }),
    );
    const [mean, cls] = await Promise.all([
      openLocalEmbedder({ modelPath: BUNDLED, workers: 1 }),
      openLocalEmbedder({ modelPath: path, workers: 1 }),
    ]);
    try {
      expect(cls).toMatchObject({ pooling: "cls", reservedTokens: 4 });
      expect(cls.fingerprint).not.toBe(mean.fingerprint);
      const [[byMean], [byCls], [asQuestion], [prompted]] = await Promise.all([
        mean.embed(["some text"]),
        cls.embed(["some text"]),
        cls.embed(["some text"], { purpose: "query" }),
        cls.embed(["find: some text"]),
      ]);
      expect(similarity(byMean, byCls)).toBeLessThan(0.95);
      expect(similarity(asQuestion, prompted)).toBeCloseTo(1, 5);
    } finally {
      await Promise.all([mean.close(), cls.close()]);
    }
  });

  it("refuses options that do not fit together", async () => {
    await expect(openLocalEmbedder({})).rejects.toThrow(TypeError);
    await expect(openLocalEmbedder({ modelPath: BUNDLED, workers: 0 })).rejects.toThrow("workers");
    await expect(openLocalEmbedder({ modelName: "owner/model" })).rejects.toThrow("cacheFolder");
  });
});

/** Runs lines of script in a process of their own, with the bundled model as `embedder`; fails when that fails. */
async function runScript(lines: string, env: NodeJS.ProcessEnv = process.env): Promise<string> {
  const script = `
    import { openEmbedder } from ${JSON.stringify(new URL("../../src/embedding/open-embedder.ts", import.meta.url))};
    const embedder = await openEmbedder({ cacheFolder: "unused", workers: 1 });
    ${lines}`;
  const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "-e", script], { env });
  return stdout;
}

async function copyOfBundled(folder: string, name: string): Promise<string> {
  const target = join(folder, name);
  await cp(BUNDLED, target, { recursive: true });
  return target;
}
