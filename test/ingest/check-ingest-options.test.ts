import { describe, expect, it } from "vitest";
import { checkIngestOptions } from "../../ingest/check-ingest-options.ts";

const checked = (options: unknown) => (): unknown => Reflect.apply(checkIngestOptions, undefined, [options]);
const right = { roots: ["notes"], collection: "notes" };

describe("checkIngestOptions", () => {
  it("lets through what an ingestion can work with", () => {
    expect(
      checked({ ...right, crawl: 2, chunker: "token", chunkTokens: 99, dryRun: true, include: ["*.md"] }),
    ).not.toThrow();
    expect(checked({ roots: [], collection: "notes", force: true, signal: undefined })).not.toThrow();
  });

  it.each([
    ["no options", null, "ingest takes an object with options, not null."],
    ["a misspelt dry run", { ...right, dryrun: true }, "ingest.dryrun is not supported: write dryRun."],
    ["a flag as a text", { ...right, force: "yes" }, 'ingest.force must be true or false, not "yes".'],
    ["one root as a text", { ...right, roots: "notes" }, 'ingest.roots must be a list, not "notes".'],
    [
      "a root that is no text",
      { ...right, roots: [5] },
      "ingest.roots must be a list of paths, globs or web addresses.",
    ],
    ["no collection", { roots: ["notes"] }, "ingest.collection must be the name of a collection."],
    ["an unknown chunker", { ...right, chunker: "bogus" }, "ingest.chunker must be one of sentences, recursive, token"],
    ["a glob as a text", { ...right, include: "*.md" }, 'ingest.include must be a list, not "*.md".'],
    ["a negative crawl", { ...right, crawl: -1 }, "ingest.crawl must be a whole number from 0, not -1."],
    ["a shard as a text", { ...right, shard: "1/2" }, 'ingest.shard must be an object, not "1/2".'],
  ])("refuses %s", (_what, options, sentence) => {
    expect(checked(options)).toThrow(TypeError);
    expect(checked(options)).toThrow(sentence);
  });
});
