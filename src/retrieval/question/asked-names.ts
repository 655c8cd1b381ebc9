/** Longest name that is looked for, in characters. */
const LONGEST_NAME = 60;
/** How much of a question is looked at, in characters: a pasted log has more names than one asks about. */
const LONGEST_QUESTION = 2_000;
/** How many names of a question are looked for. */
const MOST_NAMES = 4;
/**
 * Names as programs have them, by their form alone: what stands in code marks, an option (`--lf`, `-a`), a placeholder
 * (`%an`), capitals with low lines, words joined by dots, colons, low lines or capitals within them.
 */
const NAMES: readonly RegExp[] = [
  /`([^`\n]{1,60})`/g,
  /(?<![\w`-])(--?[A-Za-z][\w-]*)(?:=[^\s?,]+)?/g,
  /(?<![\w`%])(%[A-Za-z]{1,3})(?!\w)/g,
  /(?<![\w`.:/-])([A-Za-z]\w+(?:(?:[.:]|::)[A-Za-z_][\w-]+)+)(?![\w/])/g,
  /(?<![\w`.:/-])([A-Za-z][A-Za-z0-9]*(?:_+[A-Za-z0-9]+)+|[a-z]+[a-z0-9]*[A-Z]\w*)(?![\w`.:/-]*\w)/g,
];
/** "the cascade option": a word that names something only by the kind behind it. */
const KIND_BEHIND =
  /(?<![\w-])(?:the|an?) (?!other |same |new |different |default |first |second |main |right |wrong |next |environment |configuration )([A-Za-z][\w.:/-]*)(?:=\S+)? (?:option|flag|setting|parameter|argument|command|subcommand|directive|fixture|hook|variable|field|property|attribute|method|function|marker|decorator|prop|placeholder)(?![\w-])/gi;
/** Endings of files: a document that is named is a place to look in, not something to look up. */
const FILE = /\.(?:md|mdx|txt|rst|adoc|org|html?|pdf|docx?|xlsx?|csv|json|ya?ml|toml|js|ts|py|css|go|rs|java|rb|php)$/i;

/**
 * What a question names as programs do, such as `--lf`, `cache_dir` or `merge.conflictStyle`: documentation has an entry
 * for each, and words alone find the places that merely mention it. Without the values behind an equals sign.
 */
export function askedNames(question: string): readonly string[] {
  const text = question.slice(0, LONGEST_QUESTION);
  const found = new Set<string>();
  for (const form of NAMES) {
    for (const [, name = ""] of text.matchAll(form)) if (isName(name)) found.add(name.trim());
  }
  for (const [, name = ""] of text.matchAll(KIND_BEHIND)) if (isName(name)) found.add(name);
  return [...found].slice(0, MOST_NAMES);
}

function isName(name: string): boolean {
  return name.length <= LONGEST_NAME && /[A-Za-z]/.test(name) && !FILE.test(name) && !/^https?:/i.test(name);
}

/** Marks in front of the first name of a line: of a heading, an item, a row or bold. */
const ENTRY_MARKS = String.raw`^[ \t]*(?:#{1,6}[ \t]+[*_\`]{0,3}|(?:[-*+][ \t]+)[*_\`]{1,3}|\|[ \t]*[*_\`]{0,3}|\*\*\`?|(?=--?[A-Za-z]))`;
/** Further names in front of one, as in "`-a`, `--all`". */
const NAMES_BEFORE = String.raw`(?:[^\s\`*|]{1,60}(?:[ \t][^\s\`*|]{1,30})?[\`*_]{0,4}(?:,[*_]{0,2}|[ \t]or|[ \t]\/)\s{1,6}[*_\`]{0,3}){0,4}`;

/** What stands behind the name of an entry: its end, a mark, a value or a remark, and no verb. */
const BEHIND_NAME = String.raw`(?![\w:.-]*\w)[\`*_]{0,4}(?:[ \t]*(?:[:=,;|/([<{—–]|-\s|\r?\n|$)|[ \t]{2,}|[ \t]+[A-Z][A-Z_]+(?![a-z]))`;

/**
 * Makes the pattern of what documentation says of a name in particular: a heading, an item of a list, a row of a table or
 * a label in bold that begins with it, alone or among others ("`-a`, `--all`: …").
 */
export function entryPattern(name: string): RegExp {
  const escaped = name.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
  return new RegExp(String.raw`${ENTRY_MARKS}${NAMES_BEFORE}${escaped}${BEHIND_NAME}`, "m");
}
