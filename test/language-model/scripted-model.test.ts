import { describe, expect, it } from "vitest";
import { createScriptedModel } from "../../src/language-model/scripted-model.ts";
import type { LanguageModel } from "../../src/language-model/language-model.ts";

async function ask(model: LanguageModel, content = "?"): Promise<string> {
  let text = "";
  for await (const piece of model.stream({ messages: [{ role: "user", content }] })) text += piece;
  return text;
}

describe("createScriptedModel", () => {
  it("takes texts, replies, errors and functions step by step", async () => {
    const model = createScriptedModel([
      "one",
      { content: "two" },
      ({ messages }) => `you said ${messages[0]?.content ?? ""}`,
      new Error("broken"),
    ]);
    expect(await ask(model)).toBe("one");
    expect(await ask(model)).toBe("two");
    expect(() => model.assertDone()).toThrow(/2 of 4/);
    expect(await ask(model, "hi")).toBe("you said hi");
    await expect(ask(model)).rejects.toThrow("broken");
    model.assertDone();
    expect(model.requests).toHaveLength(4);
  });

  it("fails on a call that the script does not have", async () => {
    await expect(ask(createScriptedModel([]))).rejects.toThrow(/called once more/);
  });

  it("streams in pieces", async () => {
    const pieces: string[] = [];
    const model = createScriptedModel(["abcdef"], { pieceLength: 4 });
    for await (const piece of model.stream({ messages: [] })) pieces.push(piece);
    expect(pieces).toEqual(["abcd", "ef"]);
  });
});
