import { analyse } from "../../lexical/analyse.ts";
import { beside, indentOf, lastHeading, type PassageSentence } from "./passage-sentence.ts";

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
  paragraph: readonly PassageSentence[],
): string | null {
  if (!ASKS_WHICH.test(question) || !["list", "prose"].includes(sentence.kind)) return null;
  const asked = new Set(analyse(question));
  const terms = analyse(sentence.text);
  if (terms.length < FEWEST_TERMS || terms.some((term) => !asked.has(term))) return null;
  const [first = sentence] = paragraph;
  const above =
    first !== sentence ? nameOf(first) : sentence.kind === "list" ? itemAbove(sentence) : headingAbove(sentence);
  const isAnswer = above !== null && above.length <= LONGEST && analyse(above).some((term) => !asked.has(term));
  return isAnswer ? above : null;
}

/** What a paragraph or item is said of that begins with a name. */
function nameOf({ text }: PassageSentence): string | null {
  const [, bold, code] = OWN_NAME.exec(text) ?? [];
  return bold ?? code ?? null;
}

/** The item of the list around the list that a sentence is an item of. */
function itemAbove(sentence: PassageSentence): string | null {
  const above = sentence.siblings.slice(0, sentence.position);
  const list = above.slice(above.findLastIndex(({ kind }) => kind !== "list") + 1);
  return list.findLast((item) => indentOf(item) < indentOf(sentence))?.text ?? null;
}

/** The heading right above. */
function headingAbove(sentence: PassageSentence): string | null {
  if (beside(sentence, -1)?.kind !== "heading") return null;
  const heading = lastHeading(sentence);
  return heading === "" || heading === sentence.passage.hit.title ? null : heading;
}
