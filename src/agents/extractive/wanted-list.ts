import { askedNames, entryPattern } from "../../retrieval/question/asked-names.ts";
import { analyse } from "../../lexical/analyse.ts";
import { LEADS_IN, TABLE_ROW } from "../../lexical/line-forms.ts";
import { indentOf, listItems, type ListItem } from "./list-block.ts";
import { PROPERTY } from "./named-entry.ts";
import { lastHeading, type PassageSentence } from "./passage-sentence.ts";

/** A list that a question asks for as a whole. */
export interface WantedList {
  /** What the list may be called; one of these is enough. */
  readonly names: readonly string[];
  /** What its headings have to be about: `hummus` of "ingredients of hummus"; null if the name says all. */
  readonly subject: string | null;
  /** Whether it has to be numbered, as steps are. */
  readonly isNumbered: boolean;
  /** Matches a heading whose section the list may begin, whatever it is called. */
  readonly section?: RegExp;
}

/** Questions for all there is of something, with what they call it. */
const ASKS_FOR_ALL: readonly RegExp[] = [
  /^\s*(?:please\s+)?(?:list|name|show)(?: me)?(?: (?:all|every|each|of|the|possible|available|supported))+ (?<what>[^?.!]+)/i,
  /\b(?:which|what)(?: kinds? of| sorts? of| other| different)? (?<what>(?:[\w-]+ ){0,2}[\w-]+s) (?:are|exist)\b(?: there| available| supported| possible| allowed)?(?: (?:in|on) [^?.!]{1,60})?\s*[?.!]*\s*$/i,
  /\b(?:which|what)(?: kinds? of| sorts? of| other| different)? (?<what>(?:[\w-]+ ){0,2}[\w-]+s) (?:does|do|can) (?:\S+ ){1,4}(?:have|know|support|take|accept|offer|read)\s*[?.!]*\s*$/i,
  /^\s*what are (?:(?:all|the|possible|available|supported|different) )+(?<what>(?:[\w-]+ ){0,2}[\w-]+s)\s*[?.!]*\s*$/i,
];
/** "Ingredients of hummus", "what are the requirements for a permit". */
const ASKS_FOR_PARTS =
  /^\s*(?:(?:what are|list|show me|give me|name|compare) )?(?:all )?(?:the )?(?<what>(?:[\w-]+ )?[\w-]+s) (?:of|for|in) (?<subject>[^?.!]+)/i;
/** "Ingredients hummus", "hummus ingredients", "packing list for Norway": words alone. */
const NAMES_PARTS: readonly RegExp[] = [
  /^\s*(?:the |my |our )?(?<what>[\w-]+ list)(?: (?:for|of))? (?<subject>[^?.!]+)/i,
  /^\s*(?<what>ingredients|requirements|prerequisites|materials|directions|instructions|steps)[:,]? (?<subject>[^?.!]+)/i,
  /^\s*(?!what|which|how|who|the\b)(?<subject>(?:[^\s?.!]+ ){1,4})(?<what>ingredients|requirements|prerequisites|materials|directions|instructions|steps)\s*[?.!]*\s*$/i,
];
/** "What goes into hummus", "what do I need for a permit". */
const ASKS_WHAT_IS_NEEDED =
  /^\s*what (?:do (?:I|we|you) need|does one need|is needed|goes|is in|are in)(?: (?:to \w+|for|into|in))? (?<subject>[^?.!]+)/i;
const NEEDED: readonly string[] = ["ingredients", "requirements", "prerequisites", "what you need", "materials"];
/** "How do I make hummus", "steps to get a permit". The verb is no part of the subject. */
const ASKS_FOR_STEPS =
  /^\s*(?:(?:and |please )?how (?:(?:do|does|can|could|should|would|must) (?:I|you|we|one|people|somebody)|to)|(?:what are )?(?:the )?(?:steps|directions|instructions) (?:to|for))\s+(?<deed>\w+ (?<subject>[^?.!]+))/i;
const STEPS: readonly string[] = ["steps", "directions", "instructions", "method", "preparation", "procedure"];

