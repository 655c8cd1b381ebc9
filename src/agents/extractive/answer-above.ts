import { analyse } from "../../lexical/analyse.ts";
import { indentOf, lastHeading, type PassageSentence } from "./passage-sentence.ts";

const ASKS_WHICH = /^\s*(?:and )?(?:what|which)\b/i;
const LONGEST = 80;
/** With fewer terms, a sentence repeats a question by chance. */
const FEWEST_TERMS = 2;

/** "`taper`. Burns for an hour. …", "**Taper:** …". */
const OWN_NAME = /^(?:\*\*([^*\n]{1,60})\*\*|(`[^`\n]{1,60}`))/;

/**
 * For a question which one it is, the item or heading that a sentence stands under and that is the answer, since the
 * sentence only repeats the question: "The default lamp for mills" below `taper`. Otherwise null.
 */
export function answerAbove(
  question: string,
  sentence: PassageSentence,
  {
    sentences,
    paragraph,
  }: { readonly sentences: readonly PassageSentence[]; readonly paragraph: readonly PassageSentence[] },
): string | null {
  if (!ASKS_WHICH.test(question) || !["list", "prose"].includes(sentence.kind)) return null;
  const asked = new Set(analyse(question));
  const terms = analyse(sentence.text);
  if (terms.length < FEWEST_TERMS || terms.some((term) => !asked.has(term))) return null;
  const [first = sentence] = paragraph;
  const above =
    first !== sentence
      ? nameOf(first)
      : sentence.kind === "list"
        ? itemAbove(sentence, sentences)
        : headingAbove(sentence, sentences);
  const isAnswer = above !== null && above.length <= LONGEST && analyse(above).some((term) => !asked.has(term));
  return isAnswer ? above : null;
}

/** What a paragraph or item is said of that begins with a name. */
function nameOf({ text }: PassageSentence): string | null {
  const [, bold, code] = OWN_NAME.exec(text) ?? [];
  return bold ?? code ?? null;
}

/** The item of the list around the list that a sentence is an item of. */
function itemAbove(sentence: PassageSentence, sentences: readonly PassageSentence[]): string | null {
  const indent = indentOf(sentence);
  for (let at = sentences.indexOf(sentence) - 1; at >= 0; at -= 1) {
    const before = sentences[at];
    if (before?.kind !== "list" || before.passage !== sentence.passage) return null;
    if (indentOf(before) < indent) return before.text;
  }
  return null;
}

/** The heading right above. */
function headingAbove(sentence: PassageSentence, sentences: readonly PassageSentence[]): string | null {
  const before = sentences[sentences.indexOf(sentence) - 1];
  if (before?.kind !== "heading" || before.passage !== sentence.passage) return null;
  const heading = lastHeading(sentence);
  return heading === "" || heading === sentence.passage.hit.title ? null : heading;
}
