import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { filterConfigList, parseConfigList, readConfigList } from "../../src/language-model/config-list.ts";
import { findJsonFault } from "../../src/language-model/json-position.ts";

const KEY = "sk-verysecretkey123456";

describe("parseConfigList", () => {
  it("reads snake_case and camelCase", () => {
    const { entries, warnings } = parseConfigList(
      JSON.stringify([
        {
          model: "a",
          api_key: KEY,
          base_url: "http://localhost:1/v1",
          api_type: "openai",
          price: [0.1, 0.2],
          tags: ["x"],
        },
        { model: "b", apiKey: KEY, baseUrl: "http://localhost:2/v1", timeout: 5, contextWindow: 9, organization: "o" },
      ]),
    );
    expect(entries.map(({ apiKey, baseUrl }) => [apiKey, baseUrl])).toEqual([
      [KEY, "http://localhost:1/v1"],
      [KEY, "http://localhost:2/v1"],
    ]);
    expect(entries[0]).toMatchObject({ model: "a", apiType: "openai", price: [0.1, 0.2], tags: ["x"] });
    expect(entries[1]).toMatchObject({ model: "b", timeout: 5, contextWindow: 9 });
    expect(warnings).toEqual(["OAI_CONFIG_LIST[1].organization has no effect."]);
  });

  it("reads settings of a model, in the forms that AutoGen has them", () => {
    const { entries, warnings } = parseConfigList(
      JSON.stringify([
        { model: "a", temperature: 0.9, max_tokens: 5, stop: "END", response_format: { type: "json_object" } },
        { model: "b", topP: 0.1, seed: 3, stop: ["x", "y"], responseFormat: "text", temperature: null },
        {
          model: "c",
          response_format: { type: "json_schema", json_schema: { name: "n", description: "d", schema: {} } },
        },
        { model: "d", responseFormat: { schema: { type: "object" } } },
      ]),
    );
    expect(warnings).toEqual([]);
    expect(entries).toEqual([
      { model: "a", temperature: 0.9, maxTokens: 5, stop: ["END"], responseFormat: "json" },
      { model: "b", topP: 0.1, seed: 3, stop: ["x", "y"], responseFormat: "text" },
      { model: "c", responseFormat: { name: "n", description: "d", schema: {} } },
      { model: "d", responseFormat: { schema: { type: "object" } } },
    ]);
    const wrong = JSON.stringify([{ model: "a", temperature: "hot", response_format: { type: "json_schema" } }]);
    expect(() => parseConfigList(wrong)).toThrow(
      /temperature must be a number; .*responseFormat must be "text", "json", \{"type": "json_object"\} or \{"schema": \{…\}\}/,
    );
  });

  it("keeps keys out of JSON and logs", () => {
    const { entries } = parseConfigList(JSON.stringify([{ model: "a", api_key: KEY }]));
    expect(entries[0]?.apiKey).toBe(KEY);
    expect(JSON.stringify(entries)).not.toContain(KEY);
    expect(inspect(entries, { depth: 5 })).not.toContain(KEY);
  });

  it("says where JSON is malformed and what belongs there, without the text", () => {
    const text = `[\n  {"model": "a", "api_key": "${KEY}",}\n]`;
    expect(() => parseConfigList(text)).toThrow(/line 2, column \d+ should have a name in double quotes/);
    try {
      parseConfigList(text);
    } catch (error) {
      expect(inspect(error, { depth: 10 })).not.toContain(KEY);
    }
  });

  it("lists every wrong value without repeating it", () => {
    const text = JSON.stringify([{ model: "", api_key: KEY }, { model: "a", base_url: KEY, api_type: "azure" }, 7]);
    expect(() => parseConfigList(text)).toThrow(
      /\[0\]\.model .*\[1\]\.baseUrl .*\[1\]\.apiType .*\[2\] must be an object/,
    );
    expect(() => parseConfigList(text)).not.toThrow(new RegExp(KEY));
  });
});

