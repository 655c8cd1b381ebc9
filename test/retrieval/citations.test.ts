import { describe, expect, it } from "vitest";
import type { Passage } from "../../src/domain/answer.ts";
import { checkCitations, type ReadSpans } from "../../src/retrieval/citations.ts";
import { makeHit } from "../support/make-chunk.ts";

const stored = "# Limits\n\nA file may have 20 MB at most. Larger files are skipped.\nThe report names each one.\n";
const body = stored.slice(10);
const passages: readonly Passage[] = [
  {
    marker: 1,
    hit: makeHit({
      text: body,
      span: { start: 10, end: stored.length },
      lines: { start: 3, end: 4 },
      source: "limits.md",
    }),
  },
];
const readSpans: ReadSpans = async (spans) => spans.map(({ span }) => stored.slice(span.start, span.end));
const check = (answer: string, read: ReadSpans = readSpans): ReturnType<typeof checkCitations> =>
  checkCitations(answer, { question: "How large may a file be?", passages, readSpans: read });

describe("checkCitations", () => {
  it("binds a marker to the sentence that supports the statement", async () => {
    const { citations, text } = await check("Files may be up to 20 MB in size [1].");
    expect(text).toBe("Files may be up to 20 MB in size [1].");
    expect(citations).toEqual([
      expect.objectContaining({
        marker: 1,
        source: "limits.md",
        quote: "A file may have 20 MB at most.",
        span: { start: 10, end: 40 },
        lines: { start: 3, end: 3 },
        verified: true,
      }),
    ]);
    expect(stored.slice(10, 40)).toBe("A file may have 20 MB at most.");
  });

  it("compares quotes with the passages where nothing else reads the stored text", async () => {
    const answer = 'At most 20 MB [1]. "Larger files are skipped" [1]. A directory is skipped [7].';
    const options = { question: "How large may a file be?", passages };
    expect(await checkCitations(answer, options)).toEqual(await check(answer));
    expect((await checkCitations(answer, options)).text).toBe(
      'At most 20 MB [1]. "Larger files are skipped" [1]. A directory is skipped.',
    );
    const none = checkCitations(answer, { question: "", passages: [] });
    expect(await none).toMatchObject({ citations: [], dropped: [{ marker: 1 }, { marker: 1 }, { marker: 7 }] });
  });

  it.each([
    [["x"], "checkCitations takes an object with options, not undefined."],
    [["x", { question: "q" }], "checkCitations.passages must be a list, not undefined."],
    [
      [{ summary: "x" }, { question: "q", passages: [] }],
      "The answer of checkCitations must be a text, not an object.",
    ],
  ])("refuses %j", async (args, sentence) => {
    const refused: unknown = Reflect.apply(checkCitations, undefined, args);
    await expect(refused).rejects.toThrow(sentence);
  });

  it("names the headings that the passage stands under", async () => {
    const place = { span: { start: 10, end: stored.length }, lines: { start: 3, end: 4 } };
    const hit = makeHit({ text: body, ...place, heading: "Files > Limits" });
    const { citations } = await checkCitations("Files may be up to 20 MB in size [1].", {
      question: "How large may a file be?",
      passages: [{ marker: 1, hit }],
      readSpans,
    });
    expect(citations[0]?.heading).toBe("Files > Limits");
  });

  it("brings along what is said of the document", async () => {
    const said = passages.map((passage) => ({ ...passage, hit: { ...passage.hit, metadata: { team: "docs" } } }));
    const options = { question: "How large may a file be?", passages: said, readSpans };
    expect((await checkCitations("At most 20 MB [1].", options)).citations).toMatchObject([
      { metadata: { team: "docs" } },
    ]);
    expect((await check("At most 20 MB [1].")).citations[0]).not.toHaveProperty("metadata");
  });

  it("names the page on which the quote begins", async () => {
    const paged = passages.map(({ marker, hit }) => ({
      marker,
      hit: { ...hit, page: 3, pageStarts: [{ page: 5, start: stored.indexOf("files are skipped") }] },
    }));
    const options = { question: "How large may a file be?", passages: paged, readSpans };
    const { citations } = await checkCitations(
      'At most 20 MB [1]. "Larger files are skipped" [1]. "The report names each one" [1].',
      options,
    );
    expect(citations.map(({ page }) => page)).toEqual([3, 3, 5]);
    expect((await check("At most 20 MB [1].")).citations).toMatchObject([{ page: null }]);
  });

  it("finds an explicit quotation, whatever its white space and quotation marks", async () => {
    const { citations } = await check("The guide says “Larger files are  skipped. The report names each one.” [1]");
    expect(citations[0]).toMatchObject({
      quote: "Larger files are skipped.\nThe report names each one.",
      lines: { start: 3, end: 4 },
    });
  });

  it("drops a marker whose quoted words are not in the passage", async () => {
    const { citations, dropped, text } = await check('It says "files may have 90 MB at most" [1].');
    expect(citations).toEqual([]);
    expect(dropped).toEqual([{ marker: 1, reason: "The words that the answer quotes are not in passage 1." }]);
    expect(text).toBe('It says "files may have 90 MB at most".');
  });

  it("drops a marker without a passage and keeps the good one beside it", async () => {
    const { text, citations, dropped } = await check("At most 20 MB [1, 7].");
    expect(text).toBe("At most 20 MB [1].");
    expect(citations).toHaveLength(1);
    expect(dropped.map(({ marker }) => marker)).toEqual([7]);
  });

  it("writes the numbers of one bracket apart, so that each is a marker", async () => {
    const { text, citations } = await checkCitations("At most 20 MB [1, 2].", {
      question: "How large?",
      passages: [1, 2].map((marker) => ({ marker, hit: makeHit({ text: "At most 20 MB.", chunkIds: [] }) })),
      readSpans: async (spans) => spans.map(({ span }) => "At most 20 MB.".slice(span.start, span.end)),
    });
    expect(text).toBe("At most 20 MB [1][2].");
    expect(citations.map(({ marker }) => marker)).toEqual([1, 2]);
  });

  it("drops a citation whose text is no longer stored", async () => {
    const { citations, dropped } = await check("At most 20 MB [1].", async (spans) => spans.map(() => null));
    expect(citations).toEqual([]);
    expect(dropped[0]?.reason).toContain("limits.md");
  });

  it("drops a citation whose stored text is another one by now", async () => {
    const changed: ReadSpans = async (spans) =>
      spans.map(({ span }) => stored.replace("20 MB", "30 MB").slice(span.start, span.end));
    const { text, citations, dropped } = await check("Larger files are skipped [1]. At most 20 MB [1].", changed);
    expect(citations.map(({ quote }) => quote)).toEqual(["Larger files are skipped."]);
    expect(dropped).toEqual([{ marker: 1, reason: "The stored text of limits.md no longer holds the quoted words." }]);
    expect(text).toBe("Larger files are skipped [1]. At most 20 MB.");
  });

  it("finds a passage by its number, whatever its place among the passages", async () => {
    const [first] = passages;
    const later = first === undefined ? [] : [{ ...first, marker: 4 }];
    const options = { question: "How large may a file be?", passages: later, readSpans };
    const { citations, dropped } = await checkCitations("At most 20 MB [4]. Skipped [1].", options);
    expect(citations.map(({ marker }) => marker)).toEqual([4]);
    expect(dropped.map(({ marker }) => marker)).toEqual([1]);
  });

  it("takes three words between quotation marks for a quotation, and fewer or short ones for names", async () => {
    const outcome = async (words: string): Promise<number> => (await check(`It says "${words}" [1].`)).dropped.length;
    expect(await outcome("small files vanish")).toBe(1);
    expect(await outcome("vanished altogether")).toBe(0);
    expect(await outcome("a b c d")).toBe(0);
  });

  it("goes by the last quotation before a marker", async () => {
    const { citations } = await check('Not "files of any size" but "Larger files are skipped" [1].');
    expect(citations.map(({ quote }) => quote)).toEqual(["Larger files are skipped"]);
  });

  it("quotes the shorter of two sentences that share as much with the statement, else what the question is about", async () => {
    const text = "Parcels arrive on Monday and are sorted by hand. Parcels arrive early. Letters cost nothing.";
    const quoteFor = async (answer: string, question: string): Promise<string | undefined> => {
      const options = {
        question,
        passages: [{ marker: 1, hit: makeHit({ text }) }],
        readSpans: async (spans: Parameters<ReadSpans>[0]) => spans.map(({ span }) => text.slice(span.start, span.end)),
      };
      return (await checkCitations(answer, options)).citations[0]?.quote;
    };
    expect(await quoteFor("A parcel may arrive here [1].", "When?")).toBe("Parcels arrive early.");
    expect(await quoteFor("Free of charge [1].", "What do letters cost?")).toBe("Letters cost nothing.");
    expect(await quoteFor("Free of charge [1].", "Why?")).toBe("Parcels arrive on Monday and are sorted by hand.");
  });

  it("takes brackets in code and in links for what they are", async () => {
    const answer = "Use `list[1]` or:\n```js\nx = [1];\n```\nSee items[1] and [1](https://example.org).";
    expect(await check(answer)).toEqual({ text: answer, citations: [], dropped: [] });
    const { citations } = await check("Larger files are `skipped`[1]");
    expect(citations.map(({ quote }) => quote)).toEqual(["Larger files are skipped."]);
  });

  it("checks long rows of markers, quotation marks and blanks in a time that grows with their length", async () => {
    const { citations } = await check(`Larger files are skipped${" [1]".repeat(5_000)}. ${"“".repeat(50_000)} [1]`);
    expect(citations.map(({ quote }) => quote)).toEqual(["Larger files are skipped."]);
    const text = `Parcels arrive early.\n${" ".repeat(100_000)}|`;
    const options = { question: "When?", passages: [{ marker: 1, hit: makeHit({ text }) }] };
    const { citations: found } = await checkCitations("They arrive at dawn [1].", options);
    expect(found.map(({ quote }) => quote)).toEqual(["Parcels arrive early."]);
  });

  it("gives markers behind a comma the statement of the marker in front of them", async () => {
    const { citations } = await check("Larger files are skipped [1], [1]; [1].");
    expect(citations.map(({ quote }) => quote)).toEqual(["Larger files are skipped."]);
  });

  it("lets markers in a row share one statement", async () => {
    const { citations, dropped } = await check("Larger files are skipped [1][9].");
    expect(citations.map(({ quote }) => quote)).toEqual(["Larger files are skipped."]);
    expect(dropped.map(({ marker }) => marker)).toEqual([9]);
  });

  it("lists each quoted span of a passage once", async () => {
    const { citations } = await check(
      "At most 20 MB [1]. Larger files are skipped [1]. Yes, skipped larger files [1].",
    );
    expect(citations.map(({ quote }) => quote)).toEqual([
      "A file may have 20 MB at most.",
      "Larger files are skipped.",
    ]);
  });

  it("quotes the last two sentences of a statement where both stand in the passage", async () => {
    const { citations } = await check("See here. Larger files are skipped. The report names each one. [1]");
    expect(citations.map(({ quote }) => quote)).toEqual(["Larger files are skipped.\nThe report names each one."]);
  });

  it("quotes the block of code that a statement in other words introduces", async () => {
    const code = "/** Opens. */\nexport function open(): void {\n  push();\n}\n\nconst rest = 1;\n";
    const hit = makeHit({ text: code, span: { start: 0, end: code.length }, lines: { start: 1, end: 6 } });
    const answer = "The passage shows this code: [1]\n\n```ts\nexport function open(): void {\n  push();\n}\n```";
    const { citations } = await checkCitations(answer, {
      question: "Where is it opened?",
      passages: [{ marker: 1, hit }],
      readSpans: async (spans) => spans.map(({ span }) => code.slice(span.start, span.end)),
    });
    expect(citations[0]).toMatchObject({
      quote: "export function open(): void {\n  push();\n}",
      lines: { start: 2, end: 4 },
      verified: true,
    });
  });

  describe("for a statement with a block of code behind it", () => {
    const page = "# Keys\n\nSet the key, separated by commas:\n\n```sh\nKEY=a serve\ncurl :80\n```\n\nThen wait.\n";
    const checkPage = (answer: string): ReturnType<typeof checkCitations> =>
      checkCitations(answer, {
        question: "How do I set keys?",
        passages: [
          {
            marker: 1,
            hit: makeHit({ text: page, span: { start: 0, end: page.length }, lines: { start: 1, end: 10 } }),
          },
        ],
        readSpans: async (spans) => spans.map(({ span }) => page.slice(span.start, span.end)),
      });
    const block = "```sh\nKEY=a serve\ncurl :80\n```";

    it.each(["[1]", "[1]:", "[1].", "[1][1]"])("cites the lines of both: %s", async (marks) => {
      const answer = `Set the key, separated by commas: ${marks}\n\n${block}`;
      const { text, citations, dropped } = await checkPage(answer);
      expect(citations).toMatchObject([
        { marker: 1, lines: { start: 3, end: 3 }, verified: true },
        { marker: 1, quote: "KEY=a serve\ncurl :80", lines: { start: 6, end: 7 }, verified: true },
      ]);
      expect([text, dropped]).toEqual([answer, []]);
    });

    it("cites the statement alone where the code is not in its passage", async () => {
      const { citations, dropped } = await checkPage(
        `Set the key, separated by commas: [1]\n\n${block.replace("KEY", "TOKEN")}`,
      );
      expect(citations.map(({ lines }) => lines)).toEqual([{ start: 3, end: 3 }]);
      expect(dropped).toEqual([]);
    });

    it("keeps the marker's form where another of its numbers fails", async () => {
      const { text } = await checkPage(`Set the key, separated by commas: [1, 9]\n\n${block}`);
      expect(text).toBe(`Set the key, separated by commas: [1]\n\n${block}`);
    });
  });

  it("does not take what stands in a block of code between two statements for words that the second one quotes", async () => {
    const answer =
      'A file may have 20 MB. [1]\n\n```ts\nsay("words of some other text");\n```\n\nLarger files are skipped. [1]';
    const { citations, dropped } = await check(answer);
    expect(dropped).toEqual([]);
    expect(citations.at(-1)).toMatchObject({ quote: "Larger files are skipped." });
  });

  it("quotes the row of a table that a statement reads out, to the letter", async () => {
    const bars =
      "| setting | default |\n|---|---|\n| `port` | 8080 |\n| `port of the page` | 8080, unless set. Then that. |";
    const quotesOf = async (answer: string, table = bars): Promise<readonly string[]> => {
      const hit = makeHit({ text: table, span: { start: 0, end: table.length }, lines: { start: 1, end: 4 } });
      const { citations } = await checkCitations(answer, {
        question: "Which port?",
        passages: [{ marker: 1, hit }],
        readSpans: async (spans) => spans.map(({ span }) => table.slice(span.start, span.end)),
      });
      return citations.filter(({ verified }) => verified).map(({ quote }) => quote);
    };
    expect(await quotesOf("`port` — default: 8080 [1]")).toEqual(["| `port` | 8080 |"]);
    expect(await quotesOf("Closest to it:\n\n`port of the page` — default: 8080, unless set. Then that. [1]")).toEqual([
      "| `port of the page` | 8080, unless set. Then that. |",
    ]);
    const columns = "Article        Size  Price\nBrass tee        15   5.20\nBrass elbow      15   4.10";
    expect(await quotesOf("Brass elbow — Size: 15; Price: 4.10 [1]", columns)).toEqual(["Brass elbow      15   4.10"]);
  });
});
