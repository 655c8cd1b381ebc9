import { analyse } from "../../lexical/analyse.ts";
import { plainLetters } from "../../lexical/plain-letters.ts";
import { STOP_WORDS } from "../../lexical/stop-words.ts";
import type { ForeignLanguage } from "../../lexical/word-forms.ts";

/**
 * English words that make a sentence a question, and stand in documents for something else: "many" of "how many", "must" of
 * "must I", "am I allowed to".
 */
const ASKING: readonly RegExp[] = [
  /\bwhat(?: will| would| does| do| can| may)? happen(?:s|ed)?(?= (?:when|if|to|with|after|during|once|while|in|as|on|at)\b)/gi,
  /^\s*compare\b|\b(?:left|remaining|still) to (?:do|be done)\b/gi,
  /(?<=\bhow (?:much|many|long|often)\b.*\b(?:does|did|do|will|would|can|may) .*)\btake\b(?=\s*(?:to\b.*)?[?.!]*\s*$)/gi,
  /(?<=\bhow )(?:much|many|long|often)\b/gi,
  /(?<=^\s*(?:and )?what (?:does|do|did) .{1,200})\b(?:mean|stand for)\b(?=[\s?.!]*$)/gi,
  /\b(?:am I|are we|is it|is one|are you) (?:allowed|permitted|supposed|obliged|required) to\b/gi,
  /\bam (?=I\b)|(?<=\bI )am\b|\bmust (?=(?:I|we|you|one|it|they|he|she)\b)|(?<=\b(?:I|we|one) )must\b/gi,
  /^\s*[Mm]ay\b(?= (?:I|we|you|one|the|an?|my|our)\b)|(?<=\b(?:[Ww]hat|[Ww]hen|[Ww]hich|[Ww]ho|[Ww]here|[Hh]ow|I|we|one) )may\b(?! \d)/g,
];

