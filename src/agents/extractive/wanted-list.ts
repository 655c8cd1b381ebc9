import { analyse } from "../../lexical/analyse.ts";
import { withoutQuestionWords } from "../../retrieval/question/question-words.ts";

/** A list that a question asks for as a whole. */
export interface WantedList {
  /** What the list may be called; one of these is enough. */
  readonly names: readonly string[];
  /** What its headings have to be about: `hummus` of "ingredients of hummus"; null if the name says all. */
  readonly subject: string | null;
  /** Whether it has to be numbered, as steps are. */
  readonly isNumbered: boolean;
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
  /^\s*(?:(?:what are|list|show me|give me|name|compare) )?(?:all )?(?:the )?(?<what>(?:[\w-]+ )?[\w-]+s) (?:of|for|in|from|at) (?<subject>[^?.!]+)/i;
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
/** "Wie reinige ich das Sieb", "comment remplir le formulaire", "¿cómo se limpia el filtro?". */
const ASKS_FOR_STEPS_ABROAD: readonly RegExp[] = [
  /^\s*(?:und )?wie \p{L}+ (?:ich|man|wir|du)\s/iu,
  /^\s*(?:et )?comment (?:faire pour |(?:puis-je|peut-on|dois-je|doit-on|on peut) )?\p{L}+(?:er|ir|re|dre)\s/iu,
  /^\s*¿?(?:y )?c[oó]mo (?:(?:puedo|debo|se puede|se debe|hay que) )?\p{L}+\s/iu,
];
const STEPS: readonly string[] = ["steps", "directions", "instructions", "method", "preparation", "procedure"];

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
  const all = wantsAllOf(question);
  if (all !== null) {
    // "List the actions from the meeting": the actions, where they stand under the meeting.
    const { what, subject = null } = ASKS_FOR_PARTS.exec(question)?.groups ?? {};
    return [listOf([all]), ...(what === undefined ? [] : [listOf([what], subject)])];
  }
  const needed = ASKS_WHAT_IS_NEEDED.exec(question)?.groups?.["subject"];
  if (needed !== undefined) return [listOf(NEEDED, needed)];
  const { deed, subject: done = null } = ASKS_FOR_STEPS.exec(question)?.groups ?? {};
  if (deed !== undefined) {
    return [listOf([deed], null, { isNumbered: true }), listOf(STEPS, done, { isNumbered: true })];
  }
  if (ASKS_FOR_STEPS_ABROAD.some((form) => form.test(question))) {
    return [listOf([withoutQuestionWords(question)], null, { isNumbered: true })];
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
