import { text } from "node:stream/consumers";
import { CitewellError } from "../../errors.ts";
import type { CommandIo } from "../command-context.ts";

/**
 * The words of a command line; without words, or with `-`, the text of standard input. On a terminal nobody is asked to
 * type one.
 *
 * @throws CitewellError `usage_invalid` with the sentence `missing`.
 */
export async function wordsOrInput(
  words: string,
  { io, missing }: { readonly io: CommandIo; readonly missing: string },
): Promise<string> {
  if (!["", "-"].includes(words.trim())) return words;
  const read = io.isTerminal.stdin ? "" : (await text(io.stdin)).trim();
  if (read === "") throw new CitewellError("usage_invalid", missing);
  return read;
}
