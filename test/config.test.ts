import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createConfigJsonSchema } from "../src/config/config-schema.ts";
import { describeConfig, maskSecret } from "../src/config/describe-config.ts";
import { loadConfig, type Config, type SettingFlags } from "../src/config.ts";
import { CitewellError } from "../src/errors.ts";

let folder = "";

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "citewell-config-"));
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

function load(env: Record<string, string> = {}, flags: SettingFlags = {}): Config {
  return loadConfig({ env, flags, cwd: folder });
}

function write(name: string, content: unknown): void {
  writeFileSync(join(folder, name), typeof content === "string" ? content : JSON.stringify(content));
}

function problemsOf(action: () => unknown): readonly string[] {
  try {
    action();
  } catch (error) {
    if (!(error instanceof CitewellError)) throw error;
    expect(error.code).toBe("config_invalid");
    return error.problems.map(({ path, message }) => `${path}: ${message}`);
  }
  throw new Error("The settings were accepted.");
}

describe("loadConfig", () => {
  it("names a variable in .env that is a slip for a setting, and leaves those of other programs alone", () => {
    write(".env", "CITEWELL_API_KEY=one\nCITEWELL_PORT=9000\nCITEWEL_X=1\nOTHERAPP_API_KEY=a\n");
    expect(problemsOf(() => load())).toEqual([
      '.env: CITEWELL_API_KEY: is not a setting; did you mean "CITEWELL_API_KEYS"?',
    ]);
  });

  it("reads settings in UTF-16, as Windows PowerShell writes them with >", () => {
    writeFileSync(join(folder, ".env"), Buffer.from("\uFEFFOPENAI_MODEL=gpt-x\r\nPORT=1234\r\n", "utf16le"));
    writeFileSync(join(folder, "citewell.config.json"), Buffer.from('\uFEFF{ "collection": "käfer" }', "utf16le"));
    expect(() => load()).toThrow(/"käfer" is not the name of a collection/);
    writeFileSync(join(folder, "citewell.config.json"), Buffer.from('\uFEFF{ "collection": "notes" }', "utf16le"));
    expect(load()).toMatchObject({ openaiModel: "gpt-x", port: 1234, collection: "notes" });
  });

  it("takes a leading tilde of a path for the home folder, which shells leave alone in files and behind =", () => {
    write("citewell.config.json", { cacheFolder: "~/vectors", oaiConfigList: "~/models.json" });
    expect(load({ HOME: "/home/ada" }, { dataFolder: "~/data" })).toMatchObject({
      dataFolder: "/home/ada/data",
      cacheFolder: "/home/ada/vectors",
      oaiConfigList: "/home/ada/models.json",
    });
    expect(load({ HOME: "/home/ada" }, { dataFolder: "~" }).dataFolder).toBe("/home/ada");
    expect(load({ HOME: "/home/ada" }, { dataFolder: "~data" }).dataFolder).toBe(join(folder, "~data"));
  });

  it("keeps what can be made again in the user's cache folder, which has to be an absolute path", () => {
    const cacheFolder = (env: Record<string, string>): string | undefined =>
      load({ HOME: "/home/ada", ...env }).cacheFolder;
    expect(cacheFolder({ XDG_CACHE_HOME: "/caches" })).toBe("/caches/citewell");
    expect(cacheFolder({ XDG_CACHE_HOME: "caches" })).toBe("/home/ada/.cache/citewell");
    expect(load({ CITEWELL_DATA: "/data" }).cacheFolder).toBe("/data/cache");
  });

  it("takes the environment of the process and the working folder where none are given", () => {
    vi.stubEnv("CITEWELL_CHUNK_TOKENS", "77");
    vi.spyOn(process, "cwd").mockReturnValue(folder);
    try {
      expect(loadConfig()).toMatchObject({ chunkTokens: 77, dataFolder: join(folder, ".citewell") });
    } finally {
      vi.unstubAllEnvs();
      vi.restoreAllMocks();
    }
  });

  it("takes defaults when nothing is given", () => {
    const config = load();
    expect(config).toMatchObject({
      dataFolder: join(folder, ".citewell"),
      store: "embedded",
      embeddingModel: "all-MiniLM-L6-v2",
      apiKeys: [],
      host: "127.0.0.1",
      port: 8080,
      collection: "default",
      chunker: "sentences",
      chunkTokens: 150,
    });
    expect(config.origins.port).toEqual({ kind: "default", name: "" });
  });

  it("prefers flags to the environment, .env, the file and defaults, in this order", () => {
    write("citewell.config.json", { port: 1001, host: "h-file", collection: "c-file", logLevel: "warn" });
    write(".env", "PORT=1002\nHOST=h-env-file\nCITEWELL_COLLECTION=c-env-file\n");
    const config = load({ PORT: "1003", HOST: "h-env" }, { port: "1004" });
    expect(config).toMatchObject({ port: 1004, host: "h-env", collection: "c-env-file", logLevel: "warn" });
    expect(config.origins).toMatchObject({
      port: { kind: "flag", name: "--port" },
      host: { kind: "environment", name: "HOST" },
      collection: { kind: ".env", name: "CITEWELL_COLLECTION" },
      logLevel: { kind: "file", name: "logLevel" },
    });
  });

  it("takes an empty variable as not set", () => {
    write("citewell.config.json", { port: 1001 });
    expect(load({ PORT: " " }).port).toBe(1001);
  });

  it("names a line of .env that sets nothing, without its value, and leaves other programs' lines alone", () => {
    write(".env", '# PORT\nPORT 8080\nexport OPENAI_API_KEY: sk-secret\nOTHER thing\nHOST="a\nLOG_LEVEL b"\n');
    expect(problemsOf(() => load({}))).toEqual([
      '.env, line 2: has no "="; write PORT=value',
      '.env, line 3: has no "="; write OPENAI_API_KEY=value',
    ]);
    write(".env", "OTHER thing\nexport PORT = 1003\n");
    expect(load({}).port).toBe(1003);
  });

  it("lists every problem with the place it came from", () => {
    write("citewell.config.json", { chunkTokens: "many" });
    write(".env", "LOG_LEVEL=loud\n");
    expect(problemsOf(() => load({ PORT: "80a" }, { store: "qdrant" }))).toEqual([
      expect.stringMatching(/^--store: "qdrant" is not `embedded` or the URL/),
      'PORT: "80a" is not a whole number from 0 to 65535',
      expect.stringMatching(/^LOG_LEVEL in \.env: "loud" is not one of trace/),
      'citewell.config.json: chunkTokens: "many" is not a whole number from 16 to 8192',
    ]);
  });

  it("names the nearest key for an unknown one in the file", () => {
    write("citewell.config.json", { $schema: "./schema.json", colection: "handbook" });
    expect(problemsOf(load)).toEqual(['citewell.config.json: colection: is not a setting; did you mean "collection"?']);
  });

  it("refuses a file that is not a JSON object", () => {
    write("citewell.config.json", "{ port: 80 }");
    expect(problemsOf(load)[0]).toMatch(/^citewell\.config\.json: is not valid JSON/);
    write("citewell.config.json", "[]");
    expect(problemsOf(load)).toEqual(["citewell.config.json: must hold one JSON object"]);
  });

  it("does not repeat a secret in a problem", () => {
    expect(problemsOf(() => load({ OPENAI_API_KEY: "my secret" })).join()).not.toContain("my secret");
  });

  it("takes QDRANT_URL as the store unless CITEWELL_STORE is set beside it", () => {
    expect(load({ QDRANT_URL: "http://localhost:6333/" }).store).toBe("http://localhost:6333");
    expect(load({ QDRANT_URL: "http://a:6333, https://b" }).store).toBe("http://a:6333, https://b");
    expect(load({ QDRANT_URL: "http://localhost:6333", CITEWELL_STORE: "embedded" }).store).toBe("embedded");
  });

  it("splits API keys at commas", () => {
    expect(load({ CITEWELL_API_KEYS: "one, two,," }).apiKeys).toEqual(["one", "two"]);
  });

  it("refuses API keys that are commas only, which would leave a server open", () => {
    expect(problemsOf(() => load({ CITEWELL_API_KEYS: " , " }))).toEqual([
      expect.stringContaining("CITEWELL_API_KEYS: the value is not a list of keys"),
    ]);
  });

  it("lends OpenAI's address and key to the embedding endpoint, but never the key alone", () => {
    const shared = load({ OPENAI_BASE_URL: "http://one/v1", OPENAI_API_KEY: "key-of-one" });
    expect(shared).toMatchObject({ embeddingBaseUrl: "http://one/v1", embeddingApiKey: "key-of-one" });
    expect(shared.origins.embeddingApiKey.name).toBe("OPENAI_API_KEY");
    const own = load({ CITEWELL_EMBEDDING_BASE_URL: "http://two/v1", OPENAI_API_KEY: "key-of-one" });
    expect(own.embeddingApiKey).toBeUndefined();
  });

  describe("with an address that a file of the folder names", () => {
    const refusal = (env: Record<string, string>) => problemsOf(() => load(env));

    it("does not send a key of the environment there", () => {
      write(".env", "OPENAI_BASE_URL=https://evil.example/v1\nOPENAI_MODEL=m\n");
      expect(refusal({ OPENAI_API_KEY: "sk-own" })).toEqual([
        expect.stringContaining("OPENAI_BASE_URL in .env: the key in OPENAI_API_KEY would be sent"),
      ]);
      write(".env", "");
      write("citewell.config.json", {
        store: "http://localhost:6333,https://evil.example",
        embeddingModel: "endpoint:m",
        embeddingBaseUrl: "https://evil.example",
        otelEndpoint: "https://evil.example",
      });
      const own = {
        QDRANT_API_KEY: "q",
        CITEWELL_EMBEDDING_API_KEY: "e",
        OTEL_EXPORTER_OTLP_HEADERS: "authorization=x",
      };
      expect(refusal(own)).toEqual([
        expect.stringContaining("citewell.config.json: embeddingBaseUrl: the key in CITEWELL_EMBEDDING_API_KEY"),
        expect.stringContaining("citewell.config.json: store: the key in QDRANT_API_KEY"),
        expect.stringContaining("citewell.config.json: otelEndpoint: the key in OTEL_EXPORTER_OTLP_HEADERS"),
      ]);
    });

    it("sends it there where the environment names the address too, or the folder the key", () => {
      write("citewell.config.json", { openaiBaseUrl: "https://evil.example/v1" });
      const openaiBaseUrl = "https://one.example/v1";
      expect(load({ OPENAI_API_KEY: "sk-own", OPENAI_BASE_URL: openaiBaseUrl })).toMatchObject({ openaiBaseUrl });
      write(".env", "OPENAI_API_KEY=sk-of-the-folder\nOPENAI_MODEL=m\n");
      expect(load({ OPENAI_API_KEY: "sk-own" })).toMatchObject({
        openaiApiKey: "sk-of-the-folder",
        embeddingApiKey: "sk-of-the-folder",
      });
      expect(load({ OPENAI_API_KEY: "sk-own", OPENAI_BASE_URL: openaiBaseUrl }).openaiApiKey).toBe("sk-own");
    });

    it("minds no address that nothing is sent to", () => {
      write(".env", "OPENAI_BASE_URL=https://one.example/v1\n");
      expect(load({ OPENAI_API_KEY: "sk-own" }).openaiModel).toBeUndefined();
      const withModel = { OPENAI_API_KEY: "sk-own", OPENAI_MODEL: "m" };
      expect(refusal(withModel)).toHaveLength(1);
      expect(load({ ...withModel, OAI_CONFIG_LIST: '[{"model":"m"}]' }).openaiModel).toBe("m");
      expect(refusal({ OPENAI_API_KEY: "sk-own", CITEWELL_EMBEDDING_MODEL: "endpoint:m" })).toHaveLength(1);
    });

    it("sends it to this machine", () => {
      write("citewell.config.json", { store: "http://localhost:6333", openaiBaseUrl: "http://127.0.0.1:11434/v1" });
      expect(load({ QDRANT_API_KEY: "q", OPENAI_API_KEY: "sk-own" }).qdrantApiKey).toBe("q");
      write("citewell.config.json", { store: "embedded" });
      expect(load({ QDRANT_API_KEY: "q" }).store).toBe("embedded");
    });
  });

  it("passes the model list through as text, a path, or the file of that name", () => {
    const list = '[{"model":"m"}]';
    expect(load({ OAI_CONFIG_LIST: list }).oaiConfigList).toBe(list);
    write("citewell.config.json", { oaiConfigList: [{ model: "m" }] });
    expect(load().oaiConfigList).toBe(list);
    write("OAI_CONFIG_LIST", list);
    expect(load().oaiConfigList).toBe(list);
    rmSync(join(folder, "citewell.config.json"));
    expect(load().oaiConfigList).toBe(join(folder, "OAI_CONFIG_LIST"));
  });

  it("gives an object that cannot be changed", () => {
    expect(Object.isFrozen(load())).toBe(true);
  });
});

