import { describe, expect, it } from "vitest";
import { loadBytes } from "../../../ingest/loaders/load-document.ts";
import { titleFromName, withDayOfName } from "../../../ingest/loaders/title-from-name.ts";
import { makePdf } from "./made-files.ts";

describe("titles from names", () => {
  it.each([
    ["People/Marta Olsen.md", "Marta Olsen"],
    ["ESP32.md", "ESP32"],
    ["meeting_notes-final.txt", "meeting notes final"],
    ["Résumé – 2026.md", "Résumé – 2026"],
    ["日記/二月.md", "二月"],
    ["pages/work___clients%3A north.md", "work / clients: north"],
    ["On-call handbook aa11bb22cc33dd44ee55ff6677889900.md", "On-call handbook"],
    ["Daily/2026-03-05.md", "Daily 2026-03-05"],
    ["journals/2026_03_05.md", "journals 2026-03-05"],
    ["2026-03-05.md", "2026-03-05"],
    ["v1.2 plan.md", "v1.2 plan"],
  ])("%s is about %s", (source, title) => {
    expect(titleFromName(source)).toBe(title);
  });

  it.each([
    "README.md",
    "docs/index.html",
    "Untitled 2.md",
    "scan 12.pdf",
    "12345.txt",
    "IMG_20260301_1234.txt",
    "3f2a9c81-77b0-4e15-9d0c-2b6a1e55c0de.md",
    "https://example.org/soup",
    "a.md",
  ])("%s says nothing", (source) => {
    expect(titleFromName(source)).toBeNull();
  });

  it("stand in only where a document has no title of its own, and not for code, tables and long texts", async () => {
    const title = async (source: string, text: string): Promise<unknown> => {
      const outcome = await loadBytes({ root: "/r", source, bytes: Buffer.from(text) });
      return outcome.status === "loaded" ? outcome.document.title : outcome.reason;
    };
    expect(await title("Marta Olsen.md", "Met in Oslo.\n")).toBe("Marta Olsen");
    expect(await title("Marta Olsen.md", "# Contact\n\nMet in Oslo.\n")).toBe("Contact");
    expect(await title("Chat logs.md", "Some words. ".repeat(5_000))).toBeNull();
    expect(await title("greet people.ts", "export {};\n")).toBeNull();
    expect(await title("people list.csv", "a,b\n1,2\n")).toBeNull();
  });

  it("stand in where a PDF only names the page that it was printed from", async () => {
    const bytes = makePdf([["Text."]], { title: "about:blank" });
    const outcome = await loadBytes({ root: "/r", source: "Supply agreement.pdf", bytes });
    expect(outcome).toMatchObject({ document: { title: "Supply agreement" } });
  });
});

describe("a day in a file's name", () => {
  it.each([
    ["Minutes", "2025/2025-06-14 Minutes.md", "Minutes (2025-06-14)"],
    ["Minutes", "minutes_2025_06_14.txt", "Minutes (2025-06-14)"],
    ["Minutes of 14 June 2025", "2025-06-14 Minutes.md", "Minutes of 14 June 2025"],
    ["Daily 2025-06-14", "Daily/2025-06-14.md", "Daily 2025-06-14"],
    ["Minutes", "2025-06-14/minutes.md", "Minutes"],
    ["Rules", "rules-2025-14-06.md", "Rules"],
    ["Page", "https://example.org/2025-06-14", "Page"],
  ])("belongs to the title %j of %s, unless it is there", (title, source, expected) => {
    expect(withDayOfName(title, source)).toBe(expected);
  });

  it("is in the title of a loaded document", async () => {
    const bytes = Buffer.from("# Minutes\n\nThe gate was bought.");
    const outcome = await loadBytes({ root: "/r", source: "2025-06-14 Minutes.md", bytes });
    expect(outcome).toMatchObject({ document: { title: "Minutes (2025-06-14)" } });
  });
});