/** "What are the possible values of push.default", "what does it accept". */
const ASKS_FOR_VALUES =
  /\b(?:options|values|choices|possibilities|modes) (?:of|for|are|does|do|can|has|have)\b|\bwhat (?:does|can|do) .{1,80}\b(?:accept|be set to|take)\b/i;
const VALUES: readonly string[] = ["possible values", "allowed values", "valid values", "values", "options", "choices"];

const FEWEST_ITEMS = 3;
const FEWEST_STEPS = 2;
/**
 * A heading must be at least this similar to what is asked for, by the harmonic mean of the shares of their common
 * terms.
 */
const LEAST_LIKENESS = 0.6;
/** The share of the subject's terms that a list's headings must hold. */
export const LEAST_SUBJECT = 0.6;
/** Terms at most of a sentence that announces a list by its name, among other words. */
const LONGEST_ANNOUNCEMENT = 8;
/** How many characters before an item its number may stand. */
const LONGEST_MARKER = 40;

/**
 * The things of which a question asks for all: "exit codes" of "which exit codes are there"; null for another question.
 */
export function wantsAllOf(question: string): string | null {
  for (const form of ASKS_FOR_ALL) {
    const what = form.exec(question)?.groups?.["what"];
    if (what !== undefined && analyse(what).length > 0) return what;
  }
  return null;
}

/**
 * The lists that would answer a question, the most wanted first: all there is of something, the parts of something, what is
 * needed for it, or the steps of how to do it. Empty for another question.
 */
export function wantedLists(question: string): readonly WantedList[] {
  const [name, ...others] = ASKS_FOR_VALUES.test(question) ? askedNames(question) : [];
  if (name !== undefined && others.length === 0) {
    return [{ names: VALUES, subject: name, isNumbered: false, section: entryPattern(name) }];
  }
  const all = wantsAllOf(question);
  if (all !== null) return [listOf([all])];
  const needed = ASKS_WHAT_IS_NEEDED.exec(question)?.groups?.["subject"];
  if (needed !== undefined) return [listOf(NEEDED, needed)];
  const { deed, subject: done = null } = ASKS_FOR_STEPS.exec(question)?.groups ?? {};
  if (deed !== undefined) {
    return [listOf([deed], null, { isNumbered: true }), listOf(STEPS, done, { isNumbered: true })];
  }
  for (const form of [ASKS_FOR_PARTS, ...NAMES_PARTS]) {
    const { what, subject = null } = form.exec(question)?.groups ?? {};
    if (what !== undefined) return [listOf([what], subject)];
  }
  return [];
}

function listOf(
  names: readonly string[],
  subject: string | null = null,
  { isNumbered = false }: Partial<Pick<WantedList, "isNumbered">> = {},
): WantedList {
  return { names, subject, isNumbered };
}

/**
 * The list or table whose heading, first column or introducing sentence names what is asked for; null if there is none.
 */
