/** English words that say nothing about what a text is about. */
export const STOP_WORDS: ReadonlySet<string> = new Set(
  `a about after all also an and any are as at be because been before being between both but by can could did do does
  doing down during each for from further had has have having he her here hers him his how i if in into is it its me
  more most my no nor not of off on once only or other our out over own s same she should so some such t than that the
  their them then there these they this those through to too under until up very was we were what when where which while
  who whom why will with would you your`.split(/\s+/),
);
