import { describe, expect, it } from "vitest";
import { dayOf, readAskedDate } from "../../src/retrieval/asked-date.ts";

const dated = { title: "Mill", source: "notes/mill.md" };

describe("dayOf", () => {
  it.each([
    ["the title", { ...dated, title: "Minutes of 14 June 2025" }, "2025-06-14"],
    ["the name of the file", { ...dated, source: "2024-01-01/2025-06-14_1002.txt" }, "2025-06-14"],
    ["the headings before the title", { ...dated, title: "June 2025", heading: "Log > 14 June 2025" }, "2025-06-14"],
    ["underscores", { ...dated, source: "2025_06_14 walk.md" }, "2025-06-14"],
    ["figures alone", { ...dated, source: "chat/20250614_10:02.txt" }, "2025-06-14"],
    ["words of a title made of a file's name", { ...dated, title: "Minutes 2025 06 14" }, "2025-06-14"],
    ["a day with words behind it", { ...dated, source: "2025-06-14-minutes.md" }, "2025-06-14"],
    ["a month", { ...dated, title: "Log 2025-06" }, "2025-06"],
    ["no number that only looks like a month", { ...dated, source: "order-202506.md" }, null],
    ["no longer number", { ...dated, source: "scan-202506141.md" }, null],
    ["nothing", { ...dated, title: null }, null],
  ])("reads a day from %s", (_, part, day) => {
    expect(dayOf(part)).toBe(day);
  });
});

describe("readAskedDate", () => {
  it.each([
    ["Who came on 14 June 2025?", true],
    ["Who came on 2025-06-14?", true],
    ["Who came in June 2025?", true],
    ["Who came on 14 June?", true],
    ["Who came on June 14th?", true],
    ["Wer kam am 14. Juni?", true],
    ["Who came in June?", true],
    ["Who came on June 15?", false],
    ["Who came in may?", false],
    ["Who came in May 2025?", false],
    ["Who came on 15 June 2025?", false],
  ])("knows for %j whether a diary's page is meant", (question, isMeant) => {
    const asked = readAskedDate(question);
    expect(asked?.isDateOf({ title: "Diary", source: "diary/2025-06-14.md" })).toBe(isMeant);
    expect(asked?.isDateOf(dated)).toBe(false);
  });

  it.each(["Who may come?", "Who came in 2025?", "Does it march in step 6?", "Who came at 14?"])(
    "reads no date in %j",
    (question) => {
      expect(readAskedDate(question)).toBeNull();
    },
  );
});
