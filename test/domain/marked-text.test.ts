import { expect, it } from "vitest";
import { markedText } from "../../src/domain/marked-text.ts";

it.each([
  ["UTF-8", Buffer.from("Käfer 🪲")],
  ["UTF-8 with its mark", Buffer.from("\uFEFFKäfer 🪲")],
  ["UTF-16 of Windows", Buffer.from("\uFEFFKäfer 🪲", "utf16le")],
  ["UTF-16 the other way round", Buffer.from("\uFEFFKäfer 🪲", "utf16le").swap16()],
])("reads %s", (_, bytes) => {
  expect(markedText(bytes)).toBe("Käfer 🪲");
});

it("reads an empty file", () => {
  expect(markedText(Buffer.from(""))).toBe("");
});
