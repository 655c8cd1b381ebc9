import { analyse } from "../../lexical/analyse.ts";

/**
 * What people say around a question, with what takes its place. Its words ("please", "explain", "anybody") stand in few
 * documents, so that they would count more than what is asked.
 */
const AROUND: readonly (readonly [pattern: RegExp, replacement: string])[] = [
  [
    /^(?:hi|hello|hey|good (?:morning|afternoon|evening)|dear \w+)(?: there| all| everyone| everybody)?\s*[,.!:;–-]+\s*/i,
    "",
  ],
  [
    /^(?:ok(?:ay)?|so|well|sorry|excuse me|urgent|(?:a )?(?:quick |short |small )?question|(?:I(?:['’]m| am) )?just (?:wondering|curious|checking))\s*[,.!:;–-]+\s*/i,
    "",
  ],
  [/^(?:please|pls|plz|kindly)\b[\s,]*/i, ""],
  [/^according to (?:the |these |this |your |my )?(?:documentation|documents?|docs|texts?|files?),\s+/i, ""],
  [
    /^(?:can|could|would|will) (?:you|some(?:one|body)|any(?:one|body))(?: please| kindly| perhaps| be so (?:kind|nice|good)(?: and| as to| to))? (?=(?:tell|show|teach|explain|describe|help)\b)/i,
    "",
  ],
  [/^(?:tell|show|teach) (?:me|us)\b(?: please)?(?: (?:more|something))?(?: about)?\s+/i, ""],
  [/^(?:explain|describe)(?: (?:to )?(?:me|us))? (?=(?:how|what|why|when|where|which|who|the|an?)\b)/i, ""],
  [/^help (?:me|us)(?: to)? (?=\w)/i, "how to "],
  [
    /^(?:I|we)(?:['’]d| would) (?:like|love) to (?:know|learn|understand|see|find out)\b(?: (?:about|if|whether))?\s*/i,
    "",
  ],
  [/^(?:I|we) (?:want|need|wish) to (?:know|learn|understand|find out)\b(?: (?:about|if|whether))?\s*/i, ""],
  [/^(?:I|we)(?:['’]d like| would like| want| need| wish|(?:['’]m| am|['’]re| are) trying) to (?=\w)/i, "how to "],
  [/^(?:I|we)(?:['’]m| am| was|['’]re| are| were) wondering\b(?: (?:about|if|whether))?\s*/i, ""],
  [/^(?:I|we) wonder\b(?: (?:about|if|whether))?\s*/i, ""],
  [/^(?:does|do) (?:any(?:one|body)|some(?:one|body)|you) (?:happen to )?know\b(?: (?:about|if|whether))?\s*/i, ""],
  [
    /^(?:I|we)(?:['’]m| am|['’]re| are)? (?:(?:do not|don['’]?t|did not|didn['’]?t|cannot|can not|can['’]?t|could not|couldn['’]?t) (?:really |quite )?(?:know|understand|see|get|remember|recall|figure out|find out|work out|find|tell)|(?:forgot|have forgotten)|not (?:quite |really )?sure|unsure)(?: yet| any ?more)?,? (?=(?:how|what|why|when|where|which|who)\b)/i,
    "",
  ],
  [
    /^(?:can you |could you )?remind (?:me|us)\b(?: of| about)?[\s,:–-]*(?:again\b[\s,:–-]*)?(?=(?:how|what|why|when|where|which|who)\b)/i,
    "",
  ],
  [
    /^(?:an? |my |our |one of (?:my|our) )?(?:friends?|colleagues?|co-?workers?|customers?|clients?|users?|boss|manager|neighbou?rs?|teacher|students?) (?:has |have |just )?(?:asked|asks?|wants? to know|wonders?)(?: me| us)?[\s,:]*(?:(?:about|if|whether)\s+|(?=(?:how|what|why|when|where|which|who|is|are|can|do|does)\b))/i,
    "",
  ],
  [
    /^(?:(?:do you have|have you|got) )?any ideas?(?: (?:about|on|if|whether))?\s+(?=how|what|why|when|where|which|who|if|whether)/i,
    "",
  ],
  [
    /(?<![\s,.!?])[\s,.!?]*\b(?:please|pls|plz|thanks|thank you|thx|cheers)(?: (?:in advance|a lot|so much|very much))?\s*[.!?]*$/i,
    "",
  ],
];

/**
 * A question without what people say around it: "Hi, could you please tell me how to install it?" asks "how to install
 * it?". As it is where nothing else would be left.
 */
export function withoutCourtesy(question: string): string {
  let text = question.trim();
  for (let before = ""; before !== text;) {
    before = text;
    text = AROUND.reduce((rest, [pattern, replacement]) => rest.replace(pattern, replacement), text).trim();
  }
  return analyse(text).length === 0 || text === question.trim() ? question : text;
}

const GREETING =
  "hi|hello|hey|hiya|howdy|hallo|moin|servus|grüß gott|salut|bonjour|good (?:morning|afternoon|evening|day|night)|guten (?:morgen|tag|abend)";
const THANKS = "thanks|thank you|thx|ty|cheers|danke|vielen dank|danke schön|merci|much appreciated";
const PARTING = "bye|goodbye|bye bye|see you|ciao|tschüss|auf wiedersehen";
const PRAISE = "ok|okay|great|cool|nice|super|perfect|awesome|well done|good (?:job|bot|answer)|got it|i see|lol";
const ADDITION = "there|all|everyone|again|a lot|so much|very much|how are you(?: doing| today)?|wie geht(?:['’]s| es)";
const SMALL_TALK = new RegExp(
  `^\\s*(?:${[GREETING, THANKS, PARTING, PRAISE, ADDITION].join("|")})(?:[\\s,.!?…:;)-]+(?:${[GREETING, THANKS, PARTING, PRAISE, ADDITION].join("|")})){0,4}[\\s,.!?…:;)-]*$`,
  "iu",
);

/** Whether nothing is asked: a greeting, thanks, praise or a farewell alone. */
export function isSmallTalk(question: string): boolean {
  return SMALL_TALK.test(question);
}
