import type { SearchRequest } from "../answering/use-cases.ts";
import type { SearchFilter, SearchMode } from "../domain/hit.ts";
import { CitewellError } from "../errors.ts";
import type { CommandContext } from "./command-context.ts";
import { EXIT_DONE } from "./exit-codes.ts";
import { noteFilter } from "./format-interpretation.ts";
import { formatExplanation, formatSearch } from "./format-search.ts";
import { readQueries } from "./read-queries.ts";

/** Flags of `search`. */
export interface SearchFlags {
  readonly limit?: number;
  /** False with `--no-stop`. */
  readonly stop: boolean;
  readonly source?: readonly string[];
  readonly language?: readonly string[];
  readonly mode?: SearchMode;
  readonly explain?: boolean;
  /** Further queries for the same search. */
  readonly also?: readonly string[];
  /** Whether the words are searched for as they are, with nothing read in them. */
  readonly asIs?: boolean;
  readonly queries?: string;
}

/** Prints ranked hits for one query, or one JSON line for each query of a file. */
export async function runSearch(
  context: CommandContext,
  { query, flags }: { readonly query: string; readonly flags: SearchFlags },
): Promise<number> {
  const isEmpty = query.trim() === "";
  if (flags.queries !== undefined) {
    if (!isEmpty) {
      throw new CitewellError("usage_invalid", "Give either a query or --queries, not both.");
    }
    if (flags.also !== undefined) {
      throw new CitewellError("usage_invalid", "--also belongs to one search; a file of queries makes one a line.");
    }
    return searchFile(context, { path: flags.queries, flags });
  }
  if (isEmpty) {
    throw new CitewellError("usage_invalid", 'What to search for is missing: citewell search "<query>".');
  }
  const { searchCorpus } = await context.useCases();
  const result = await searchCorpus(createRequest(context, { query, flags }));
  if (context.flags.json) {
    context.printJson(result);
    return EXIT_DONE;
  }
  if (result.hits.length > 0) context.print(formatSearch(result, context));
  if (result.explain !== undefined) context.print(`\n${formatExplanation(result.explain, context)}`);
  const read = result.interpretation === undefined ? "" : noteFilter(result.interpretation);
  if (read !== "") context.note(`\n${read}`);
  if (result.hits.length === 0) {
    context.note(`Nothing in the collection "${result.collection}" fits "${query}". Try other words, or --no-stop.`);
  } else if (result.evidence !== "good") {
    context.note(`\nThe evidence is ${result.evidence === "none" ? "very weak" : "weak"}: read with care.`);
  }
  return EXIT_DONE;
}

async function searchFile(
  context: CommandContext,
  { path, flags }: { readonly path: string; readonly flags: SearchFlags },
): Promise<number> {
  const queries = await readQueries(path, context.io);
  const { searchCorpus } = await context.useCases();
  for (const { id, query } of queries) {
    context.signal.throwIfAborted();
    // One after the other, so that the times in each result are those of that query alone.
    const result = await searchCorpus(createRequest(context, { query, flags }));
    context.printJson(id === undefined ? result : { id, ...result });
  }
  return EXIT_DONE;
}

function createRequest(
  { config, signal }: CommandContext,
  { query, flags }: { readonly query: string; readonly flags: SearchFlags },
): SearchRequest {
  const { limit, stop, mode, explain, source, language, also, asIs } = flags;
  const filter: SearchFilter = {
    ...(source === undefined ? {} : { source }),
    ...(language === undefined ? {} : { language }),
  };
  return {
    query,
    collection: config.collection,
    stop,
    signal,
    ...(limit === undefined ? {} : { limit }),
    ...(mode === undefined ? {} : { mode }),
    ...(explain === undefined ? {} : { explain }),
    ...(also === undefined ? {} : { queries: also }),
    ...(asIs === true ? { interpret: false } : {}),
    ...(source === undefined && language === undefined ? {} : { filter }),
  };
}
