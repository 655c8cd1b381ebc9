import { withoutInstructions } from "./answer-instructions.ts";
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

/** Other longer ways to ask, with the usual one. */
const USUAL: readonly (readonly [pattern: RegExp, replacement: string])[] = [
  // "What does the term sluice mean?" asks about the sluice.
  [/^(what does )(?:the )?(?:term|word|phrase|expression|abbreviation|acronym) (?=.* (?:mean|stand for)\b)/i, "$1"],
  [
    /^(?:what(?: is|['’]s| would be)|is there|are there) (?:the |an? |any )?(?:(?:best|easiest|simplest|quickest|fastest|easy|simple|quick|good|right|correct|proper|recommended|usual) )?ways? (?:for (?:me|us) )?to (?=\w)/i,
    "how to ",
  ],
  [/^(?:is|would) it (?:be )?(?:at all )?possible (?:for (?:me|us) )?to (?=\w)/i, "can I "],
  [/^(?:am I|are we|would I be|would we be|will I be|will we be) able to (?=\w)/i, "can I "],
  [/^(?:what(?: is|['’]s| are) the reasons? (?:that|why)|how come(?: that)?|for what reason) (?=\w)/i, "why "],
];

/**
 * A question in the words that are searched for: without what people say around it, and in the usual form where it has a
 * longer one, whose own words ("meant", "best way", "possible") stand elsewhere than the answer.
 */
export function plainQuestion(question: string): string {
  const bare = USUAL.reduce(
    (text, [pattern, replacement]) => text.replace(pattern, replacement),
    withoutCourtesy(withoutInstructions(question)),
  );
  for (const form of ASKS_WHAT_IT_IS) {
    const subject = form.exec(bare)?.groups?.["subject"];
    if (subject !== undefined) return `what is ${subject}?`;
  }
  return bare;
}
