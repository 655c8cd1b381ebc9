import { analyse } from "../../lexical/analyse.ts";

/** Words that hand something over: "Please fix the following issue:", "Here is the ticket that a user opened:". */
const HANDS_OVER =
  /\b(?:hi|hello|hey|dear|all|team|everyone|everybody|folks|there|guys|thanks|thank|please|kindly|fix(?:es|ed|ing)?|solv(?:e|es|ing)|resolv(?:e|es|ing)|address(?:es|ing)?|implement(?:s|ing)?|handl(?:e|es|ing)|investigat(?:e|es|ing)|debug(?:ging)?|diagnos(?:e|ing)|look(?:ing)?|read|help|work|figure|find|locat(?:e|es|ing)|identify|list|show|tell|determine|decide|consider|think|go|start|make|need(?:s|ed)?|want(?:s|ed)?|like|would|could|should|must|able|files?|functions?|class(?:es)?|methods?|places?|parts?|code|codebase|repo(?:sitory)?|projects?|sources?|director(?:y|ies)|folders?|issues?|tickets?|tasks?|problems?|bugs?|reports?|reported|reporter|errors?|failures?|trace(?:back)?|stacktrace|stack|logs?|outputs?|messages?|causes?|caus(?:ed|ing)|root|reasons?|happen(?:s|ed|ing)?|get(?:s|ting)?|got|see(?:s|n|ing)?|saw|came|come|comes|following|follows|below|above|here|given|giv(?:e|es|en)|attached|pasted?|copied|quoted?|description|describ(?:e|es|ed|ing)|details?|content|text|body|title|github|gitlab|jira|linear|slack|e-?mail|users?|customers?|colleagues?|clients?|someone|somebody|change[sd]?|changing|modif(?:y|ied|ies)|edit(?:s|ed|ing)?|touch(?:ed)?|updat(?:e|ed|ing)|relevant|related|responsible|involved|upload(?:ed)?|pull|requests?|prs?|statement|opened|filed|received|new|ones?|today|yesterday|just|python|typescript|javascript|java|rust|ruby|request(?:ed)?|feature|us|you|me|my|our|your|i['’]ve|let['’]?s)\b/giu;
/** Without one of these a line of such words may still say something: "Show the error message". */
const POINTS =
  /\b(?:following|follows|below|this|these|here|given|attached|pasted|uploaded)\b|(?:\b(?:please|issue|ticket|task|problem|bug|report|feature request|error|trace(?:back)?)s?\b|#\d+|\b[A-Z]{2,10}-\d+\b)[^:]*:\s*$/i;
const LONGEST_LEAD_IN = 300;
const GREETING = /^\s*(?:hi|hello|hey|dear|good (?:morning|afternoon|evening))\b[^.:?]{0,30}$/i;
/** A path, an address or a number, which such a line may name. */
const REFERENCE = /https?:\/\/\S+|(?:^|\s)~?(?:\/[\w.-]+)+\/?|#\d+|\b[A-Z]{2,10}-\d+\b/g;
/** Tags that prompts and forms put around a text. */
const WRAPPER =
  /^\s*<\/?(?:details|issue|pr|pull_request|task|problem|title|body|description|hints|notes|instructions|uploaded_files|context|\w+_(?:description|statement|text|report|issue|files))>\s*$/i;
const LABEL = /^\s*[*_#]*\s*(?:issue |bug |pr )?(?:title|subject|summary)[*_]*\s*:[*_]*\s+(?=\S)/i;
/** Several words up to a colon, and what follows it. */
const OPENING = /^[^\s:`'"]+ [^:`'"]{1,150}:\s+(?=\S)/;

/**
 * The lines of a task without those in front that only hand over the text behind them, as a prompt for an agent does, so
 * that the first line is one that says something. All lines where nothing else would be left.
 */
export function withoutLeadIn(lines: readonly string[]): readonly string[] {
  const told = lines.filter((line) => !WRAPPER.test(line));
  const from = told.findIndex((line) => !isLeadIn(line));
  const [first, ...rest] = from === -1 ? lines : told.slice(from);
  if (first === undefined) return lines;
  const isHandedOver = from > 0 || told.length < lines.length;
  return [withoutOpening(isHandedOver ? first.replace(LABEL, "") : first), ...rest];
}

/** "Please fix this issue: the parser crashes" says "the parser crashes". */
function withoutOpening(line: string): string {
  const opening = OPENING.exec(line)?.[0];
  return opening !== undefined && isLeadIn(opening) ? line.slice(opening.length) : line;
}

function isLeadIn(line: string): boolean {
  if (line.trim() === "" || GREETING.test(line)) return true;
  if (line.length > LONGEST_LEAD_IN) return false;
  return POINTS.test(line) && analyse(line.replaceAll(REFERENCE, " ").replaceAll(HANDS_OVER, " ")).length === 0;
}
