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
  const text = bareQuestion(question);
  return analyse(text).length === 0 || text === question.trim() ? question : text;
}

function bareQuestion(question: string): string {
  let text = question.trim();
  for (let before = ""; before !== text;) {
    before = text;
    text = AROUND.reduce((rest, [pattern, replacement]) => rest.replace(pattern, replacement), text).trim();
  }
  return text;
}

const GREETING =
  "hi|hello|hey|hiya|howdy|hallo|moin|servus|grüß gott|salut|bonjour|good (?:morning|afternoon|evening|day|night)|guten (?:morgen|tag|abend)";
const THANKS = "thanks|thank you|thx|ty|cheers|danke|vielen dank|danke schön|merci|much appreciated";
const PARTING = "bye|goodbye|bye bye|see you|ciao|tschüss|auf wiedersehen";
const PRAISE = "ok|okay|great|cool|nice|super|perfect|awesome|well done|good (?:job|bot|answer)|got it|i see|lol";
const ADDITION = "there|all|everyone|again|a lot|so much|very much|how are you(?: doing| today)?|wie geht(?:['’]s| es)";
const NOTHING_ASKED = `(?:${[GREETING, THANKS, PARTING, PRAISE, ADDITION].join("|")})`;
const SMALL_TALK = new RegExp(`^\\s*${NOTHING_ASKED}(?:[\\s,.!?…:;)-]+${NOTHING_ASKED}){0,4}[\\s,.!?…:;)-]*$`, "iu");
const GREETS = new RegExp(`\\b(?:${GREETING})\\b`, "iu");

/** Whether somebody only thanks, praises or says goodbye. */
export function isThanks(question: string): boolean {
  return isSmallTalk(question) && !GREETS.test(question);
}

/** Whether nothing is asked: a greeting, thanks, praise or a farewell alone. */
export function isSmallTalk(question: string): boolean {
  return SMALL_TALK.test(question);
}

const DOCUMENTS = "(?:documents?|docs|files?|sources?|texts?)";
/** What is asked of a collection as a whole, whatever was said before; in small letters, without marks at the end. */
const INTRODUCTION = new RegExp(
  `^(?:${[
    "help(?: me)?",
    "hilfe",
    "(?:who|what) are you",
    "who made (?:you|this)",
    "wer bist du",
    "what can (?:you|this) (?:do|answer|tell me|help (?:me )?with)(?: for me)?",
    "was kannst du(?: tun| alles)?",
    "what do you know(?: about)?",
    "how (?:can|could|do) you (?:help(?: me)?|work)",
    "what (?:topics |questions )?(?:can|should|could|may) (?:i|we) (?:ask|search|look for)(?: you)?(?: here)?(?: about| for)?",
    `(?:what|which) (?:${DOCUMENTS}|data|topics|information) (?:do you (?:have|know|use|search)|are (?:there|here|in here|in (?:the|this) collection|indexed|available|stored)|can you (?:see|search|read)|have (?:i|we|you) (?:ingested|indexed|uploaded))`,
    "welche (?:dokumente|dateien) (?:gibt es|hast du|kennst du)",
    `(?:list|show)(?: me)?(?: all)?(?: of)?(?: the| your| my)? ${DOCUMENTS}`,
    `what (?:are|do) (?:these|the|your|my) ${DOCUMENTS} (?:about|cover|contain)`,
    "what is (?:the|this|your) (?:collection|knowledge base)(?: all)?(?: about| for)?",
    "what is in (?:the|this|your) (?:collection|knowledge base)",
  ].join("|")})$`,
);
/** The same where nothing was said before that "this" could stand for. */
const FIRST_INTRODUCTION =
  /^(?:what is (?:this|(?:all )?this (?:site|page|website|service|tool|app|program|bot|thing)|in here)(?: all)?(?: about| for)?|was ist das(?: hier)?|how does this(?: thing| tool)? work|how do (?:i|we) use (?:this|you))$/;

/**
 * Whether a message asks for no text but what there is to ask: "Hello", "What can you do?", "Which documents do you
 * have?", and at the beginning of a conversation "What is this?".
 */
export function asksForIntroduction(message: string, { isFirst }: { readonly isFirst: boolean }): boolean {
  if (isSmallTalk(message)) return true;
  return [message, bareQuestion(message)].some((written) => {
    const text = written
      .toLowerCase()
      .replaceAll(/['’]s\b/g, " is")
      .replaceAll(/[\s?!.…]+/g, " ")
      .trim();
    return INTRODUCTION.test(text) || (isFirst && FIRST_INTRODUCTION.test(text));
  });
}
