import { createRequire } from "node:module";
import type { TokenCounter } from "./token-counter.ts";

/** Options of {@link createGptTokenCounter}. */
export interface GptTokenCounterOptions {
  /**
   * Name of the language model whose prompts are counted. `gpt-4`, `gpt-4-turbo` and `gpt-3.5` have an encoding of their
   * own; every later model, and any model that is not known, is counted with the newest one.
   * @default undefined (the newest encoding)
   */
  readonly model?: string;
}

type GptEncodingName = "o200k_base" | "cl100k_base";

interface GptEncoding {
  readonly countTokens: (text: string, options: { disallowedSpecial: Set<string> }) => number;
}

const require = createRequire(import.meta.url);
const loaded = new Map<GptEncodingName, GptEncoding>();

// Byte-pair merging takes time that grows with the square of a run without a break (100,000 letters: seconds), so runs
// are cut; a cut costs at most one token too many.
const LONGEST_RUN = 512;
// Looked for where a run begins only: from each of its places, a run of 400 letters would be read 400 times.
const OVERLONG_RUN = /(?<!\S)\S{513}|(?<!\s)\s{513}/u;
const RUNS = /\S{1,512}|\s{1,512}/gu;

// Text that spells a control token, such as `<|endoftext|>`, is plain text here: it arrives in documents.
const NO_CONTROL_TOKENS = { disallowedSpecial: new Set<string>() };

/**
 * Counts tokens as the GPT models do. The tables (75 MB in memory, 0.1 s) are read at the first count, not before, and
 * once for the whole process.
 */
export function createGptTokenCounter({ model }: GptTokenCounterOptions = {}): TokenCounter {
  const encoding = encodingOf(model);
  return {
    encoding,
    count(text) {
      if (text === "") return 0;
      const { countTokens } = load(encoding);
      if (text.length <= LONGEST_RUN || !OVERLONG_RUN.test(text)) return countTokens(text, NO_CONTROL_TOKENS);
      let tokens = 0;
      for (const part of partsOf(text)) tokens += countTokens(part, NO_CONTROL_TOKENS);
      return tokens;
    },
  };
}

/** Texts between the cuts: ordinary stretches stay whole, overlong runs come in pieces. */
function* partsOf(text: string): Generator<string> {
  let start = 0;
  for (const { 0: run, index } of text.matchAll(RUNS)) {
    if (run.length < LONGEST_RUN) continue;
    const end = index + run.length;
    yield text.slice(start, end);
    start = end;
  }
  if (start < text.length) yield text.slice(start);
}

function encodingOf(model: string | undefined): GptEncodingName {
  const name = model?.slice(model.lastIndexOf("/") + 1) ?? "";
  return /^(gpt-4(-|$)|gpt-3\.5|gpt-35|text-embedding-)/u.test(name) ? "cl100k_base" : "o200k_base";
}

function load(name: GptEncodingName): GptEncoding {
  const known = loaded.get(name);
  if (known) return known;
  // Not an `import`: the tables cost start-up time and memory that most commands never need, and counting is synchronous.
  const encoding: GptEncoding = require(`gpt-tokenizer/encoding/${name}`);
  loaded.set(name, encoding);
  return encoding;
}
