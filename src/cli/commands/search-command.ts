import { describeReading, describeTaskReading } from "../../answering/describe-reading.ts";
import type { SearchMode, SearchResult } from "../../domain/hit.ts";
import { CitewellError } from "../../errors.ts";
import type { CommandContext } from "../command-context.ts";
import { EXIT_DONE } from "../exit-codes.ts";
import { formatCode } from "../output/format-code.ts";
import { formatExplanation, formatSearch } from "../output/format-search.ts";
import { filterOf, type FilterFlags } from "./filter-flags.ts";
import { filesOfCode, filesOfHits, formatFiles } from "./ranked-files.ts";
import { readQueries } from "./read-queries.ts";
import { wordsOrInput } from "./words-or-input.ts";

/** Flags of `search`. */
export interface SearchFlags extends FilterFlags {
  readonly limit?: number;
  /** False with `--no-stop`. */
  readonly stop: boolean;
  readonly mode?: SearchMode;
  readonly explain?: boolean;
  /** Further queries for the same search. */
  readonly also?: readonly string[];
  /** Whether the words are searched for as they are, without reading anything from them. */
  readonly asIs?: boolean;
  readonly queries?: string;
  /** Whether the query is a task, and files and symbols are looked for. */
  readonly code?: boolean;
  /** Whether tests rank with the code that they test; with `code`. */
  readonly tests?: boolean;
  /** Whether only files are printed. */
  readonly files?: boolean;
}

/** A search's result, as data for a program and as text for a person. */
interface Found {
  readonly json: object;
  readonly text: string;
  /** Sentences for a person, beside the data. */
  readonly notes: readonly string[];
}

/** Prints ranked hits, or files for a task, for one query; or one JSON line for each query of a file. */
export async function runSearch(
  context: CommandContext,
  { query, flags }: { readonly query: string; readonly flags: SearchFlags },
): Promise<number> {
  checkFlags(flags);
  if (flags.queries !== undefined) {
    if (query.trim() !== "") {
      throw new CitewellError("usage_invalid", "Give either a query or --queries, not both.");
    }
    if (flags.also !== undefined) {
      throw new CitewellError("usage_invalid", "--also belongs to one search; a file of queries makes one a line.");
    }
    return searchFile(context, { path: flags.queries, flags });
  }
  const missing = 'What to search for is missing: citewell search "<query>", or write it to standard input.';
  const wanted = await wordsOrInput(query, { io: context.io, missing });
  const { json, text, notes } = await search(context, { query: wanted, flags });
  if (context.flags.json) {
    context.printJson(json);
    return EXIT_DONE;
  }
  if (text !== "") context.print(text);
  for (const note of notes) context.note(note);
  return EXIT_DONE;
}

function checkFlags({ code = false, tests = false, files = false, ...flags }: SearchFlags): void {
  const refuse = (flag: string, other: string): never => {
    throw new CitewellError("usage_invalid", `${flag} does not go with ${other}; give one of them.`);
  };
  if (tests && !code) throw new CitewellError("usage_invalid", "--tests belongs to --code; give both.");
  if (files && flags.explain === true) refuse("--explain", "--files");
  if (!code) return;
  if (flags.mode !== undefined) refuse("--mode", "--code");
  if (flags.also !== undefined) refuse("--also", "--code");
}

async function searchFile(
  context: CommandContext,
  { path, flags }: { readonly path: string; readonly flags: SearchFlags },
): Promise<number> {
  const queries = await readQueries(path, context.io);
  for (const { id, query } of queries) {
    context.signal.throwIfAborted();
    // One after the other, so that the times in each result are those of that query alone.
    const { json } = await search(context, { query, flags });
    const result = Array.isArray(json) ? { query, files: json } : json;
    context.printJson(id === undefined ? result : { id, ...result });
  }
  return EXIT_DONE;
}

interface QueryWithFlags {
  readonly query: string;
  readonly flags: SearchFlags;
}

async function search(context: CommandContext, options: QueryWithFlags): Promise<Found> {
  return await (options.flags.code === true ? searchCode(context, options) : searchPassages(context, options));
}

async function searchCode(context: CommandContext, { query, flags }: QueryWithFlags): Promise<Found> {
  const { findCode } = await context.useCases();
  const { config, signal } = context;
  const { limit, tests, explain } = flags;
  const filter = filterOf(flags);
  const result = await findCode({
    task: query,
    collection: config.collection,
    signal,
    limit,
    filter,
    tests,
    explain,
  });
  const isEmpty = result.files.length === 0;
  const evidence = evidenceNotes(result, { isEmpty, query, advice: adviceFor(flags, []) });
  const notes = [...describeTaskReading(result), ...evidence];
  if (flags.files !== true) return { json: result, text: formatCode(result, context), notes };
  const files = filesOfCode(result, context);
  return { json: files, text: formatFiles(files, context), notes };
}

/** Advice for a search without hits; a filter of the request may be the only cause. */
function adviceFor({ source, language, meta }: SearchFlags, others: readonly string[]): string {
  const filters = [
    ...(source === undefined ? [] : ["another --source"]),
    ...(language === undefined ? [] : ["another --language"]),
    ...(meta === undefined ? [] : ["another --meta"]),
  ];
  const more = [...filters, ...others];
  return more.length === 0 ? "Try other words." : `Try other words, or ${more.join(", or ")}.`;
}

/** For `--files`, how many hits are asked for each wanted file, since several may be of one file. */
const HITS_A_FILE = 4;
const FILES = 10;
const MOST_HITS = 100;

async function searchPassages(context: CommandContext, { query, flags }: QueryWithFlags): Promise<Found> {
  const { searchCorpus } = await context.useCases();
  const { stop, mode, explain, also: queries, asIs = false } = flags;
  const wanted = flags.limit ?? FILES;
  const result = await searchCorpus({
    query,
    queries,
    collection: context.config.collection,
    stop,
    signal: context.signal,
    limit: flags.files === true ? Math.min(MOST_HITS, wanted * HITS_A_FILE) : flags.limit,
    mode,
    explain,
    interpret: asIs ? false : undefined,
    filter: filterOf(flags),
  });
  const read = describeReading(result.interpretation, "--as-is");
  const isEmpty = result.hits.length === 0;
  const notes = [
    ...(read.length === 0 ? [] : [`\n${read.join("\n")}`]),
    ...evidenceNotes(result, { isEmpty, query, advice: adviceFor(flags, ["--no-stop"]) }),
  ];
  if (flags.files === true) {
    const files = filesOfHits(result, context).slice(0, wanted);
    return { json: files, text: formatFiles(files, context), notes };
  }
  const blocks = [
    ...(isEmpty ? [] : [formatSearch(result, context)]),
    ...(result.explain === undefined ? [] : [`\n${formatExplanation(result.explain, context)}`]),
  ];
  return { json: result, text: blocks.join("\n"), notes };
}

function evidenceNotes(
  { collection, evidence }: Pick<SearchResult, "collection" | "evidence">,
  { isEmpty, query, advice }: { readonly isEmpty: boolean; readonly query: string; readonly advice: string },
): readonly string[] {
  if (isEmpty) return [`Nothing in the collection "${collection}" fits "${query}". ${advice}`];
  if (evidence === "good") return [];
  return [`\nThe evidence is ${evidence === "none" ? "very weak" : "weak"}: read with care.`];
}
