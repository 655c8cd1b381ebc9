import { describe, expect, it } from "vitest";
import { withPlaces } from "../../../src/retrieval/code/code-places.ts";
import type { ScoredFile, ScoredPiece } from "../../../src/retrieval/code/score-files.ts";
import { makeChunk } from "../../support/make-chunk.ts";
import { NO_PARTS } from "./no-parts.ts";

function piece(symbol: string, score: number, language = "rust"): ScoredPiece {
  return { chunk: { ...makeChunk({ source: "src/store.rs", text: symbol }), id: symbol, symbol, language }, score };
}

function symbolsAt(pieces: readonly [ScoredPiece, ...ScoredPiece[]], tests = false): readonly (string | null)[] {
  const file: ScoredFile = { score: 1, parts: NO_PARTS, isTest: false, chunks: pieces };
  const [found] = withPlaces([file], { limit: 1, pieces: [], tests });
  return (found?.places ?? []).map(({ symbol }) => symbol);
}

describe("withPlaces", () => {
  it("puts the tests in a file of Rust behind the code, unless they are asked for", () => {
    expect(symbolsAt([piece("tests.opens", 1), piece("Store.open", 0.7)])).toEqual(["Store.open", "tests.opens"]);
    expect(symbolsAt([piece("tests.opens", 1), piece("Store.open", 0.7)], true)).toEqual(["tests.opens", "Store.open"]);
  });

  it("keeps a test in front of code that hardly fits", () => {
    expect(symbolsAt([piece("tests.opens", 1), piece("Store.open", 0.2)])).toEqual(["tests.opens"]);
  });

  it("leaves what is called tests elsewhere in its place", () => {
    expect(symbolsAt([piece("tests", 1, "python"), piece("open", 0.7, "python")])).toEqual(["tests", "open"]);
  });
});
