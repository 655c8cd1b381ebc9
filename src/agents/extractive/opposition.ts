import { analyse } from "../../lexical/analyse.ts";

/** Words that ask for something to be absent, or say that it is. */
const AWAY =
  /\b(?:not|never|no|none|nothing|without|cannot|out|off|away|avoid|prevent|stop|disable|exclude|skip|ignore|omit|block|hide|blot|mask|redact|refuse|forbid|leave[sd]? out|left out|turn(?:s|ed)? off|unless)(?:s|d|ed|ing|ting|ped|ping)?\b|n['’]t\b/i;
/** Words that let something be there. */
const THERE = /\b(?:allow|enable|permit|keep|include|accept|let|add)(?:s|ed|d|ing)?\b|--allow/i;
/**
 * What follows these words is what the sentence is not about: "keeps secrets instead of blotting them out" keeps them.
 */
const CONTRAST = /\b(?:instead of|rather than)\b.*$/i;

/**
 * Makes the test whether a sentence has the question's words but tells how to get what the question wants to be rid of
 * ("keep secrets out" is not answered by "`--allow-secrets` keeps secrets"). It goes by words alone, and recognises only
 * plain cases.
 */
export function createOppositionTest(question: string): (sentence: string) => boolean {
  const asksAway = AWAY.test(question);
  return (sentence) => {
    const plain = sentence.replace(CONTRAST, "");
    return asksAway && THERE.test(plain) && !AWAY.test(plain);
  };
}

/** A heading, or a question that asks as one says it: "What is not covered". */
const DENIALS =
  /\b(?:not|never|no|non|without|cannot|exclu(?:ded|sions?)|except(?:ions?)?|nicht|kein(?:e[mnrs]?)?|ohne)\b|n['’]t\b/giu;

/**
 * The headings under which stands the other side of what a question asks: it denies something and they do not, or the other
 * way round, and another heading with a word in common is on its side. "What is covered" and "What is not covered" are the
 * same to everything else that counts words.
 */
export function headingsOfOtherSide(question: string, headings: ReadonlySet<string>): ReadonlySet<string> {
  const asked = new Set(analyse(question));
  const denies = deniesIt(question);
  const about = [...headings].flatMap((heading) => {
    const terms = analyse(heading.replaceAll(DENIALS, " "));
    const isAsked = terms.length > 0 && terms.every((term) => asked.has(term));
    return isAsked ? [{ heading, terms, isSame: deniesIt(heading) === denies }] : [];
  });
  const other = about.filter(
    ({ isSame, terms }) => !isSame && about.some((one) => one.isSame && one.terms.some((term) => terms.includes(term))),
  );
  return new Set(other.map(({ heading }) => heading));
}

/** Whether a text denies something. */
function deniesIt(text: string): boolean {
  return text.search(DENIALS) !== -1;
}
