import { describe, expect, it } from "vitest";
import { dayOf, readAskedDate } from "../../src/retrieval/asked-date.ts";

const dated = { title: "Mill", source: "notes/mill.md" };

describe("dayOf", () => {
  it.each([
    ["the title", { ...dated, title: "Minutes of 14 June 2025" }, "2025-06-14"],
    ["the name of the file", { ...dated, source: "2024-01-01/2025-06-14_1002.txt" }, "2025-06-14"],
    ["the headings before the title", { ...dated, title: "June 2025", heading: "Log > 14 June 2025" }, "2025-06-14"],
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
    ["Who came in May 2025?", false],
    ["Who came on 15 June 2025?", false],
  ])("knows for %j whether a diary's page is meant", (question, isMeant) => {
    const asked = readAskedDate(question);
    expect(asked?.isDateOf({ title: "Diary", source: "diary/2025-06-14.md" })).toBe(isMeant);
    expect(asked?.isDateOf(dated)).toBe(false);
  });

  it("reads no date where none is named with its year", () => {
    expect(readAskedDate("Who came in June?")).toBeNull();
  });
});