describe("describeConfig", () => {
  const shown = (config: Config) =>
    Object.fromEntries(describeConfig(config).map(({ name, value, origin }) => [name, `${value} <${origin}>`]));

  it("masks secrets and names origins", () => {
    write(".env", "CITEWELL_API_KEYS=a-long-key-of-1234,short\n");
    const settings = shown(
      load({ OPENAI_API_KEY: "sk-1234567890abcd", QDRANT_URL: "http://me:pass@db:6333", OAI_CONFIG_LIST: "[{}]" }),
    );
    expect(settings).toMatchObject({
      openaiApiKey: "••••abcd <OPENAI_API_KEY>",
      apiKeys: "••••1234, •••• <CITEWELL_API_KEYS in .env>",
      store: "http://me:••••@db:6333/ <QDRANT_URL>",
      oaiConfigList: "a list of 4 characters <OAI_CONFIG_LIST>",
      port: "8080 <default>",
    });
  });

  it("masks the passwords of several addresses, and of one that is refused", () => {
    const [first, second] = ["http://me:pass@one:6333", "http://me:word@two:6333"];
    expect(shown(load({ QDRANT_URL: `${first},${second}` }))["store"]).toBe(
      "http://me:••••@one:6333/,http://me:••••@two:6333/ <QDRANT_URL>",
    );
    expect(() => load({ QDRANT_URL: `${first} ${second}` })).toThrow(
      '"http://••••@one:6333 http://••••@two:6333" is not',
    );
    expect(() => load({ QDRANT_URL: "http://me:pa/ss@one:6333 x" })).toThrow('"http://••••@one:6333 x" is not');
    expect(shown(load({ OPENAI_BASE_URL: "http://key@one:8000/v1" }))["openaiBaseUrl"]).toBe(
      "http://••••@one:8000/v1 <OPENAI_BASE_URL>",
    );
  });

  it("shows nothing of a key of twelve characters or fewer", () => {
    expect(maskSecret("123456789012")).toBe("••••");
    expect(maskSecret("1234567890123")).toBe("••••0123");
  });
});

// To renew it: node -e 'import("./src/config/config-schema.ts").then((module) =>
//   console.log(JSON.stringify(module.createConfigJsonSchema(), null, 2)))' > citewell.config.schema.json
it("keeps the published JSON Schema current", () => {
  const published: unknown = JSON.parse(
    readFileSync(new URL("../citewell.config.schema.json", import.meta.url), "utf8"),
  );
  expect(published).toEqual(createConfigJsonSchema());
});
