import { PassThrough } from "node:stream";
import { text } from "node:stream/consumers";
import { describe, expect, it } from "vitest";
import { createTerminalHumanInput } from "../../src/human-input/terminal-human-input.ts";

describe("a person at the terminal", () => {
  it("is asked one prompt after the other, also when agents ask at the same time", async () => {
    const [input, output] = [new PassThrough(), new PassThrough()];
    const person = createTerminalHumanInput({ input, output });
    const replies = Promise.all([person.ask("First? "), person.ask("Second? ")]);
    input.write("one\ntwo\n");
    expect(await replies).toEqual(["one", "two"]);
    output.end();
    expect(await text(output)).toBe("First? Second? ");
  });

  it("may have typed ahead, and an empty line is a reply", async () => {
    const input = new PassThrough();
    const person = createTerminalHumanInput({ input, output: new PassThrough() });
    input.end("early\n\nlast\n");
    expect([await person.ask("1"), await person.ask("2"), await person.ask("3")]).toEqual(["early", "", "last"]);
    await expect(person.ask("4")).rejects.toMatchObject({ code: "not_supported" });
  });

  it("who leaves ends the question with a sentence", async () => {
    const input = new PassThrough();
    const asked = createTerminalHumanInput({ input, output: new PassThrough() }).ask("?");
    input.end();
    await expect(asked).rejects.toThrow("The input ended before somebody replied.");
  });

  it("is no longer waited for when the chat is aborted, and is asked again by the next", async () => {
    const input = new PassThrough();
    const person = createTerminalHumanInput({ input, output: new PassThrough() });
    const controller = new AbortController();
    const reason = new Error("enough");
    const asked = person.ask("?", { signal: controller.signal });
    const next = person.ask("Again?");
    setImmediate(() => {
      controller.abort(reason);
      input.write("here\n");
    });
    await expect(asked).rejects.toBe(reason);
    expect(await next).toBe("here");
  });
});
