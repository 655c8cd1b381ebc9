/** Promises and instructions of forms for issues and pull requests. */
const PROMISE =
  /^\s*[-*].*\b(?:existing issues|(?:opening|creating) (?:a |an )?(?:new )?issue)\b|^\s*[-*] \[[ x]\].*\b(?:I (?:have|am|agree|will|understand)|I['’](?:ve|m|d|ll)|search(?:ed)?|agree|follow|check(?:ed)?|read|willing|guidelines|self-review|tests? pass(?:es)?|pass(?:es)? locally|includes? (?:tests|testing|documentation))\b/i;
/** Kinds of changes to choose from, and fields left empty; on the first line they would be the task. */
const KIND =
  /^(?:[^\p{L}\p{N}]|\[x\])*(?:improvements? (?:&|and) bug ?fixes|bug ?fix(?:es)?|new (?:functionality|features?)|breaking changes?|refactor(?:ing)?|documentation|tests?|chores?|no response|none|n\/a)[^\p{L}\p{N}]*$/iu;
/** Headings of forms under which nothing is about the program. */
const BESIDE =
  /^(?:(?:provide )?(?:your )?environment(?: information| info)?|versions?|platform|operating system|os|system(?: info(?:rmation)?)?|code of conduct|(?:pr |pull request )?check ?lists?|contributing|funding|browsers?|link to reproduction|reproduction url|runtime versions?|package manager|used package manager|[\w.+# -]{1,24} version(?: \(or commit ref\))?|hardware(?: info)?|dependencies versions?|validations?|acknowledgements?|testing|test plan|how (?:has|have|was|were|are) (?:this|these|it)\b.{0,20} tested|documentation changes|types? of changes?|(?:migration|observability|rollback) plan|all submissions|new feature submissions|before submitting.*)$/;
/** Headings of forms that are not about the program themselves, unlike the text under them. */
const FORM =
  /^(?:describe the (?:bug|issue|problem|feature)|(?:bug )?description(?: of (?:the )?changes)?|(?:issue )?summary(?: of (?:the )?changes| by \w+)?|(?:proposed )?changes|what (?:does|is) this (?:pr|pull request|change)\b.*|related (?:issues?|pull requests?)|issues? resolved|bug report|feature request|(?:steps )?(?:how )?to reproduce(?: the (?:bug|issue|behaviou?r))?|reproductions?(?: steps)?|steps|minimal (?:reproducible )?example|(?:what is the )?(?:expected|actual|current) (?:behaviou?r|results?|output)|expectations?|what (?:happened|did you (?:do|expect)).*|additional (?:context|info(?:rmation)?|details)|(?:error )?(?:logs?|outputs?|messages?)(?: ?\/ ?\w+)?|tracebacks?|stack ?traces?|screenshots?|motivation|context|possible (?:solution|fix)|proposed solution|describe (?:the solution you['’]d like|alternatives you['’]ve considered)|is your feature request related to a problem.*|other information)$/;
/** Sentences of forms that people forget to overwrite. */
const PROMPT =
  /^\s*(?:[-*>] |\d+\. )?(?:a clear and concise description of|if applicable, add|add any other context|please (?:describe|provide|include|fill|explain|add)|see (?:the )?error\W*$|(?:what|which) .{3,60} is the issue happening on)|^\s*(?:what|which|is|does|how)\b.*\bthis (?:pr|pull request)\b.*\?\s*$|^\s*([*_])(?:summari[sz]e|describe|explain|list|link|please|what|why|how|are|is|does|do|have|if)\b.*\1\s*$/i;
/** Lines that programs add to the messages of commits and pull requests. */
const ADDED = /^\s*(?:co-authored-by|signed-off-by|reviewed-by|change-id): |^[^\w[]*generated (?:with|by) \[/i;

/** Longer lines are data. */
const LONGEST_LINE = 1_000;

/** What a heading of a form says about the lines under it; null for a heading that is not of a form. */
export function formHeading(heading: string): "beside" | "form" | null {
  const title = plainTitle(heading);
  if (BESIDE.test(title)) return "beside";
  return FORM.test(title) ? "form" : null;
}

/** Whether a line behind the first one belongs to a form, and is not what somebody wrote into it. */
export function isFormLine(line: string): boolean {
  if (line.length > LONGEST_LINE) return false;
  return (
    [PROMISE, PROMPT, KIND, ADDED].some((pattern) => pattern.test(line)) ||
    (line.trimEnd().endsWith(":") && FORM.test(plainTitle(line)))
  );
}

function plainTitle(title: string): string {
  return title.toLowerCase().replaceAll(/^[^\p{L}]+|(?<![^\p{L})])[^\p{L})]+$/gu, "");
}
