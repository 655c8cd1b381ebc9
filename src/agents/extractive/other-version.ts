import type { PassageSentence } from "./passage-sentence.ts";

/** "7.5", "v1.0.3"; no amount such as "1.5 %" and no part of a name or an address. */
const VERSION = /(?<![\w.,:/$€£-])v?(\d+\.\d+(?:\.\d+)*)(?!\.\d|[\w-]|\s?%)/giu;

/**
 * Makes the test whether a sentence is about other versions than those that a question names: asked when 1.0 came out,
 * "1.97 (released in July)" is, and so is what stands under the heading "What is new in 1.97". "1.0" and "1.0.3" are
 * taken for the same.
 */
export function createOtherVersionTest(
  question: string,
): (sentence: Pick<PassageSentence, "text" | "headings">) => boolean {
  const asked = versionsOf(question);
  if (asked.length === 0) return () => false;
  const isOther = (versions: readonly string[]): boolean =>
    versions.length > 0 && !versions.some((one) => asked.some((other) => isSameLine(one, other)));
  return ({ text, headings }) => {
    const own = versionsOf(text);
    return isOther(own.length > 0 ? own : versionsOf(headings));
  };
}

/**
 * Whether one of some sentences tells of a version that a question names, by itself, by what it stands under or by the
 * path of its file; also where the question names none.
 */
export function tellsOfVersion(question: string, sentences: readonly PassageSentence[]): boolean {
  const asked = versionsOf(question);
  return (
    asked.length === 0 ||
    sentences.some(({ text, headings, passage }) => {
      // A folder is called `7.5` or `v7.5`.
      const told = versionsOf([text, headings, passage.hit.source.replaceAll("/", " ")].join("\n"));
      return told.some((one) => asked.some((other) => isSameLine(one, other)));
    })
  );
}

function versionsOf(text: string): readonly string[] {
  return Array.from(text.matchAll(VERSION), ([, version = ""]) => version);
}

/** Whether one version is the other, or one of its releases. */
function isSameLine(one: string, other: string): boolean {
  return one === other || one.startsWith(`${other}.`) || other.startsWith(`${one}.`);
}
