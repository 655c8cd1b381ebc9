import { existsSync } from "node:fs";
import path from "node:path";
import type { DocumentRecord } from "../domain/document.ts";
import { CitewellError } from "../errors.ts";
import { type CallContext, describeWork } from "./mcp-context.ts";

/** How many documents or places an error names. */
export const MOST_NAMED = 8;

/** What was asked for, and where. */
export interface MissingSource {
  /** The path as it was written, with forward slashes. */
  readonly wanted: string;
  readonly collection: string;
  /** Documents of the collection, or of the root that was asked for. */
  readonly documents: readonly DocumentRecord[];
}

/**
 * The error for a path that no document has: it names documents with a like name, the places that define it where it is the
 * name of something in the code, or says that there is such a file which is not indexed.
 */
export async function missingSource(context: CallContext, missing: MissingSource): Promise<CitewellError> {
  const { wanted, collection } = missing;
  const hint = (await definitions(context, missing)) ?? alike(missing) ?? "search_docs and search_code give paths.";
  const unindexed = unindexedFile(context, missing);
  const why = unindexed === null ? "" : ` ${unindexed}`;
  return new CitewellError("document_missing", `The collection "${collection}" holds no ${wanted}.${why} ${hint}`);
}

function alike({ wanted, documents }: MissingSource): string | null {
  const name = wanted.slice(wanted.lastIndexOf("/") + 1).toLowerCase();
  const stem = name.replace(/\.[^.]*$/, "");
  const found = documents.filter(({ source }) => stem !== "" && source.toLowerCase().includes(stem));
  const named = found.slice(0, MOST_NAMED).map(({ source }) => source);
  return named.length === 0 ? null : `Names like it: ${named.join(", ")}.`;
}

/** A name of something in code, with what it belongs to, and the brackets of a call. */
const SYMBOL = /^[\p{L}_$][\p{L}\p{N}_$]*(?:(?:\.|::|#|->)[\p{L}_$][\p{L}\p{N}_$]*)*(?:\(\))?$/u;
const SEAM = /\.|::|#|->/;

async function definitions(
  { useCases, signal }: CallContext,
  { wanted, collection }: MissingSource,
): Promise<string | null> {
  if (!SYMBOL.test(wanted)) return null;
  const name = wanted.replace("()", "").split(SEAM).at(-1);
  const { symbols } = await useCases.findCode({ task: wanted, collection, limit: MOST_NAMED, signal });
  const defining = symbols.filter(({ symbol }) => symbol.split(SEAM).at(-1) === name);
  if (defining.length === 0) return null;
  const places = defining.slice(0, MOST_NAMED).map(({ source, lines }) => `${source}:${lines.start}-${lines.end}`);
  return `It is not a path but a name; what it names is in ${places.join(", ")}.`;
}

/** For clients on this machine, which read files themselves: whether the file is there though it is not indexed. */
function unindexedFile(context: CallContext, { wanted, documents, collection }: MissingSource): string | null {
  const { cwd, project } = context;
  if (cwd === null) return null;
  const roots = new Set([...documents.map(({ root }) => root), ...(project === null ? [] : [project])]);
  const isThere = Array.from(roots)
    .filter((root) => path.isAbsolute(root))
    .some((root) => {
      const file = path.resolve(root, wanted);
      const isInside = file.startsWith(root.endsWith(path.sep) ? root : `${root}${path.sep}`);
      return isInside && existsSync(file) && path.extname(file) !== "";
    });
  if (!isThere) return null;
  return describeWork(context, collection) === null
    ? "The file is there, but not indexed (ignored, generated, binary, or too large); read it without citewell."
    : "The file is there: it is not indexed yet, or left out; read it without citewell.";
}
