import { describe, expect, it } from "vitest";
import { readConfiguredModels } from "../../src/language-model/configured-models.ts";

describe("configured models", () => {
  it("are described with their addresses, without the passwords in these", async () => {
    const list = JSON.stringify([
      { model: "small", base_url: "http://ada:secret@one:8000/v1", api_key: "k" },
      { model: "large", base_url: "http://two:8000/v1", api_key: "k" },
    ]);
    const { description } = await readConfiguredModels({ oaiConfigList: list });
    expect(description).toBe("small at http://one:8000/v1, then large at http://two:8000/v1");
  });

  it("ask for the name of a model where there is an address alone, without the password in it", async () => {
    await expect(readConfiguredModels({ openaiBaseUrl: "http://ada:secret@one:8000/v1" })).rejects.toMatchObject({
      code: "config_invalid",
      message: "OPENAI_BASE_URL is set to http://one:8000/v1: name a model of it in OPENAI_MODEL.",
    });
  });
});
