import { analyse } from "../../lexical/analyse.ts";

/** Terms of lines that hand something over: "Please fix the following issue:", "Here is the ticket that a user opened:". */
const HANDS_OVER: ReadonlySet<string> = new Set(
  analyse(`
    following below above here there attached pasted hi hello hey dear all team everyone everybody folks guys
    thanks thank please kindly today yesterday
    fix solve resolve address implement handle investigate debug diagnose look read help work figure find locate identify
    list show tell determine decide consider think go start make need want like would must able get got see saw seen
    come came change modify edit touch update upload open file receive give paste copy quote attach describe follow happen
    file function class method place part code codebase repo repository project source directory folder
    issue ticket task problem bug report reporter error failure trace traceback stacktrace stack log output message
    cause root reason description detail content text body title statement feature request pull pr new one
    github gitlab jira linear slack email user customer colleague client someone somebody relevant related responsible
    involved python typescript javascript java rust ruby given us ve let
  `),
);
/** Without one of these a line of such words may still say something: "Show the error message". */
const POINTS =
  /\b(?:following|follows|below|this|these|here|given|attached|pasted|uploaded)\b|(?:\b(?:please|issue|ticket|task|problem|bug|report|feature request|error|trace(?:back)?)s?\b|#\d+|\b[A-Z]{2,10}-\d+\b)[^:]*:\s*$/i;
const LONGEST_LEAD_IN = 300;
/** A line that only greets: "Hi", "Hello everyone!", "Dear Ms Quist,". "Hello world template fails" does not. */
const GREETING =
  /^\s*(?:hi|hello|hey|dear|good (?:morning|afternoon|evening))(?: (?:there|all|team|everyone|everybody|folks|guys|again)| \p{L}+(?=!)|(?: \p{L}+){1,3}(?=,))?[\s,.!]*$/iu;
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
  return (
    POINTS.test(line) && analyse(line.replaceAll(REFERENCE, " ").toLowerCase()).every((term) => HANDS_OVER.has(term))
  );
}
