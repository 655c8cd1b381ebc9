import { describe, expect, it } from "vitest";
import type { DocumentMetadata } from "../../src/domain/document-metadata.ts";
import { metadataEntries, metadataOfEntries, wantedEntries } from "../../src/store/metadata-entries.ts";

describe("metadata as a list of texts", () => {
  it.each<DocumentMetadata>([
    { team: "docs", year: 2025, ratio: 0.1 + 0.2, tiny: 5e-324, draft: false, tags: ["b", "a", "b", ""], none: [] },
    { 'a.b[0] "q"': "Grüße 🙂\n\u0000", constructor: "x", "1": "one", "0": [] },
  ])("is read back as it was, in its order: %j", (metadata) => {
    expect(JSON.stringify(metadataOfEntries(metadataEntries(metadata)))).toBe(JSON.stringify(metadata));
  });

  it("is nothing where nothing is said", () => {
    expect([metadataEntries(), metadataEntries({}), metadataOfEntries([]), metadataOfEntries(undefined)]).toEqual([
      [],
      [],
      undefined,
      undefined,
    ]);
  });

  it("has a text of its own for each key, type and value that a filter may ask for", () => {
    expect(wantedEntries({ year: [2024, "2024"], draft: true, minus: -0 })).toEqual([
      ['["year",2024]', '["year","2024"]'],
      ['["draft",true]'],
      ['["minus",0]'],
    ]);
    expect(metadataEntries({ tags: ["x"], minus: -0 })).toEqual(['["tags"]', '["tags","x"]', '["minus",0]']);
  });
});
