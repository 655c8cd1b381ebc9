import type { CommandContext } from "./command-context.ts";
import { EXIT_DONE, EXIT_FAILED } from "./exit-codes.ts";
import { countOf } from "./text-layout.ts";

/** Deletes documents by source or glob, and prints what went. */
export async function runRemove(context: CommandContext, sources: readonly string[]): Promise<number> {
  const { collection } = context.config;
  const { documents } = await context.useCases();
  const removed = await documents.removeSources({ collection, sources });
  if (context.flags.json) {
    context.printJson({ collection, removed });
  } else {
    for (const source of removed) context.print(source);
    if (removed.length > 0) context.note(`Removed ${countOf(removed.length, "document")} from "${collection}".`);
  }
  if (removed.length > 0) return EXIT_DONE;
  context.io.stderr.write(
    `citewell: no document in "${collection}" matches ${sources.join(", ")}; sources are paths relative to their root.\n`,
  );
  return EXIT_FAILED;
}