export function findList(wanted: WantedList, sentences: readonly PassageSentence[]): readonly ListItem[] | null {
  const names = wanted.names.map((name) => new Set(analyse(name)));
  const subject = new Set(analyse(wanted.subject ?? ""));
  let best: { readonly items: readonly ListItem[]; readonly likeness: number } | null = null;
  for (const [at, sentence] of sentences.entries()) {
    if (sentence.kind !== "list" && sentence.kind !== "table") continue;
    const before = sentences[at - 1];
    // This item belongs to a list whose first item was examined, unless the one before leads in a list of its own.
    const isLedIn = before?.passage === sentence.passage && leadsInList(before, sentence);
    if (before?.passage === sentence.passage && before.kind === sentence.kind && !isLedIn) continue;
    // Sections of the same name in other documents have other lists.
    const isBest = sentence.passage === sentences[0]?.passage;
    const isOfSection = isBest && wanted.section?.test(`# ${lastHeading(sentence)}`) === true;
    if (isOfSection && PROPERTY.test(sentence.text)) continue;
    const isKnown = isOfSection || isBelow(wanted.section, sentences, at);
    if (!isKnown && shareOf(subject, new Set(analyse(sentence.headings))) < LEAST_SUBJECT) continue;
    const items = listItems(sentence, sentences);
    if (wanted.isNumbered && !areSteps(items, before?.passage === sentence.passage ? before : undefined)) continue;
    if (items.length < (wanted.isNumbered || isOfSection ? FEWEST_STEPS : FEWEST_ITEMS)) continue;
    const above = sentence.headings.split("\n");
    const own = [above.at(-1) ?? "", sentence.columns?.[0] ?? ""];
    // Over a table's rows its head is the last one.
    if (sentence.kind === "table") own.push(above.findLast((heading) => !TABLE_ROW.test(heading)) ?? "");
    if (before?.passage === sentence.passage && (before.kind === "prose" || isLedIn)) own.push(before.text);
    const terms = own.map((text) => new Set(analyse(text)));
    const likenesses = terms.flatMap((one) => names.map((name) => likenessOf(name, one)));
    const isAnnounced = names.some((name) => name.size > 0 && announcesThem(before, sentence, name));
    const likeness = isOfSection ? 1 : Math.max(isAnnounced ? LEAST_LIKENESS : 0, ...likenesses);
    if (likeness >= LEAST_LIKENESS && likeness > (best?.likeness ?? 0)) best = { items, likeness };
  }
  return best?.items ?? null;
}

/** How many sentences above a list an entry may begin that the list belongs to. */
const FURTHEST_ENTRY = 6;

/** Whether an item or a label a few sentences above a list begins the entry that is asked about. */
function isBelow(entry: RegExp | undefined, sentences: readonly PassageSentence[], at: number): boolean {
  if (entry === undefined) return false;
  return sentences
    .slice(Math.max(0, at - FURTHEST_ENTRY), at)
    .some(({ passage, text }) => passage === sentences[at]?.passage && entry.test(`- ${text}`));
}

/**
 * Whether items are the steps of something from the first one on. A passage may begin among them; and since Markdown often
 * gives all items the number 1, such a list needs a heading or a sentence with a colon in front of it.
 */
function areSteps(items: readonly ListItem[], before: PassageSentence | undefined): boolean {
  const [first = null, second = null] = items.map(({ sentences: [item] }) =>
    item === undefined ? null : numberOf(item),
  );
  if (first === null || first > 1) return false;
  return second === first + 1 || before?.kind === "heading" || LEADS_IN.test(before?.text ?? "");
}

/** "Currently, the funds that you may apply to are:" announces the funds, whatever else it says. */
function announcesThem(
  before: PassageSentence | undefined,
  { passage }: PassageSentence,
  name: ReadonlySet<string>,
): boolean {
  if (before?.passage !== passage || !LEADS_IN.test(before.text)) return false;
  const said = new Set(analyse(before.text));
  return said.size <= LONGEST_ANNOUNCEMENT && shareOf(name, said) === 1;
}

/** Whether an item, or a further sentence of it, announces the list within it. */
function leadsInList(before: PassageSentence, first: PassageSentence): boolean {
  return LEADS_IN.test(before.text) && first.kind === "list" && indentOf(first) > indentOf(before);
}

/** The number in front of an item; null without one. */
function numberOf({ passage, span: { start } }: PassageSentence): number | null {
  const before = passage.hit.text.slice(Math.max(0, start - LONGEST_MARKER), start);
  const number = /(?:^|[\r\n])[ \t]*(\d{1,3})[.)][ \t]+$/.exec(before)?.[1];
  return number === undefined ? null : Number(number);
}

/** The share of terms that others hold; 1 without any. */
export function shareOf(terms: ReadonlySet<string>, others: ReadonlySet<string>): number {
  return terms.size === 0 ? 1 : [...terms].filter((term) => others.has(term)).length / terms.size;
}

function likenessOf(left: ReadonlySet<string>, right: ReadonlySet<string>): number {
  const common = [...left].filter((term) => right.has(term)).length;
  return left.size + right.size === 0 ? 0 : (2 * common) / (left.size + right.size);
}
