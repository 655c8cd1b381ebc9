import { withoutCourtesy } from "./courtesy.ts";

/** Stands for what is asked about: not another question, nor something that is done. */
const SUBJECT = String.raw`(?<subject>[^\s?!,;:]+?(?: [^\s?!,;:]+?){0,7}?)`;
const END = String.raw`(?:,? (?:exactly|precisely|actually))?\s*[?!.]*$`;

/** The longer ways to ask what something is. */
const ASKS_WHAT_IT_IS: readonly RegExp[] = [
  String.raw`what (?:is|are|was|were) (?:meant|understood) (?:by|with|under) ${SUBJECT}`,
  String.raw`what do(?:es)? (?:the |your |our )?\S+ (?:mean|understand) (?:by|with|under) ${SUBJECT}`,
  String.raw`(?:what(?: is|['’]s)|give me|explain) the (?:exact |precise )?(?:meaning|definition) of ${SUBJECT}`,
  String.raw`(?:the )?(?:meaning|definition) of ${SUBJECT}`,
  String.raw`how (?:is|are|was|were) ${SUBJECT} defined`,
  String.raw`how (?:do|does|would|did) (?:the |your |our )?(?!(?:I|you|we|one|people) )\S+ define ${SUBJECT}`,
  String.raw`what (?:exactly|precisely|actually|even) (?:is|are) ${SUBJECT}`,
  String.raw`what (?:is|are) (?:exactly |precisely |actually )?${SUBJECT},? (?:exactly|precisely|actually)`,
].map((form) => new RegExp(`^(?:so |but |ok(?:ay)? )?${form}${END}`, "i"));

/** "What does the term sluice mean?" asks about the sluice. */
const TERM = /^(what does )(?:the )?(?:term|word|phrase|expression|abbreviation|acronym) (?=.* (?:mean|stand for)\b)/i;

/**
 * A question in the words that are searched for: without what people say around it, and "what is …" for the longer ways
 * to ask that, whose own words ("meant", "definition") stand elsewhere than the answer.
 */
export function plainQuestion(question: string): string {
  const bare = withoutCourtesy(question).replace(TERM, "$1");
  for (const form of ASKS_WHAT_IT_IS) {
    const subject = form.exec(bare)?.groups?.["subject"];
    if (subject !== undefined) return `what is ${subject}?`;
  }
  return bare;
}
