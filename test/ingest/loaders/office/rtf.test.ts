import { describe, expect, it } from "vitest";
import { loadedMade, loadMade } from "../load-made.ts";

/** The bytes of a rich text file: one byte a character. */
const rtf = (inside: string): Uint8Array =>
  Uint8Array.from(Buffer.from(`{\\rtf1\\ansi\\ansicpg1252 ${inside}}`, "latin1"));
const textOf = async (inside: string): Promise<string> => (await loadedMade("a.rtf", rtf(inside))).text;

describe("rich text", () => {
  it("is known by its content, and gives paragraphs", async () => {
    const document = await loadedMade(
      "letter.doc",
      rtf(String.raw`\pard One \b bold\b0  word.\par Two\line lines.\par`),
    );
    expect(document).toMatchObject({ language: "rtf", mediaType: "application/rtf", title: "letter", pages: [] });
    expect(document.text).toBe("One bold word.\n\nTwo\nlines.\n");
  });

  it("gives headings by their style or level, and the title", async () => {
    const styles = String.raw`{\stylesheet{\s0 Normal;}{\s1\b heading 1;}{\s2\outlinelevel1 Other;}}`;
    const info = String.raw`{\info{\title Of the properties}{\author Nobody}}`;
    const body = String.raw`\pard\s1 First\par\pard\s2 Second\par\pard\outlinelevel2 Third\par\pard Text.\par`;
    expect(await loadedMade("a.rtf", rtf(styles + info + body))).toMatchObject({
      text: "# First\n\n## Second\n\n### Third\n\nText.\n",
      title: "First",
    });
    expect((await loadedMade("a.rtf", rtf(`${info}Text.`))).title).toBe("Of the properties");
  });

  it("reads characters of each encoding once", async () => {
    const fonts = String.raw`{\fonttbl{\f0 Arial;}{\f1\fcharset204 Arial Cyr;}{\f2\fcharset128 MS Mincho;}}`;
    expect(
      await textOf(
        String.raw`${fonts}\f0 caf\'e9 {\f1 \'cc\'e8\'f0} {\f2 \'83\'5e} \u8364\'80 \uc2\u-10179\'3f\'3f\u-8704?? \{x\\y\} a\~b\_c\emdash d`,
      ),
    ).toBe("café Мир タ € 😀 {x\\y} a b-c—d\n");
  });

  it("gives lists, rows of tables and footnotes", async () => {
    const item = (marker: string, level: number, words: string): string =>
      String.raw`{\listtext\pard ${marker}\tab}\pard\ilvl${level} ${words}\par `;
    expect(await textOf(item("1.", 0, "One") + item(String.raw`\'b7`, 1, "Inner") + item("2.", 0, "Two"))).toBe(
      "1. One\n  - Inner\n2. Two\n",
    );
    expect(
      await textOf(
        String.raw`\trowd\pard\intbl City\cell Peo\par ple\cell\row\trowd\pard\intbl Rome\cell 3\cell\row\pard After.`,
      ),
    ).toBe("| City | Peo ple |\n| Rome | 3 |\n\nAfter.\n");
    expect(await textOf(String.raw`Said\chftn{\footnote\pard{\super\chftn} A note.} here.\par`)).toBe(
      "Said[1] here.\n\n[1] A note.\n",
    );
  });

  it("leaves out what is hidden or deleted, comments, headers, pictures and fields' codes", async () => {
    const out = String.raw`{\header HEADER}{\pict\wmetafile8 010203}{\*\annotation COMMENT}{\v HIDDEN}{\deleted DELETED}{\*\unknown OTHER}{\object{\*\objdata 0102}{\result shown}}`;
    expect(await textOf(String.raw`Kept ${out} {\field{\*\fldinst HYPERLINK "x"}{\fldrslt link}}.`)).toBe(
      "Kept shown link.\n",
    );
  });

  it("passes over words that it does not know, whatever they are called", async () => {
    expect(await textOf(String.raw`{\constructor A}{\*\valueOf no}\toString B`)).toBe("AB\n");
  });

  it("passes over raw data, and ends where the file breaks off", async () => {
    expect(await textOf(String.raw`A{\pict\bin4 {{}}}B`)).toBe("AB\n");
    const broken = rtf(String.raw`{\b Text that {breaks`).subarray(0, -1);
    expect((await loadedMade("a.rtf", broken)).text).toBe("Text that breaks\n");
    expect(await loadMade("a.rtf", rtf(""))).toEqual({ status: "skipped", reason: "no text in it" });
  });
});
