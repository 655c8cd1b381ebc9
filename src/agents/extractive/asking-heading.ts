import { analyse } from "../../lexical/analyse.ts";
import { listItems, type ListItem } from "./list-block.ts";
import { deniesIt } from "./opposition.ts";
import { beside, type PassageSentence } from "./passage-sentence.ts";
import { LEAST_SUBJECT, shareOf } from "./find-list.ts";

/** A heading that asks, over a list that answers: "What is not covered". */
const ASKING_HEADING = /^(?:what|which|who|when|where)\b/i;

/**
 * The list directly below a heading that asks what the question asks: "What is not covered" answers "What is not covered by
 * the insurance?". Null if there is none.
 */
export function listOfAskingHeading(
  question: string,
  sentences: readonly PassageSentence[],
): readonly ListItem[] | null {
  if (!ASKING_HEADING.test(question.trimStart())) return null;
  const asked = new Set(analyse(question));
  for (const heading of sentences) {
    const text = heading.text.replace(/^[#\s*_=]+/, "");
    if (heading.kind !== "heading" || !ASKING_HEADING.test(text) || deniesIt(text) !== deniesIt(question)) continue;
    if (text.split(" ")[0]?.toLowerCase() !== question.trimStart().split(/\W/)[0]?.toLowerCase()) continue;
    const terms = analyse(text);
    const first = beside(heading, 1);
    if (terms.length === 0 || !terms.every((term) => asked.has(term)) || first?.kind !== "list") continue;
    const above = new Set(analyse(first.headings));
    const rest = new Set([...asked].filter((term) => !terms.includes(term)));
    if (shareOf(rest, above) >= LEAST_SUBJECT) return listItems(first);
  }
  return null;
}
