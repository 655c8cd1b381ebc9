/** Words that ask for something to be absent, or say that it is. */
const AWAY =
  /\b(?:not|never|no|none|nothing|without|cannot|out|off|away|avoid|prevent|stop|disable|exclude|skip|ignore|omit|block|hide|blot|mask|redact|refuse|forbid|leave[sd]? out|left out|turn(?:s|ed)? off|unless)(?:s|d|ed|ing|ting|ped|ping)?\b|n['’]t\b/i;
/** Words that let something be there. */
const THERE = /\b(?:allow|enable|permit|keep|include|accept|let|add)(?:s|ed|d|ing)?\b|--allow/i;
/** What a sentence loses that says the opposite. */
const PENALTY = 0.5;

/**
 * What a sentence loses because it tells how to get what the question wants to be rid of: "keep secrets out" is not
 * answered by "`--allow-secrets` keeps secrets". Words alone, so it knows plain cases only.
 */
export function opposition(question: string): (sentence: string) => number {
  if (!AWAY.test(question)) return () => 0;
  return (sentence) => (THERE.test(sentence) && !AWAY.test(sentence) ? PENALTY : 0);
}
