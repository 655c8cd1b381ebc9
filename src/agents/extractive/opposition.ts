/** Words that ask for something to be absent, or say that it is. */
const AWAY =
  /\b(?:not|never|no|none|nothing|without|cannot|out|off|away|avoid|prevent|stop|disable|exclude|skip|ignore|omit|block|hide|blot|mask|redact|refuse|forbid|leave[sd]? out|left out|turn(?:s|ed)? off|unless)(?:s|d|ed|ing|ting|ped|ping)?\b|n['’]t\b/i;
/** Of these, words that say so without doubt; most of them are stop words, so that nothing else counts them. */
const PLAINLY_AWAY =
  /\b(?:out|off|without|avoid|prevent|disable|exclude|skip|omit|block|hide|blot|mask|redact)(?:s|d|ed|ing|ting|ped|ping)?\b/i;
/** Words that let something be there. */
const THERE = /\b(?:allow|enable|permit|keep|include|accept|let|add)(?:s|ed|d|ing)?\b|--allow/i;
/** What a sentence loses that says the opposite. */
const PENALTY = 1;
/** What a sentence gains that speaks of being rid of something as well. */
const AGREEMENT = 0.3;

/** What follows names what a sentence is not about: "keeps secrets instead of blotting them out" keeps them. */
const CONTRAST = /\b(?:instead of|rather than)\b.*$/i;
const NUMBERED = /\b(\p{L}+) (\d+(?:\.\d+)*)\b/giu;
/** What a sentence loses that speaks of another number of the same thing. */
const OTHER_NUMBER = 0.6;

/**
 * What a sentence loses because it answers another question than the one that was asked, for all that it has its words;
 * less than nothing where it agrees. It tells how to get what the question wants to be rid of: "keep secrets out" is
 * not answered by "`--allow-secrets` keeps secrets". Or it is about another number: "exit code 4" is no answer about
 * exit code 3. Words alone, so it knows plain cases only.
 */
export function opposition(question: string): (sentence: string) => number {
  const asksAway = AWAY.test(question);
  const asksPlainly = PLAINLY_AWAY.test(question);
  const numbers = [...question.matchAll(NUMBERED)].map(([pair, noun = ""]) => ({
    pair: pair.toLowerCase(),
    other: new RegExp(String.raw`\b${noun}s? \d`, "iu"),
  }));
  return (sentence) => {
    const plain = sentence.replace(CONTRAST, "");
    const isOpposite = asksAway && THERE.test(plain) && !AWAY.test(plain);
    const lower = sentence.toLowerCase();
    const isOther = numbers.some(({ pair, other }) => !lower.includes(pair) && other.test(sentence));
    const agrees = asksPlainly && PLAINLY_AWAY.test(plain);
    return (isOpposite ? PENALTY : 0) + (isOther ? OTHER_NUMBER : 0) - (agrees ? AGREEMENT : 0);
  };
}
