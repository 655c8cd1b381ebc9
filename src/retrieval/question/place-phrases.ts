/** Words of a question that may name a place of the collection. */
export interface PlacePhrase {
  /**
   * `file`: a file or a folder with its path; `prose`: a document or folder of documents by its name; `subject`: what
   * "says" something, in the words of either; `language`: the code or the files in a language.
   */
  readonly by: "file" | "prose" | "subject" | "language";
  /** The name of the place, without the words around it. */
  readonly name: string;
  /** The whole phrase, as it stands in the question. */
  readonly words: string;
  /** Where it begins. */
  readonly at: number;
  /** Whether the phrase calls the place a guide, a page, docs, … */
  readonly hasKind: boolean;
}

/** A longer text was pasted rather than asked, and what it mentions is no filter. */
const LONGEST_QUESTION = 500;

const ACCORDING = String.raw`according to|as (?:described|documented|explained|stated|shown|written) in`;
const ARTICLE = String.raw`(?:(?:the|our|your|this|that|my|their) )?`;
const KIND = String.raw`(?:docs?|documentation|guide|manual|page|chapter|reference|tutorial|handbook|notes|article|paper)`;
/** A word of a name. Function words end a name, so that it never includes another phrase. */
const WORD = String.raw`(?!(?:in|inside|within|on|from|of|to|for|the|a|an|and|or|is|are|do|does)\b)[\p{L}\p{N}][\p{L}\p{N}+#'’&_-]*`;
const NAME = String.raw`${WORD}(?: ${WORD}){0,4}`;
const FILE = String.raw`[\p{L}\p{N}_.@-]+(?:/[\p{L}\p{N}_.@-]+)*`;

