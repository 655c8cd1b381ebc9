import { listAllDocuments } from "../answering/list-all-documents.ts";
import { CODE_LANGUAGES, NOTEBOOK } from "../domain/code.ts";
import { CitewellError } from "../errors.ts";
import { type CallContext, describeWork } from "./mcp-context.ts";

/** The languages of a collection that are not code; undefined if all are like that. Throws if all of it is code. */
export async function proseLanguages(context: CallContext, collection: string): Promise<readonly string[] | undefined> {
  const all = await languagesOf(context, collection);
  const prose = all.filter((language) => !CODE_LANGUAGES.has(language));
  if (prose.length === all.length) return undefined;
  if (prose.length > 0) return prose;
  throw missing(context, collection, `holds only code (${all.join(", ")}); call search_code, or name languages.`);
}

/** Throws if a collection holds documents but no code, so that nobody tries other words there. */
export async function checkHoldsCode(context: CallContext, collection: string): Promise<void> {
  const all = await languagesOf(context, collection);
  if (all.length === 0 || all.some((language) => CODE_LANGUAGES.has(language) || language === NOTEBOOK)) return;
  throw missing(context, collection, `holds no code (${all.join(", ")}); call search_docs, or name a collection.`);
}

/** The languages that a collection's documents are in. */
export async function languagesOf(
  { useCases, signal }: Pick<CallContext, "useCases" | "signal">,
  collection: string,
): Promise<readonly string[]> {
  const documents = await listAllDocuments(useCases.documents, { collection, signal });
  return [...new Set(documents.map(({ language }) => language))];
}

function missing(context: CallContext, collection: string, what: string): CitewellError {
  // The missing documents may be among those that are not indexed yet.
  const running = describeWork(context, collection);
  if (running !== null) return new CitewellError("collection_missing", running);
  return new CitewellError("usage_invalid", `The collection "${collection}" ${what}`);
}
