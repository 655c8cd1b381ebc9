import type { CollectionSettings } from "../../src/domain/collection.ts";
import { CitewellError } from "../../src/errors.ts";
import { isProse } from "../loaders/languages.ts";
import { createAutogenChunker } from "./autogen.ts";
import { byPlainHeadings } from "./by-plain-headings.ts";
import type { Chunker } from "./chunker.ts";
import type { ChunkingOptions } from "./chunking-options.ts";
import { CODE_CHUNK_TOKENS, createCodeChunker } from "./code.ts";
import { createCustomChunker } from "./custom.ts";
import { withHeadings } from "./headings.ts";
import { leaveDataOut } from "./leave-data-out.ts";
import { createMeasure, type SizeOptions } from "./measure.ts";
import { createSentenceChunker } from "./sentences.ts";
import { slideBySlide } from "./slide-by-slide.ts";
import { openSyntaxReader } from "./syntax-reader.ts";
import { createSeparatorChunker, createTokenChunker } from "./token-splitters.ts";

/**
 * Opens the chunker of a collection. Prose is cut as its settings say; source code and data are always cut between
 * lines, in pieces of some 60 lines. Encoded bytes are left out of all. For `autogen` the overlap counts lines, as it does
 * in AutoGen. A split function of the caller's cuts everything.
 *
 * @throws CitewellError `usage_invalid` for sizes that make no sense, or an overlap for a chunker that has none.
 */
export async function openChunker(
  settings: CollectionSettings["chunker"],
  options: ChunkingOptions & { readonly countTokens: (text: string) => number },
): Promise<Chunker> {
  checkSizes(settings);
  if (options.customTextSplitFunction !== undefined) {
    return withHeadings(createCustomChunker(options.customTextSplitFunction));
  }
  const measure = createMeasure(options.customTokenCountFunction ?? ((text) => options.countTokens(text)));
  const size = { budget: settings.chunkTokens, measure };
  const pieces = withHeadings(await openProseChunker(settings, { ...options, ...size }));
  // The others cut as the programs do that they are named after.
  const prose = slideBySlide(settings.name === "sentences" ? byPlainHeadings(pieces) : pieces);
  const code = createCodeChunker({
    budget: Math.max(CODE_CHUNK_TOKENS, settings.chunkTokens),
    measure,
    readSyntax: await openSyntaxReader(),
  });
  return leaveDataOut({
    cut: (document, note) => (isProse(document.language) ? prose : code).cut(document, note),
  });
}

async function openProseChunker(
  settings: CollectionSettings["chunker"],
  { chunkMode, mustBreakAtEmptyLine, ...size }: SizeOptions & ChunkingOptions,
): Promise<Chunker> {
  const overlap = settings.overlapTokens;
  switch (settings.name) {
    case "sentences":
      return createSentenceChunker(size);
    case "token":
      return createTokenChunker({ ...size, overlap });
    case "autogen":
      return createAutogenChunker({ ...size, mode: chunkMode, mustBreakAtEmptyLine, overlapLines: overlap });
    case "recursive":
    case "markdown":
      return createSeparatorChunker({ ...size, overlap, separators: await separatorsOf(settings.name) });
  }
}

async function separatorsOf(name: "recursive" | "markdown"): Promise<readonly string[]> {
  // Loaded only when needed: it takes a fifth of a second, which a search should not pay for.
  const { RecursiveCharacterTextSplitter } = await import("@langchain/textsplitters");
  return name === "markdown"
    ? RecursiveCharacterTextSplitter.getSeparatorsForLanguage("markdown")
    : new RecursiveCharacterTextSplitter().separators;
}

function checkSizes({ name, chunkTokens, overlapTokens }: CollectionSettings["chunker"]): void {
  if (!Number.isSafeInteger(chunkTokens) || chunkTokens < 1) {
    throw new CitewellError(
      "usage_invalid",
      `A chunk of ${chunkTokens} tokens is impossible; give a whole number from 1.`,
    );
  }
  if (!Number.isSafeInteger(overlapTokens) || overlapTokens < 0) {
    throw new CitewellError(
      "usage_invalid",
      `An overlap of ${overlapTokens} is impossible; give a whole number from 0.`,
    );
  }
  if (overlapTokens >= chunkTokens) {
    throw new CitewellError(
      "usage_invalid",
      `An overlap of ${overlapTokens} leaves nothing new in a chunk of ${chunkTokens} tokens; make it smaller.`,
    );
  }
  if (name === "sentences" && overlapTokens > 0) {
    throw new CitewellError(
      "usage_invalid",
      "The chunker sentences cuts without overlap; leave the overlap out, or choose recursive, token or markdown.",
    );
  }
}
