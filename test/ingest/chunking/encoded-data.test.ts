import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { findEncodedData } from "../../../ingest/chunking/encoded-data.ts";
import { openChunker } from "../../../ingest/chunking/open-chunker.ts";
import { createRandom } from "../../../src/domain/seeded-random.ts";
import { chunksOf, countWords } from "./chunker.contract.ts";

const random = createRandom(7);
function bytes(count: number): Buffer {
  return Buffer.from(Array.from({ length: count }, () => Math.floor(random() * 256)));
}
const lined = (text: string, length: number, end = "\n"): string =>
  (text.match(new RegExp(`.{1,${length}}`, "g")) ?? []).join(end);
const letters = (alphabet: string, count: number): string =>
  Array.from({ length: count }, () => alphabet[Math.floor(random() * alphabet.length)]).join("");

const PICTURE = bytes(3_000).toString("base64");
// As in bitmaps: long runs of the same byte.
const BITMAP = Buffer.concat([bytes(400), Buffer.alloc(900, 255), bytes(700)]).toString("base64");

describe("encoded data", () => {
  const parts = (text: string): readonly string[] =>
    findEncodedData(text).map(({ start, end }) => text.slice(start, end));

  it.each([
    ["a picture's address in Markdown", `See ![x](data:image/png;base64,`, PICTURE, `) here.`],
    ["one in HTML, with a parameter", `<img src="data:image/svg+xml;charset=utf-8;base64,`, PICTURE, `">`],
    ["a small picture", `![](data:image/gif;base64,`, PICTURE.slice(0, 320), `)`],
    ["a picture of one colour", `"image/png": "`, BITMAP, `"`],
    ["an escaped drawing", `url("data:image/svg+xml,`, `%3Csvg%20d='`.replace("'", "") + "M10.5,3%20".repeat(60), `")`],
    ["bytes in a field of JSON", `{"content": "`, PICTURE, `", "name": "x"}`],
    ["base64 for addresses", `token `, bytes(3_000).toString("base64url"), ` ends`],
    ["a run of hex", `dump: `, bytes(900).toString("hex"), ` ends`],
    ["a run of hex in capitals", `dump: `, bytes(900).toString("hex").toUpperCase(), ` ends`],
    ["a certificate", `-----BEGIN CERTIFICATE-----\n`, lined(PICTURE, 64), `\n-----END CERTIFICATE-----`],
    [
      "lines of an attachment",
      `Content-Transfer-Encoding: base64\r\n\r\n`,
      lined(PICTURE, 76, "\r\n"),
      `\r\n\r\nText.`,
    ],
    ["lines that are escaped in JSON", `{"image/png": "`, lined(PICTURE, 76, String.raw`\n`), `"}`],
    ["lines that are indented", `tls.crt: |\n    `, lined(PICTURE, 64, "\n    "), `\nnext: 1`],
  ])("is found whole, and nothing beside it: %s", (_, before, data, after) => {
    expect(parts(before + data + after)).toEqual([data]);
  });

  const hashes = (algorithm: string, form: "hex" | "base64"): string =>
    Array.from({ length: 60 }, (_, at) => createHash(algorithm).update(String(at)).digest(form)).join("\n");
  it.each([
    ["a key of 4,096 bits", `ssh-rsa ${bytes(535).toString("base64")} me@host`],
    ["lists of hashes", `${hashes("sha256", "hex")}\n\n${hashes("sha512", "hex")}\n\n${hashes("sha512", "base64")}`],
    [
      "a token",
      `${bytes(60).toString("base64url")}.${bytes(600).toString("base64url")}.${bytes(256).toString("base64url")}`,
    ],
    ["DNA", letters("ACGT", 5_000)],
    ["DNA with marks, in lines", lined(letters("ACGTNacgtn", 5_000), 60)],
    ["a protein", letters("ACDEFGHIKLMNPQRSTVWY", 5_000)],
    ["digits", letters("0123456789", 5_000)],
    ["one letter", "A".repeat(5_000)],
    ["rulers", `${"=".repeat(2_000)}\n${"-".repeat(2_000)}\n${"_".repeat(2_000)}`],
    ["words without blanks", "ThisIsAnIdentifierOfACompiler2ThatNobodyWouldWrite_But3IsLong".repeat(40)],
    [
      "paths",
      Array.from({ length: 60 }, () => "/Users/Somebody/Library/Developer/Xcode/DerivedData/Module0A").join("\n"),
    ],
    ["an address", `https://example.com/${"Some-Long-Path/With-Many-Parts-2024/".repeat(60)}`],
    ["a short picture", `![](data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7)`],
    ["a language without blanks", "これは長い文章です。".repeat(300)],
  ])("is not seen in %s", (_, text) => {
    expect(parts(`before ${text} behind`)).toEqual([]);
  });

  it("is found in a time that grows with the text", () => {
    const long = `${"data:".repeat(40_000)}\n${"data:image/png;base64, ".repeat(20_000)}${"A\n".repeat(200_000)}${`${"x".repeat(64)}\n\n`.repeat(10_000)}`;
    expect(parts(long)).toHaveLength(0);
    const huge = bytes(3_000_000).toString("base64");
    expect(parts(`a ${huge} b`).map((one) => one.length)).toEqual([huge.length]);
  });
});