/** "in the API docs", "on the security page", "according to the getting started guide". */
const PROSE = new RegExp(
  String.raw`\b(?<preposition>${ACCORDING}|in|inside|within|from|on) ${ARTICLE}(?<name>${NAME}) (?<kind>${KIND})(?=\W|$)`,
  "giu",
);
/** "what does the security guide say about …". */
const SUBJECT = new RegExp(
  String.raw`\bwhat (?:does|do|did) (?:the|our|your|this|my) (?<name>${NAME}?)(?: (?<kind>${KIND}))? (?:say|state|tell (?:us|me)|recommend|mention)(?: about| on)?(?=\W|$)`,
  "giu",
);
/** "in server.ts", "in src/server/app.ts", "in the README". */
const BY_FILE = new RegExp(
  String.raw`\b(?<preposition>${ACCORDING}|in|inside|within) (?:the |our |your )?(?<sure>file )?(?<quote>[\x60"'])?(?<name>${FILE})[\x60"']?(?<after> file)?(?=[\s?!,;:.)]|$)`,
  "giu",
);
/** "in the Python code"; without an article it is any code or files of the kind, not those of the collection. */
const LANGUAGE =
  /\b(?<preposition>in|inside|within) (?:the|our|your|my|their) (?<name>[\p{L}+#-]+) (?:code|source code|sources?|source files?|files|codebase|modules|scripts)(?=\W|$)/giu;

const ENDING = /\.\p{L}\w{0,9}$/u;
/** Files that are called by their name without an ending. */
const WELL_KNOWN: ReadonlySet<string> = new Set(
  "readme changelog contributing licence license makefile dockerfile".split(" "),
);
/** Programs whose names look like files. */
const PROGRAM =
  /^(?:alpine|angular|backbone|bun|chart|d3|deno|discord|electron|ember|express|ext|nest|next|node|nuxt|p5|react|require|socket|solid|svelte|three|vue)\.(?:io|js|ts)$/i;
/** Words in front of "docs", "page" and the like that are no name. */
const PICKS =
  /^(?:(?:above|all|another|any|below|best|complete|current|different|each|every|external|few|first|following|former|full|given|internal|last|latest|latter|main|many|more|most|new|next|official|old|one|online|only|other|own|previous|printed|public|relevant|right|same|second|several|single|some|such|third|two|usual|various|whole|wrong)\s*)+$/i;
/** Screens of a program, which are also called pages. */
const SCREEN =
  /^(?:account|admin|dashboard|error|front|home|index|landing|log-?in|main|profile|results?|search(?: results?)?|sign-?in|start|status|web)$/i;
const PERSON = /\b(?:i|we|you|one|people|users?)\b|\bhow to\b/i;
/** Settings files: how they are written is explained elsewhere. */
const DATA_ENDING = /\.(?:cfg|conf|env|ini|json[5c]?|lock|properties|toml|xml|ya?ml)$/i;
/** Words for editing the documents themselves. */
const EDITS =
  /\b(?:edit|correct|proofread|reword|translate|typos?|spelling|misspel(?:led|t)|(?:broken|dead) links?)\b/i;
/** Comparisons need more than one place. */
const COMPARES = /\b(?:compar(?:e|ed|es|ing|ison)|differ(?:s|ed|ence|ences)?|versus|vs)\b/i;
/** "other than in …", "besides in …". */
const LEAVES_OUT =
  /\b(?:apart|aside|besides?|except|excluding|instead|outside|rather|than|unlike|without)\b[^.?!,;]*$/i;
/** "not mentioned in …": elsewhere it may be. */
const MISSES = /(?:\b(?:absent|lacks?|lacking|missing|never|not|nowhere)\b|n['’]t\b)[^.?!,;]*$/i;
/** "From the guide: …" tells where to look; "how do I get from the one page to the other" does not. */
const LOOKS_FROM = /(?:^|[,;:.?!]|\b(?:answers?|answered|learn|know|only|quotes?|quoted|read|using))\s*$/i;
/** What may follow a bare name; any other word may make another thing of it: "licence fees". */
const GOES_ON =
  /^\s*(?:$|[?!,;:.)]|(?:about|after|and|are|as|at|because|before|between|by|can|could|did|do|does|for|from|had|has|have|how|if|is|may|must|of|on|or|should|since|so|that|to|under|was|were|what|when|where|which|who|why|will|with|would)\b)/i;
const AND_ANOTHER = new RegExp(
  String.raw`^(?:,| and| or| &|,? as well as) (?:also )?(?:in |inside |within )?(?:(?:(?:the|our|your) )?${NAME} ${KIND}(?=\W|$)|(?:the |our |your )?[\x60"']?(?<file>${FILE}))`,
  "iu",
);

/** The phrases of a question that plainly mean one place. Whether there is such a place is not known here. */
export function placePhrases(question: string): readonly PlacePhrase[] {
  if (question.length > LONGEST_QUESTION || COMPARES.test(question)) return [];
  const pick = (by: PlacePhrase["by"], pattern: RegExp, isMeant: typeof meansFile): PlacePhrase[] =>
    [...question.matchAll(pattern)]
      .filter((match) => !isLeftOut(question, match) && isMeant(question, match))
      .map((match) => ({
        by,
        name: nameOf(match),
        words: match[0],
        at: match.index,
        hasKind: match.groups?.["kind"] !== undefined,
      }));
  const phrases = [
    ...pick("file", BY_FILE, meansFile),
    ...pick("prose", PROSE, meansProse),
    ...pick("subject", SUBJECT, meansSubject),
    ...pick("language", LANGUAGE, () => true),
  ];
  return phrases.some((phrase) => namesAnother(question, phrase)) ? [] : phrases;
}

/** Whether a name is a path, has an ending, or is a well-known file without one. */
function isFileName(name: string): boolean {
  return name.includes("/") || ENDING.test(name) || isBareFileName(name);
}

/** Whether a file of this name is called without its ending, such as the README. */
export function isBareFileName(name: string): boolean {
  return WELL_KNOWN.has(name.toLowerCase());
}

function isLeftOut(question: string, match: RegExpExecArray): boolean {
  const before = question.slice(0, match.index);
  const isInside = /^(?:in|inside|within)$/i.test(match.groups?.["preposition"] ?? "");
  return LEAVES_OUT.test(before) || (isInside && MISSES.test(before));
}

/** "in server.ts and client.ts". */
function namesAnother(question: string, { words, at }: PlacePhrase): boolean {
  const another = AND_ANOTHER.exec(question.slice(at + words.length));
  const file = another?.groups?.["file"];
  return another !== null && (file === undefined || isFileName(withoutDots(file)));
}

function meansFile(question: string, match: RegExpExecArray): boolean {
  const { sure, quote, after } = match.groups ?? {};
  const name = nameOf(match);
  if (!isFileName(name)) return false;
  if (DATA_ENDING.test(name) && PERSON.test(question)) return false;
  if ([sure, quote, after].some((sign) => sign !== undefined)) return true;
  if (PROGRAM.test(name)) return false;
  return ENDING.test(name) || GOES_ON.test(question.slice(match.index + match[0].length));
}

function meansProse(question: string, match: RegExpExecArray): boolean {
  const { preposition = "", kind = "" } = match.groups ?? {};
  const isPage = /^page$/i.test(kind);
  // "On the page" names a place; "on" another document does so only if that is the subject.
  if (/^on$/i.test(preposition) && !isPage) return false;
  if (/^from$/i.test(preposition) && !LOOKS_FROM.test(question.slice(0, match.index))) return false;
  return meansSubject(question, match) && !(isPage && /^settings$/i.test(nameOf(match)) && PERSON.test(question));
}

function meansSubject(question: string, match: RegExpExecArray): boolean {
  const name = nameOf(match);
  const isScreen = /^page$/i.test(match.groups?.["kind"] ?? "") && SCREEN.test(name);
  return !PICKS.test(name) && !isScreen && !EDITS.test(question);
}

function nameOf(match: RegExpExecArray): string {
  return withoutDots(match.groups?.["name"] ?? "");
}

function withoutDots(name: string): string {
  return name.replace(/\.+$/, "");
}
