import { analyse } from "../../lexical/analyse.ts";

/** Tells of a sentence whether it holds what a question asks for. */
export interface AnswerCue {
  /** What the cue adds to a sentence's score, against 2 for all words of the question. */
  readonly weight: number;
  readonly holds: (sentence: string) => boolean;
}

interface AnswerType {
  readonly weight: number;
  /** What a question of this type says. */
  readonly asks: RegExp;
  /** What an answer says, in words that are not the question's. */
  readonly answers: RegExp;
  /** Whether words of the question count too. */
  readonly keepsWords?: true;
}

// Words of the question are blanked out before a sentence is looked at, so that "the 1973 crisis" is no date for a question
// about the crisis of 1973. The weights are from a regression over Wikipedia and medical questions.
const TYPES: readonly AnswerType[] = [
  {
    weight: 0.5,
    asks: /\bwhen(?:['’]s| (?:did|was|were|is|are|does|do|will|would|has|have|had|can|could|should|might))\b|\b(?:(?:what|which) (?:\w+ )?(?:year|date|day|month|century|decade|time|period|era))\b/i,
    answers:
      /\b(?:1\d{3}|20\d{2})s?\b|\b(?:january|february|march|april|may|june|july|august|september|october|november|december|century|centuries|decade|monday|tuesday|wednesday|thursday|friday|saturday|sunday)\b|\d{1,2}[./-]\d{1,2}/i,
  },
  {
    weight: 0.5,
    asks: /\bhow (?:many|much|long|old|often|far|few|large|big|tall|high|fast|deep|heavy|wide)\b|\b(?:what|which) (?:\w+ ){0,2}(?:percent|percentage|number|amount|size|rate|fraction|population|length|distance|height|weight|age|cost|price|proportion|limit|port|version)\b/i,
    answers:
      /\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|thirty|forty|fifty|hundred|thousand|million|billion|dozen|half|twice|once|quarter|several)\b/i,
  },
  {
    weight: 0.15,
    asks: /\b(?:who|whose|whom)\b|\b(?:what|which) (?:\w+ )?(?:person|people|president|king|queen|author|artist|actor|actress|singer|director|scientist|company|team|player|writer|composer|leader|man|woman|group|organization)\b/i,
    answers: /(?<=[\p{Ll}\p{N},;:(“"'-]\s?)\p{Lu}[\p{L}'’-]+|^\p{Lu}[\p{L}'’-]+(?=\s+\p{Lu}\p{Ll})/u,
  },
  {
    weight: 0.2,
    asks: /\bwhere(?:['’]s| (?:did|was|were|is|are|does|do|will|would|has|have|had|can|could|should|might))\b|\b(?:what|which) (?:\w+ )?(?:country|city|state|place|location|region|town|island|continent|river|county|area|province|village|folder|file)\b/i,
    answers:
      /\b(?:in|at|near|from|to|of|into|across|through|throughout|around|within)\s+(?:the\s+)?(?:\p{L}+\s+)?\p{Lu}|[/`]|\b(?:folder|file)\b/u,
  },
  {
    weight: 0.3,
    asks: /\bwhy\b|\b(?:what|which) (?:is|was|were|are) the (?:reason|cause|purpose)|\bwhat cause[sd]?\b|\bhow come\b/i,
    answers:
      /\b(?:because|since|due to|so that|in order to|therefore|thus|hence|cause[ds]?|reason|owing to|as a result|result(?:s|ed)? (?:in|from)|leads? to|led to|to (?:avoid|prevent|protect|keep|allow|make|help))\b/i,
    keepsWords: true,
  },
  {
    weight: 0.25,
    asks: /^\s*(?:what|who) (?:is|are|was|were) (?:an? |the )?\S+(?: \S+){0,2}\?*$|\bwhat (?:does|do) .* (?:mean|stand for)|\bdefinition\b/i,
    answers:
      /\b(?:is|are|was|were)\s+(?:an?|the|one|any|known|called|defined|considered)\b|\b(?:refers? to|means?|known as|called|defined as|consists? of|stands? for)\b|[—–:]\s|\(/i,
    keepsWords: true,
  },
  {
    weight: 0.4,
    asks: /\bhow (?:do|can|to|would|should|could|does one)\b(?! (?:it|they|this|that|these)\b)/i,
    // Instructions: what to do comes first, or the purpose does.
    answers:
      /^(?:to|for|run|use|set|give|add|start|call|pass|write|open|put|take|make|install|ingest|export|import|create|choose|pick|enter|type|click|press|send|delete|remove|change|see that|wait|stop)\b[^.]*[\s:`]/i,
    keepsWords: true,
  },
];

const ASKS_FOR_CODE =
  /\bhow (?:do|can|to|would|should)\b|\b(?:which|what) (?:command|flag|option|code|call|function)\b|\b(?:command|example|snippet|usage|syntax)\b|^\s*(?:use|set|run|add|start|call|write|make|install|create|choose|connect|change|switch)\b/i;

/** Whether a question asks for an address, which stands in a link's target. */
export function asksForAddress(question: string): boolean {
  return /\b(?:links?|urls?|address(?:es)?|web ?(?:site|page)s?|home ?page|repo(?:sitory|sitories|s)?)\b/i.test(
    question,
  );
}

/** Whether a block of code belongs to an answer. */
export function asksForCode(question: string): boolean {
  return ASKS_FOR_CODE.test(question);
}

/** "What happens when": an answer names the case as well. */
const ASKS_FOR_CASE = /\bwhat(?: \w+)? happen(?:s|ed)? (?:when|if|to|with|after|during|once|while)\b/i;
const NAMES_CASE = /\b(?:when|if|while|once|after|until|unless|as soon as|where)\b/i;
const CASE_WEIGHT = 0.25;

/** A question in the first person is answered with "you". */
const FIRST_PERSON = /\b(?:I|my|me|we|our)\b/;
const SECOND_PERSON = /\byour?\b/i;
const PERSON_WEIGHT = 0.15;

/** The subject of a question that asks what something is, at most four words; also as "what … is", or the subject alone. */
const SUBJECTS: readonly RegExp[] = [
  /^\s*(?:(?:what|who) (?:is|are|was|were)|what['’]?s|(?:tell|show) me (?:more )?about|explain|describe|define|what (?:does|do|can) (?=.* (?:mean|do)\b))\s*(?:an? |the )?((?:\S+ ){0,3}?[^\s?]+)(?: means?| do)?\s*\??\s*$/i,
  /^\s*(?:what|who) (?:an? |the )?((?:\S+ ){0,3}?\S+) (?:is|are|was|were|means?)\s*\??\s*$/i,
  /^\s*(?:an? |the )?((?:\S+ ){0,2}[^\s?]+)\s*\??\s*$/i,
];
const SUBJECT_WEIGHT = 0.3;

/** What something is, does or can, and who did it, is not answered by telling somebody what to do. */
const ASKS_FOR_FACT =
  /^\s*(?:and )?(?:who|why|what(?:['’]?s| (?:is|are|was|were|can|does)))\b(?!.*\b(?:do|should|can|must) (?:I|you|we|one)\b)/i;
const INSTRUCTS =
  /^(?:run|use|set|give|add|start|call|pass|write|open|put|take|make|install|choose|pick|enter|type|click|press|send|delete|remove|change|wait|stop|keep|check|look|ask|copy|save|try|see that)\b(?! (?:is|are|was|of)\b)|^to (?:run|use|set|add|start|make|install|choose|send|delete|remove|change|stop|keep|check)\b/i;
const INSTRUCTION_WEIGHT = -0.3;

const WORD = /[\p{L}\p{N}'’-]+/gu;

/** Makes the function that blanks out a question's words in a sentence. */
function createBlanker(question: string): (sentence: string) => string {
  const known = new Set(question.toLowerCase().match(WORD));
  return (sentence) => sentence.replaceAll(WORD, (word) => (known.has(word.toLowerCase()) ? "_" : word));
}

/** What the wording of a question asks for: a time, a number, a name, a place, a reason, a meaning; often nothing of these. */
export function answerCues(question: string): readonly AnswerCue[] {
  const blank = createBlanker(question);
  const cues = TYPES.filter(({ asks }) => asks.test(question)).map(({ weight, answers, keepsWords }): AnswerCue => ({
    weight,
    holds: (sentence) => answers.test(keepsWords === true ? sentence : blank(sentence)),
  }));
  if (ASKS_FOR_CASE.test(question)) cues.push({ weight: CASE_WEIGHT, holds: (sentence) => NAMES_CASE.test(sentence) });
  if (FIRST_PERSON.test(question)) {
    cues.push({ weight: PERSON_WEIGHT, holds: (sentence) => SECOND_PERSON.test(sentence) });
  }
  if (ASKS_FOR_FACT.test(question)) {
    cues.push({ weight: INSTRUCTION_WEIGHT, holds: (sentence) => INSTRUCTS.test(sentence) });
  }
  const subject = subjectOf(question);
  if (subject !== null) cues.push({ weight: SUBJECT_WEIGHT, holds: (sentence) => beginsWith(sentence, subject) });
  return cues;
}

/** What a question asks the meaning of: "sluice gate" of "what is a sluice gate?"; null for another question. */
export function subjectOf(question: string): string | null {
  return SUBJECTS.map((form) => form.exec(question)?.[1]).find((found) => found !== undefined) ?? null;
}

/** "The mill is called …" tells of one mill, "A mill is …" what a mill is. */
const ARTICLE = /^["'“‘(*_`]*(?:an?\s+)?(?=\p{L}|\p{N})/iu;

/** Whether a sentence speaks of something from its first words on, as what explains it does. */
function beginsWith(sentence: string, subject: string): boolean {
  const count = subject.split(/\s+/).length;
  if (!ARTICLE.test(sentence)) return false;
  const words = sentence.replace(ARTICLE, "").split(/\s+/).slice(0, count).join(" ");
  const [terms, wanted] = [analyse(words), analyse(subject)];
  return wanted.length > 0 && wanted.length === terms.length && wanted.every((term, index) => terms[index] === term);
}

const ASKS_WHO = /^\s*(?:and )?who(?:se|['’]s)?\b/i;
const NAME = /(?<=[\p{Ll}\p{N},;:(“"'-]\s?)\p{Lu}\p{Ll}[\p{L}'’-]*|^\p{Lu}\p{Ll}[\p{L}'’-]*(?=\s+\p{Lu}\p{Ll})/u;

/** Whether a question asks who, and none of these sentences names anybody: they cannot answer it. */
export function lacksName(question: string, sentences: readonly string[]): boolean {
  if (!ASKS_WHO.test(question)) return false;
  const blank = createBlanker(question);
  return !sentences.some((sentence) => NAME.test(blank(sentence.replaceAll(/`[^`]*`/g, "_"))));
}
