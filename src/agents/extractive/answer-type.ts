import { createBlanker } from "./blank-words.ts";
import { definingShare, sidesOf, subjectOf } from "../../retrieval/question/definition.ts";
import { caseShare } from "./named-case.ts";

/** A cue for sentences that hold what a question asks for. */
export interface AnswerCue {
  /** What the cue adds to a sentence's score; all words of the question together add 2. */
  readonly weight: number;
  /** How much of it a sentence holds, 0 to 1. */
  readonly share: (sentence: string) => number;
}

interface AnswerType {
  readonly weight: number;
  /** Matches questions of this type. */
  readonly asks: RegExp;
  /** Matches the words of an answer. */
  readonly answers: RegExp;
  /** Whether the question's own words do not count, so that "the 1973 crisis" is no date for the crisis of 1973. */
  readonly blanksWords?: true;
}

const ASKS_FOR_DIFFERENCE = /\bdifferences? between\b|\bdiffers? from\b|\bcompared? (?:to|with)\b|\bdifferent from\b/i;

// The types of questions. Most weights are from a regression over Wikipedia and medical questions.
const TYPES: readonly AnswerType[] = [
  {
    weight: 0.5,
    asks: /\bwhen(?:['’]s| (?:did|was|were|is|are|does|do|will|would|has|have|had|can|could|should|might|must|may|shall))\b|\b(?:(?:what|which) (?:\w+ )?(?:year|date|day|month|century|decade|time|period|era))\b|^\W*(?:ab |bis |seit )?wann\b|^\W*(?:à partir de |jusqu['’]à )?quand\b|^\W*(?:desde |hasta )?cu[aá]ndo\b/i,
    // "May" and "March" are months with a capital letter only.
    answers:
      /\b(?:1\d{3}|20\d{2})s?\b|\b\d{1,2}(?:st|nd|rd|th)\b|\b\d{1,2}:\d{2}\b|\b(?:every|each|first|last|second|third) (?:\w+ )?(?:day|week|month|quarter|year)\b|\b(?:within|after|before|by|until) (?:\w+ )?(?:noon|midnight|days?|weeks?|months?|years?)\b|\b(?:januar|jänner|februar|märz|mai|juni|juli|oktober|dezember|montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag|uhr|werktag|(?:tag|woche|monat|jahr)e?[ns]?|frist|janvier|février|mars|avril|juin|juillet|août|septembre|octobre|novembre|décembre|enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre|jours?|semaines?|mois|días?|semanas?|mes(?:es)?)\b|\b(?:january|february|april|june|july|august|september|october|november|december|century|centuries|decade|monday|tuesday|wednesday|thursday|friday|saturday|sunday)\b|\d{1,2}[./-]\d{1,2}|\b(?-i:Ma(?:rch|y))\b/i,
    blanksWords: true,
  },
  {
    weight: 0.5,
    asks: /\bhow (?:many|much|long|old|often|far|few|large|big|tall|high|fast|deep|heavy|wide)\b|\b(?:what|which) (?:\w+ ){0,2}(?:percent|percentage|number|amount|size|rate|fraction|population|length|distance|height|weight|age|cost|price|proportion|limit|port|version)\b|\bwhat (?:does|did|do|will|would) .*\bcosts?\b|\bwie (?:viele?|hoch|lange|oft|groß|teuer|alt|weit)\b|\bwas (?:kostet|kosten)\b|\bcombien\b|\bcu[aá]nt[oa]s?\b/i,
    answers:
      /\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|thirty|forty|fifty|hundred|thousand|million|billion|dozen|half|twice|once|quarter|several)\b/i,
    blanksWords: true,
  },
  {
    weight: 0.4,
    asks: /\b(?:what|which)\b.*\bdefaults?\b|\bdefault (?:value|setting)s?\b/i,
    answers: /\bdefaults?\b/i,
  },
  {
    weight: 0.15,
    asks: /\b(?:who|whose|whom)\b|\b(?:what|which) (?:\w+ )?(?:person|people|president|king|queen|author|artist|actor|actress|singer|director|scientist|company|team|player|writer|composer|leader|man|woman|group|organization)\b/i,
    answers: /(?<=[\p{Ll}\p{N},;:(“"'-]\s?)\p{Lu}[\p{L}'’-]+|^\p{Lu}[\p{L}'’-]+(?=\s+\p{Lu}\p{Ll})/u,
    blanksWords: true,
  },
  {
    weight: 0.2,
    asks: /\bwhere(?:['’]s| (?:did|was|were|is|are|does|do|will|would|has|have|had|can|could|should|might))\b|\b(?:what|which) (?:\w+ )?(?:country|city|state|place|location|region|town|island|continent|river|county|area|province|village|folder|file)\b/i,
    answers:
      /\b(?:in|at|near|from|to|of|into|across|through|throughout|around|within)\s+(?:the\s+)?(?:\p{L}+\s+)?\p{Lu}|[/`]|\b(?:folder|file)\b/u,
    blanksWords: true,
  },
  {
    weight: 0.25,
    asks: /^\s*(?:what|who) (?:is|are|was|were) (?:an? |the )?\S+(?: \S+){0,2}\?*$|\bwhat (?:does|do) .* (?:mean|stand for)|\bdefinition\b/i,
    answers:
      /\b(?:is|are|was|were)\s+(?:an?|the|one|any|known|called|defined|considered)\b|\b(?:refers? to|means?|known as|called|defined as|consists? of|stands? for)\b|[—–:]\s|\(/i,
  },
  {
    weight: 0.4,
    asks: /\bhow (?:do|can|to|would|should|could|does one)\b(?! (?:it|they|this|that|these)\b)/i,
    // Instructions: what to do comes first, or the purpose does.
    answers:
      /^(?:to|for|run|use|set|give|add|start|call|pass|write|open|put|take|make|install|ingest|export|import|create|choose|pick|enter|type|click|press|send|delete|remove|change|see that|wait|stop)\b[^.]*[\s:`]/i,
  },
  {
    // "What is the difference between": an answer sets one thing against the other.
    weight: 0.3,
    asks: ASKS_FOR_DIFFERENCE,
    answers:
      /\b(?:differen(?:ce|t|tly)s?|differs?|unlike|whereas|while|but|instead|rather than|in contrast|compared|only|both|other)\b/i,
  },
  {
    // A question in the first person is answered with "you".
    weight: 0.15,
    asks: /\b(?:I|my|me|we|our)\b/,
    answers: /\byour?\b/i,
  },
];

/** "Wer leitet", "Qui est le président", "¿Quién". */
const ASKS_FOR_PERSON =
  /^\s*¿?(?:und |et |y )?(?:wer|wem|wen|qui|quién(?:es)?|(?:à|de|avec|por|bei|von|mit) (?:wem|qui|quién))\b/iu;
/** A title with a name, or two words that names are made of, which do not begin with an article or the like. */
const PERSON =
  /\b(?:Herrn?|Frau|Familie|Oma|Opa|Dr\.|Prof\.|M\.|Mme|Mlle|Madame|Monsieur|Sra?\.|Señora?|Don|Doña)\s+\p{Lu}|(?<![\p{L}-])(?!(?:Der|Die|Das|Den|Dem|Ein|Eine|Einen|Am|Im|Zum|Zur|An|In|Bei|Von|Für|Mit|Auf|Alle|Jede|Le|La|Les|Un|Une|El|Los|Las|Una)\s)\p{Lu}\p{Ll}+(?:-\p{Lu}\p{Ll}+)?\s(?:von |de |van )?\p{Lu}\p{Ll}{2,}/u;
const PERSON_WEIGHT = 0.5;

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

/** Whether a question sets two things against each other. */
export function asksForDifference(question: string): boolean {
  return ASKS_FOR_DIFFERENCE.test(question);
}

/** What a sentence gains for saying what one of the two things is. */
const SIDE_WEIGHT = 0.6;

/** What a sentence gains for naming the whole case of a question what happens in it. */
const CASE_WEIGHT = 0.6;

/** What a sentence gains for defining the subject of the question. */
const DEFINITION_WEIGHT = 0.8;
/** The same for a question what the subject can do. */
const ABILITY_WEIGHT = 0.5;
const ASKS_WHAT_IT_CAN = /^\s*what can\b/i;
const CAN = /\bcan\b/i;

/**
 * The cues for what a question's wording asks for: a time, a number, a name, a place, a meaning; often there
 * are none.
 */
export function answerCues(question: string): readonly AnswerCue[] {
  const blank = createBlanker(question);
  const types = TYPES.filter(({ asks }) => asks.test(question));
  const cues = types.map(({ weight, answers, blanksWords }): AnswerCue => ({
    weight,
    share: (sentence) => Number(answers.test(blanksWords === true ? blank(sentence) : sentence)),
  }));
  const sides = sidesOf(question);
  if (sides.length > 0) {
    const share = (sentence: string): number => Math.max(...sides.map((side) => definingShare(sentence, side)));
    cues.push({ weight: SIDE_WEIGHT, share });
  }
  // In German every noun has a capital letter, so that one alone is no name.
  if (ASKS_FOR_PERSON.test(question)) {
    cues.push({ weight: PERSON_WEIGHT, share: (sentence) => Number(PERSON.test(blank(sentence))) });
  }
  const inCase = caseShare(question);
  if (inCase !== null) cues.push({ weight: CASE_WEIGHT, share: inCase });
  const subject = subjectOf(question);
  if (subject !== null) {
    cues.push(
      ASKS_WHAT_IT_CAN.test(question)
        ? {
            weight: ABILITY_WEIGHT,
            share: (sentence) => Number(definingShare(sentence, subject) > 0 && CAN.test(sentence)),
          }
        : { weight: DEFINITION_WEIGHT, share: (sentence) => definingShare(sentence, subject) },
    );
  }
  return cues;
}
