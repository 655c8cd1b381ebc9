import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { buffer } from "node:stream/consumers";
import { MAX_QUESTION_LENGTH } from "../../answering/use-cases.ts";
import { markedText } from "../../domain/marked-text.ts";
import { CitewellError, errorMessage, systemErrorCode } from "../../errors.ts";
import type { CommandIo } from "../command-context.ts";

/** One line of a file of queries. */
export interface QueryLine {
  /** The line's own id; it goes into the result unchanged. */
  readonly id?: string | number;
  readonly query: string;
}

/**
 * Reads one query a line, or JSONL with `query` and optional `id`; `-` is standard input. Empty lines do not count.
 * @throws CitewellError `path_not_found`, `file_unreadable`, or `usage_invalid` naming the lines that are wrong.
 */
export async function readQueries(path: string, io: Pick<CommandIo, "stdin" | "cwd">): Promise<readonly QueryLine[]> {
  if (path.trim() === "") throw new CitewellError("usage_invalid", "--queries names no file; give its path, or `-`.");
  const content = markedText(path === "-" ? await buffer(io.stdin) : await readQueryFile(resolve(io.cwd, path)));
  const queries: QueryLine[] = [];
  const problems: { path: string; message: string }[] = [];
  for (const [index, line] of content.split(/\r\n|\n|\r/).entries()) {
    if (line.trim() === "") continue;
    const parsed = checkLine(parseLine(line.trim()));
    if (typeof parsed === "string") problems.push({ path: `line ${index + 1}`, message: parsed });
    else queries.push(parsed);
  }
  if (problems.length > 0) {
    const list = problems.map((problem) => `${problem.path}: ${problem.message}`).join("; ");
    throw new CitewellError("usage_invalid", `The queries in ${path} cannot be used: ${list}.`, { problems });
  }
  if (queries.length === 0) {
    throw new CitewellError("usage_invalid", `There is no query in ${path}: write one on each line.`);
  }
  return queries;
}

async function readQueryFile(path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (error) {
    if (systemErrorCode(error) === "ENOENT") {
      throw new CitewellError("path_not_found", `There is no file ${path} to read queries from.`, { cause: error });
    }
    if (systemErrorCode(error) === "EISDIR") {
      throw new CitewellError("usage_invalid", `${path} is a folder; name a file of queries.`, { cause: error });
    }
    throw new CitewellError("file_unreadable", `The queries in ${path} cannot be read: ${errorMessage(error)}`, {
      cause: error,
    });
  }
}

/** A query that would be refused is refused before the first one is searched for. */
function checkLine(parsed: QueryLine | string): QueryLine | string {
  if (typeof parsed === "string") return parsed;
  if (parsed.query.includes("\uFFFD")) return "not UTF-8: save the file in that encoding";
  const { length } = parsed.query;
  return length > MAX_QUESTION_LENGTH ? `has ${length} characters, and ${MAX_QUESTION_LENGTH} are allowed` : parsed;
}

/** The query, or what is wrong with the line. */
function parseLine(line: string): QueryLine | string {
  // A query of plain words never starts with a brace.
  if (!line.startsWith("{")) return { query: line };
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (error) {
    return `not valid JSON (${errorMessage(error)})`;
  }
  if (typeof value !== "object" || value === null || !("query" in value)) return 'the key "query" is missing';
  if (typeof value.query !== "string" || value.query.trim() === "") return '"query" must be a text that is not empty';
  if (!("id" in value) || value.id === undefined || value.id === null) return { query: value.query };
  if (typeof value.id !== "string" && typeof value.id !== "number") return '"id" must be a text or a number';
  return { id: value.id, query: value.query };
}