describe("chunks of a text with encoded data", () => {
  const LONG = bytes(300_000).toString("base64");
  const PROSE = [
    "# Lifts",
    "",
    `The lift is repaired on Monday. ![a lift](data:image/png;base64,${LONG}) The stairs stay open.`,
    "",
    "Second paragraph, with a key:",
    "",
    "-----BEGIN CERTIFICATE-----",
    lined(PICTURE, 64),
    "-----END CERTIFICATE-----",
    "",
    "The last words are here.",
    "",
  ].join("\n");
  const settings = { version: 1, chunkTokens: 40, overlapTokens: 0 };

  it.each(["sentences", "recursive", "token", "markdown", "autogen"] as const)(
    "hold everything else in its place, and say what they leave out: %s",
    async (name) => {
      const chunker = await openChunker({ ...settings, name }, { countTokens: countWords });
      const chunks = chunksOf(chunker, PROSE);
      for (const { text, span, lines } of chunks) {
        expect(text).toBe(PROSE.slice(span.start, span.end));
        expect(text).not.toMatch(/[A-Za-z0-9+/]{60}/);
        expect(lines.start).toBe(PROSE.slice(0, span.start).split("\n").length);
      }
      const words = chunks.flatMap(({ text }) => text.match(/[a-z]+/gi) ?? []);
      for (const word of ["Lifts", "repaired", "stairs", "open", "Second", "CERTIFICATE", "last", "here"])
        expect(words).toContain(word);
      expect(chunks.length).toBeLessThan(12);
      const notes: string[] = [];
      const document = { text: PROSE, language: "markdown" };
      for (const _ of chunker.cut(document, (note) => notes.push(note))) void _;
      const left = (LONG.length + lined(PICTURE, 64).length).toLocaleString("en");
      expect(notes).toContain(`${left} characters of encoded data (base64 or the like) are not searched, in line 3, 8`);
    },
  );

  it("are not joined across it", async () => {
    const chunker = await openChunker({ ...settings, name: "sentences" }, { countTokens: countWords });
    const chunks = chunksOf(chunker, PROSE);
    const [before, after] = ["repaired", "stairs"].map((word) => chunks.find(({ text }) => text.includes(word)));
    expect((after?.ordinal ?? 0) - (before?.ordinal ?? 0)).toBeGreaterThan(2);
    expect(chunks[0]?.ordinal).toBe(0);
  });

  it("are the same as before where there is none", async () => {
    const chunker = await openChunker({ ...settings, name: "sentences" }, { countTokens: countWords });
    const text = "# One\n\nA text of a few words.\n\n## Two\n\nAnother one.\n";
    expect(chunksOf(chunker, text).map(({ ordinal }) => ordinal)).toEqual([0, 1]);
  });

  it("keep code as code", async () => {
    const chunker = await openChunker({ ...settings, name: "sentences" }, { countTokens: countWords });
    const code = `import { a } from "b";\n\nexport const LOGO = "data:image/png;base64,${LONG}";\n\nexport function after(): number {\n  return a(LOGO);\n}\n`;
    const chunks = chunksOf(chunker, code, "typescript");
    expect(chunks.map(({ text }) => text).join(" ")).not.toContain(LONG.slice(0, 40));
    expect(chunks.find(({ text }) => text.includes("return a(LOGO)"))?.lines.end).toBe(7);
  });

  it("are none where there is nothing else", async () => {
    const chunker = await openChunker({ ...settings, name: "sentences" }, { countTokens: countWords });
    expect(chunksOf(chunker, LONG, "text")).toEqual([]);
  });
});