describe("readConfigList", () => {
  it("reads a file as well as a text, and says when a value is neither", async () => {
    const folder = await mkdtemp(join(tmpdir(), "config-list-"));
    const path = join(folder, "list.json");
    await writeFile(path, '[{"model": "from-file"}]');
    expect((await readConfigList(path)).entries[0]?.model).toBe("from-file");
    expect((await readConfigList('[{"model": "from-text"}]')).entries[0]?.model).toBe("from-text");
    await writeFile(path, Buffer.from('\uFEFF[{"model": "from-windows"}]', "utf16le"));
    expect((await readConfigList(path)).entries[0]?.model).toBe("from-windows");
    await writeFile(path, '[{"model": "gpt-4", "api_type": "azure"}]');
    await expect(readConfigList(path)).rejects.toMatchObject({
      code: "config_invalid",
      message: expect.stringMatching(/^The list of models has errors: .*apiType must be "openai"/),
    });
    await writeFile(path, "[{]");
    await expect(readConfigList(path)).rejects.toThrow("is not correct JSON: line 1, column 3");
    await expect(readConfigList(KEY)).rejects.toMatchObject({
      code: "path_not_found",
      message: expect.not.stringContaining(KEY),
    });
    await rm(folder, { recursive: true });
  });
});

describe("filterConfigList", () => {
  const entries = [
    { model: "gpt-4o", tags: ["fast", "vision"] },
    { model: "gpt-4o-mini", tags: ["fast"] },
    { model: "gpt-4" },
  ];

  it.each([
    [{ model: "gpt-4o-mini" }, ["gpt-4o-mini"]],
    [{ model: ["gpt-4", "gpt-4o"] }, ["gpt-4o", "gpt-4"]],
    [{ tags: "vision" }, ["gpt-4o"]],
    [{ tags: ["fast"], model: ["gpt-4o-mini", "gpt-4"] }, ["gpt-4o-mini"]],
    [{ api_type: "openai" }, []],
    [{}, ["gpt-4o", "gpt-4o-mini", "gpt-4"]],
  ])("finds %j", (filter, models) => {
    expect(filterConfigList(entries, filter).map(({ model }) => model)).toEqual(models);
  });

  it.each([
    [{ tags: ["vision"] }, ["gpt-4o-mini", "gpt-4"]],
    [{ tags: ["fast"], model: "gpt-4" }, []],
    [{ tags: ["vision"], model: ["gpt-4"] }, ["gpt-4o-mini"]],
  ])("leaves %j out", (filter, models) => {
    expect(filterConfigList(entries, filter, { exclude: true }).map(({ model }) => model)).toEqual(models);
  });

  it("refuses a key that no entry can have, and what is no list", () => {
    expect(() => filterConfigList(entries, { modell: "gpt-4" })).toThrow(
      "cannot filter by modell: entries have model,",
    );
    expect(() => Reflect.apply(filterConfigList, null, [{ entries }, {}])).toThrow("such as the entries of await read");
  });
});

describe("findJsonFault", () => {
  it.each(["[]", "{}", ' {"a": [1, -2.5e3, true, null, "x\\u00e9\\n"], "b": {}} ', "1", '"x"'])(
    "accepts %j",
    (text) => {
      expect(findJsonFault(text)).toBeNull();
    },
  );

  it.each([
    ["", 1, 1, "a value"],
    ["[1,]", 1, 4, "a value"],
    ['{"a" 1}', 1, 6, '":"'],
    ["{'a': 1}", 1, 2, 'a name in double quotes or "}"'],
    ['{\n"a": 1\n"b": 2}', 3, 1, '"," or "}"'],
    ["[1 2]", 1, 4, '"," or "]"'],
    ["[01]", 1, 2, 'a value or "]"'],
    ["[] x", 1, 4, "the end of the text"],
    ['["open', 1, 2, 'a value or "]"'],
  ])("finds the fault in %j", (text, line, column, expected) => {
    expect(() => JSON.parse(text) as unknown).toThrow(SyntaxError);
    expect(findJsonFault(text)).toEqual({ line, column, expected });
  });
});
