import { describe, expect, it } from "vitest";
import { createNoHumanInput } from "../../src/human-input/no-human-input.ts";
import { createScriptedHumanInput } from "../../src/human-input/scripted-human-input.ts";

describe("createScriptedHumanInput", () => {
  it("replies in order and fails on a question too many and on a reply left over", async () => {
    const human = createScriptedHumanInput(["yes", ""]);
    expect(await human.ask("Really?")).toBe("yes");
    expect(() => human.assertDone()).toThrow(/1 times, not 2/);
    expect(await human.ask("Sure?")).toBe("");
    human.assertDone();
    await expect(human.ask("And now?")).rejects.toThrow(/And now/);
    expect(human.prompts).toEqual(["Really?", "Sure?", "And now?"]);
  });
});

describe("createNoHumanInput", () => {
  it("refuses every question with advice", async () => {
    await expect(createNoHumanInput().ask("Name?")).rejects.toMatchObject({
      code: "not_supported",
      message: expect.stringMatching(/NEVER/),
    });
  });
});
