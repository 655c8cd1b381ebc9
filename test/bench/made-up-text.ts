import { mkdir, open, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createRandom } from "../../src/domain/seeded-random.ts";

/** Makes prose that nobody wrote: words and names by Zipf's law, in sentences, paragraphs and sections. */
export interface MadeUpText {
  /** A sentence with a line's length of words. */
  sentence(): string;
  /** Some sentences, with an empty line after them. */
  paragraph(): string;
  /** A Markdown document of about a number of bytes, with a title of its own. */
  document(bytes: number): string;
}

const COMMON =
  "the of and to in is that for it as was with be by on not he his but at are this have from or had an they which one you were all her she there would their we him been has when who will no more if out so up said what its about than into them can only other time new some could these two may first then do".split(
    " ",
  );
const SYLLABLES =
  "ba con der el fi gra hu in ka lo men nor op per qui ra sen tor um ver wa xi yo za tion ment ing est ard ble cer dis".split(
    " ",
  );
const VOCABULARY = 20_000;
/** Share of the words that are common ones, about as in English. */
const COMMON_SHARE = 0.45;
const NAMES = 5_000;
/** Share of the sentences that hold a name of two words. */
const NAME_SHARE = 0.25;

/** Starts a source of text; the same seed gives the same text. */
export function createMadeUpText(seed: number): MadeUpText {
  const random = createRandom(seed);
  const pick = <Item>(items: readonly Item[], fallback: Item): Item =>
    items[Math.floor(random() * items.length)] ?? fallback;
  const word = (): string => {
    if (random() < COMMON_SHARE) return COMMON[Math.floor(COMMON.length ** random()) - 1] ?? "the";
    // A flatter top than the common words have: no made-up word is in every sentence.
    return madeUpWord(Math.floor(20 * (VOCABULARY / 20) ** random()));
  };
  const words = (count: number): string => Array.from({ length: count }, word).join(" ");
  const name = (): string => {
    const number = Math.floor(NAMES ** random());
    return [2 * number, 2 * number + 1].map((rank) => capitalised(madeUpWord(VOCABULARY + rank))).join(" ");
  };
  const sentence = (): string => {
    const text = words(6 + Math.floor(random() * 18)) + (random() < NAME_SHARE ? ` ${name()}` : "");
    return `${capitalised(text)}${pick([".", ".", ".", "?", "!"], ".")}`;
  };
  const paragraph = (): string => `${Array.from({ length: 2 + Math.floor(random() * 5) }, sentence).join(" ")}\n\n`;
  return {
    sentence,
    paragraph,
    document(bytes) {
      const parts = [`# ${words(3)}\n\n`];
      for (let length = parts[0]?.length ?? 0, count = 1; length < bytes; count += 1) {
        const part = count % 8 === 0 ? `## ${words(3)}\n\n` : paragraph();
        parts.push(part);
        length += part.length;
      }
      return parts.join("");
    },
  };
}

function capitalised(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}

/** The word of a rank: two to four syllables, always the same ones. */
function madeUpWord(rank: number): string {
  let rest = Math.imul(rank, 2_654_435_761) >>> 0;
  const count = 2 + (rest % 3);
  let word = "";
  for (let at = 0; at < count; at += 1) {
    rest = Math.imul(rest ^ (rest >>> 15), 2_246_822_519) >>> 0;
    word += SYLLABLES[rest % SYLLABLES.length] ?? "";
  }
  return word;
}

/** What {@link writeCorpus} makes. */
export interface CorpusOptions {
  /** Bytes of the whole corpus, about. */
  readonly bytes: number;
  /** Bytes of one file, about. */
  readonly fileBytes: number;
  readonly seed?: number;
}

/** Writes Markdown files into a folder, a hundred in each folder below it. Resolves to their number. */
export async function writeCorpus(folder: string, { bytes, fileBytes, seed = 1 }: CorpusOptions): Promise<number> {
  const text = createMadeUpText(seed);
  const count = Math.max(1, Math.round(bytes / fileBytes));
  for (let file = 0; file < count; file += 1) {
    const parent = join(folder, `part-${Math.floor(file / 100)}`);
    if (file % 100 === 0) await mkdir(parent, { recursive: true });
    await writeFile(join(parent, `document-${file}.md`), text.document(fileBytes));
  }
  return count;
}

/** Writes one long plain text, piece by piece. */
export async function writeLongFile(
  file: string,
  { bytes, seed = 2 }: { bytes: number; seed?: number },
): Promise<void> {
  const text = createMadeUpText(seed);
  const handle = await open(file, "w");
  try {
    for (let written = 0; written < bytes;) {
      let piece = "";
      while (piece.length < 1 << 20 && written + piece.length < bytes) piece += text.paragraph();
      written += (await handle.write(piece)).bytesWritten;
    }
  } finally {
    await handle.close();
  }
}
