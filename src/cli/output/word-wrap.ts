/** Lays out text that arrives in pieces. */
export interface WordWrap {
  /** Adds a piece; gives what can be written now. A word is held back until its end is known. */
  push(piece: string): string;
  /** Gives what is left at the end of the text. */
  end(): string;
}

/** A mark that begins an item of a list; what follows is aligned behind it. */
const LIST_MARK = /^(?:[-*+]|\d{1,9}[.)])$/;

/**
 * Breaks lines at spaces if they would be longer than `width` characters, since a terminal breaks them within words.
 * Code and tables stay as they are.
 */
export function createWordWrap(width: number): WordWrap {
  let held = "";
  let gap = "";
  let column = 0;
  let indent = 0;
  let isFenced = false;
  let isVerbatim = false;

  const beginLine = (word: string): string => {
    const isFence = word.startsWith("```");
    isVerbatim = isFenced || isFence || word.startsWith("|");
    if (isFence) isFenced = !isFenced;
    indent = gap.length + (LIST_MARK.test(word) ? word.length + 1 : 0);
    column = gap.length + word.length;
    return gap + word;
  };
  const addWord = (word: string): string => {
    if (!isVerbatim && column + gap.length + word.length > width) {
      column = indent + word.length;
      return `\n${" ".repeat(indent)}${word}`;
    }
    column += gap.length + word.length;
    return gap + word;
  };
  const take = (token: string): string => {
    if (token === "\n") {
      column = 0;
      gap = "";
      return token;
    }
    if (token.trim() === "") {
      gap = token;
      return "";
    }
    const written = column === 0 ? beginLine(token) : addWord(token);
    gap = "";
    return written;
  };
  return {
    push(piece) {
      const tokens = (held + piece).match(/\n|[^\S\n]+|\S+/g) ?? [];
      held = tokens.at(-1) === "\n" ? "" : (tokens.pop() ?? "");
      return tokens.map(take).join("");
    },
    end() {
      const last = take(held);
      held = "";
      return last;
    },
  };
}