/** The same of other languages: "Wie hoch ist", "Wie lautet", "Où se trouve", "Quand a lieu". */
const FOREIGN_ASKING: Readonly<Record<ForeignLanguage, readonly RegExp[]>> = {
  german: [
    /(?<=\bwie )(?:hoch|groß|alt|oft|spät|teuer|weit)(?!\p{L})/giu,
    /(?<=^\s*(?:und )?(?:wie|was) )(?:lautet|lauten|heißt|heißen|bedeutet|bedeuten|passiert)\b/giu,
    /\b(?:darf|dürfen)\b/giu,
  ],
  french: [
    /(?<=^\s*où )se trouve(?:nt)?\b|(?<=^\s*quand )(?:a|ont) lieu\b|(?<=^\s*comment )s['’]appellent?\b/giu,
    /(?<=^\s*que )signifient?\b/giu,
  ],
  spanish: [/(?<=^\s*¿?d[oó]nde )se encuentran?\b|(?<=^\s*¿?qu[eé] )significan?\b|(?<=^\s*¿?c[oó]mo )se llaman?\b/giu],
};

interface FunctionWords {
  readonly language: ForeignLanguage;
  readonly words: ReadonlySet<string>;
}

/** Words of other languages that say nothing about what a text is about, as {@link STOP_WORDS} does for English. */
const FUNCTION_WORDS: readonly FunctionWords[] = [
  functionWordsOf(
    "german",
    `aber alle allem allen aller alles als am an auch auf aus bei beim bin bis bist da dabei dafür damit dann das dass daß
  dazu dein deine dem den denn der deren des dessen die dies diese diesem diesen dieser dieses dir doch du durch ein eine
  einem einen einer eines er es etwas euch euer für gab gegen gibt hab habe haben hat hatte hatten hin ich ihm ihn ihr ihre
  ihrem ihren ihrer im in ins ist ja jede jedem jeden jeder jedes kann kannst können könnte lange man mein meine meinem
  meinen meiner mich mir mit muss müssen muß nach nicht noch nur ob oder ohne sehr sein seine seit sich sie sind so soll
  sollen sollte über um und uns unser unsere unter viel viele vom von vor wann war waren warum was weil welche welchem
  welchen welcher welches wem wen wenn wer werde werden wessen wie wieso wieviel will wir wird wo wofür woher wohin wollen
  worden wurde wurden würde zu zum zur zwischen`,
  ),
  functionWordsOf(
    "french",
    `ai alors as au aussi aux avec avoir c ça ce ces cet cette chez combien comment d dans de des doit dois doivent du elle
  elles en est et être eu eux fait faire faut il ils j je l la là le les leur leurs lui m ma mais me mes moi mon n ne nos
  notre nous on ont ou où par pas peut peux peuvent plus pour pourquoi puis qu quand que quel quelle quelles quels qui quoi
  s sa sans se sera ses si son sont sous sur ta te tes toi ton tous tout toute toutes tu un une va vos votre vous y`,
  ),
  functionWordsOf(
    "spanish",
    `a al algo ante como cómo con cual cuál cuales cuáles cuando cuándo cuanta cuánta cuantas cuántas cuanto cuánto cuantos
  cuántos de debe debo deben del desde donde dónde durante e el ella ellas ellos en entre era es esa ese eso esta está están
  este esto fue ha hacer han hasta hay la las le les lo los más me mi mis muy no nos nosotros nuestra nuestro o para pero
  por porque puede pueden puedo que qué quien quién quienes se sea ser si sí sin sobre son su sus también tan te tiene
  tienen todo todos tu tus un una uno unos unas y ya yo`,
  ),
];

/** Of these, words that English texts have too, as words, names or symbols: alone they do not tell the language. */
const AMBIGUOUS: ReadonlySet<string> = new Set(
  `a ai al algo all also am an as au bin c d da des die do du e el elle en er es est ha hat in is j l la las le les m man me
  mi mit moi mon n no o on par plus pour qui s se sera si sin so son su sur tan te ton tout tu u un una va van war was will
  y yo`.split(/\s+/),
);

/** So many of these, if they are half of a text without any English one, tell the language after all. */
const FEWEST_AMBIGUOUS = 3;

const WORD = /[\p{L}\p{M}]+/gu;

/**
 * A question without the words that only make it a question, which would find texts that say nothing about it: "How many
 * directors are there?" is about directors, "Wie hoch ist der Beitrag?" about "hoch" and "Beitrag". As it is where nothing
 * else is left.
 */
export function withoutQuestionWords(question: string): string {
  const asking = ASKING.reduce((text, pattern) => text.replaceAll(pattern, " "), question);
  const known = functionWords(asking);
  const own = known?.words ?? null;
  const bare = (known === null ? [] : FOREIGN_ASKING[known.language]).reduce(
    (text, pattern) => text.replaceAll(pattern, " "),
    asking,
  );
  const rest = own === null ? bare : bare.replaceAll(WORD, (word) => (own.has(plainLetters(word)) ? " " : word));
  return analyse(rest).length === 0 ? question : rest;
}

/** The language that a question is in, by its function words; null where it is English, or too short to tell. */
export function languageOfQuestion(question: string): ForeignLanguage | null {
  return functionWords(question)?.language ?? null;
}

/** The function words of the language that a text is in; null where it is English, or too short to tell. */
function functionWords(text: string): FunctionWords | null {
  const words = (text.match(WORD) ?? []).map(plainLetters);
  const english = words.filter((word) => STOP_WORDS.has(word)).length;
  let best: { readonly known: FunctionWords; readonly count: number } | null = null;
  for (const known of FUNCTION_WORDS) {
    const own = words.filter((word) => known.words.has(word));
    // Several words in a row that English texts have one by one: "Qui est la …".
    const isMostly = own.length >= FEWEST_AMBIGUOUS && own.length * 2 >= words.length && english === 0;
    const isSure = isMostly || own.some((word) => !AMBIGUOUS.has(word));
    if (isSure && own.length > english && own.length > (best?.count ?? 0)) best = { known, count: own.length };
  }
  return best?.known ?? null;
}

function functionWordsOf(language: ForeignLanguage, words: string): FunctionWords {
  return { language, words: new Set(words.split(/\s+/).map(plainLetters)) };
}
