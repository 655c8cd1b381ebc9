import { countOf } from "../../domain/count-of.ts";
import { CitewellError } from "../../errors.ts";
import type { CommandContext } from "../command-context.ts";
import { EXIT_DONE } from "../exit-codes.ts";
import { printableName } from "../output/text-layout.ts";

/**
 * Deletes documents by source or glob, and prints what went.
 *
 * @throws CitewellError `document_missing` when nothing matches.
 */
export async function runRemove(context: CommandContext, sources: readonly string[]): Promise<number> {
  const { collection } = context.config;
  const { documents } = await context.useCases();
  const removed = await documents.removeSources({
    collection,
    sources,
    signal: context.signal,
    onWait: ({ holder }) => context.note(`citewell: waiting for ${holder}, which ingests into the same collection`),
  });
  if (context.flags.json) {
    context.printJson({ collection, removed });
  } else {
    for (const source of removed) context.print(printableName(source));
    if (removed.length > 0) context.note(`Removed ${countOf(removed.length, "document")} from "${collection}".`);
  }
  if (removed.length > 0) return EXIT_DONE;
  throw new CitewellError(
    "document_missing",
    `No document in "${collection}" matches ${sources.join(", ")}; ${hintOn(sources)}.`,
  );
}

/** A star does not reach into folders, which whoever writes `*.csv` may not know. */
function hintOn(sources: readonly string[]): string {
  const flat = sources.find((source) => /^[^/]*[*?][^/]*$/.test(source) && !source.includes("**"));
  const paths = "sources are paths relative to their root";
  return flat === undefined ? paths : `${paths}, and ${flat} looks in the root alone: **/${flat} looks everywhere`;
}
