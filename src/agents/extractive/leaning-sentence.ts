/** A pronoun, or a word that says under which condition only together with what was said before. */
const BEGINS =
  /^["'“‘(*_]*(?:it|its|they|their|them|he|she|his|her|both of (?:them|these)|neither of|so (?:are|is|do|does|can|has|have|was|were)|otherwise|instead|alone|in (?:that|this) case|the (?:former|latter|others?|same|first one|second one|last one))\b/i;
/** "This is", not "This handbook". */
const POINTS =
  /^["'“‘(*_]*(?:this|that|these|those) (?:is|are|was|were|has|have|had|can|could|may|might|will|would|must|should|does|do|did|also|only|means?|makes?|keeps?|allows?|helps?|needs?|takes?|gives?|lets?|leads?|led|made|turns?|protects?|prevents?|works?|happens?|holds?|includes?|applies|apply|says?|shows?)\b/i;
/** "This effect is known as", "The name for this is": what it names stands before. */
const NAMES_IT =
  /^["'“‘(*_]*(?:(?:this|that|these|those|such an?) (?:[\w-]+ ){1,3}(?:is|are|was|were) (?:\w+ly )?(?:called|known as|named|termed|referred to as)|the (?:\w+ )?(?:name|word|term) (?:for|of) (?:this|that|these|those|it) (?:is|was))\b/i;
/** "To prevent this", "Because of that", "However, it". */
const REFERS =
  /^["'“‘(*_]*(?:to (?:\w+ ){1,2}(?:this|that)(?=[,. ])|(?:because of|due to|for|despite|thanks to|as a result of) (?:this|that|these|those)\b|(?:however|but|so|therefore|thus|hence|and),? (?:it|its|they|their|this|that|these|those|he|she)\b|that(?:['’]s| is) (?:why|how|when|because)\b)/i;
/** "Choose another one", "Use it in a container": an instruction about what was named before. */
const TAKES_UP =
  /^["'“‘(*_]*(?:then |to )?(?:add|ask|call|change|check|choose|copy|create|delete|drop|export|find|get|give|import|install|keep|leave|load|make|move|open|pass|pick|put|read|remove|repeat|restart|run|save|send|set|start|stop|store|switch|take|tell|try|turn|update|use|write) (?:(?:it|them|another(?: one)?|the other|one)(?=[ ,.;:]|$)(?! of\b)|(?:that|this|these|those)(?=[,.;:]|$| (?:with|without|in|into|on|to|from|by|at|for|as|if|when|before|after|once|and|or|only|again|instead|there|here)\b))/i;

/** Whether a sentence cannot be understood without the one before it: it begins with a pronoun, or takes up something. */
export function isLeaning(sentence: string): boolean {
  return [BEGINS, POINTS, NAMES_IT, REFERS, TAKES_UP].some((form) => form.test(sentence));
}

/** "It refers to …" behind a sentence that says what something is. */
const SAYS_FURTHER =
  /^["'“‘(*_]*(?:it|they) (?:is|are|refers?|means?|describes?|consists?|stands?|happens?|occurs?)\b/i;

/** Whether a sentence goes on with what something is, behind one that begins to say it. */
export function saysFurther(sentence: string): boolean {
  return SAYS_FURTHER.test(sentence);
}
