/** A function whose definition no keyword begins. */
export interface TypedFunction {
  /** The line that it begins on, from 0. */
  readonly line: number;
  /** The blanks in front of it. */
  readonly indent: string;
  /** Its name, without what it belongs to. */
  readonly name: string;
  /** What its name says that it belongs to: `Store` of `Store::open`; empty if it says nothing. */
  readonly owner: string;
  /** Whether no type stands in front of it, as in front of constructors. */
  readonly isConstructor: boolean;
}

/** Words in front of a function's name: its type and modifiers, as in `public static List<String> names(`. */
const HEAD =
  /^([ \t]*)((?:[\p{L}_][\p{L}\p{N}_.:]*(?:<[^;(){}<>]*(?:<[^;(){}<>]*>[^;(){}<>]*)*>)?(?:\[\])*[*&?]*[ \t]+[*&]*)*)((?:[\p{L}_][\p{L}\p{N}_]*(?:<[^<>;(){}]*>)?::)*)~?([\p{L}_][\p{L}\p{N}_]*)\s*(?:<[^<>;(){}]*>)?\(/u;
/** What may stand between the parameters and the body. */
const BODY =
  /\s*(?:(?:const|noexcept|override|final)\s+){0,3}(?:throws\s[^;{}()]{1,200}|where\s[^;{}]{1,200}|->[^;{}()]{1,100}|:(?!:)[^;{}]{1,400})?(?:\{|=>)/uy;
const MODIFIER =
  /^(?:public|private|protected|internal|static|final|abstract|virtual|override|async|inline|constexpr|explicit|synchronized)$/;
/** Words that stand in front of brackets, and begin no definition. */
const STATEMENT =
  /^(?:if|else|for|foreach|while|switch|catch|function|return|with|using|lock|match|fn|func|fun|def|when|new|throw|await|yield|case|do|in|unless|elsif|elif|sizeof|typeof|super|this|class|struct|record|describe|it|test)$/;
/** Longer lines are data. */
const LONGEST_LINE = 300;
/** No list of parameters is longer, in characters. */
const LONGEST_LIST = 800;

/**
 * The functions that stand behind the type they return, as in C, C++, C# and Java, and constructors behind a modifier.
 * Their body may begin on a later line; what has none is a call or a declaration.
 */
export function* typedFunctions(text: string): Generator<TypedFunction> {
  let start = 0;
  for (const [line, content] of text.split("\n").entries()) {
    const found = content.length > LONGEST_LINE ? null : HEAD.exec(content);
    if (found !== null) {
      const [head, indent = "", type = "", owner = "", name = ""] = found;
      const words = [...type.trim().split(/\s+/), name];
      const isTyped = owner !== "" || words.length > 2 || (words[0] !== "" && !MODIFIER.test(words[0] ?? ""));
      const isMember = words.some((word) => MODIFIER.test(word));
      if ((isTyped || isMember) && !words.some((word) => STATEMENT.test(word)) && hasBody(text, start + head.length)) {
        yield { line, indent, name, owner: owner.replaceAll(/<[^<>]*>|::$/g, ""), isConstructor: !isTyped };
      }
    }
    start += content.length + 1;
  }
}

/** Whether a body follows the list of parameters that begins at an offset. */
function hasBody(text: string, start: number): boolean {
  let open = 1;
  for (let index = start; index < Math.min(text.length, start + LONGEST_LIST); index += 1) {
    const character = text[index];
    if (character === ";" || character === "{" || character === "}") return false;
    if (character === "(") open += 1;
    else if (character === ")") open -= 1;
    if (open > 0) continue;
    BODY.lastIndex = index + 1;
    return BODY.test(text);
  }
  return false;
}
