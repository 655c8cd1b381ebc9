import type { z } from "@hono/zod-openapi";
import { CitewellError, type InputProblem } from "../errors.ts";

/** Gives back the input as the schema reads it, or throws `usage_invalid` with every problem. */
export function checkInput<Output>(schema: z.ZodType<Output>, input: unknown): Output {
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  throw invalidInput(result.error);
}

/** Problems that an error names; a request of a megabyte may hold a hundred thousand. */
const MOST_NAMED = 50;

/** The `usage_invalid` error of a failed check. It counts all problems and names the first fifty. */
export function invalidInput(error: z.ZodError): CitewellError {
  const found = error.issues.flatMap(problemsOf);
  const problems = found.slice(0, MOST_NAMED);
  const listed = problems.map(({ path, message }) => (path === "" ? message : `${path}: ${message}`)).join("; ");
  const count = found.length === 1 ? "1 problem" : `${found.length} problems`;
  const more = found.length - problems.length;
  const rest = more === 0 ? "" : `; and ${more} more`;
  return new CitewellError("usage_invalid", `The request has ${count}: ${listed}${rest}.`, { problems });
}

/** The `usage_invalid` error of one field. */
export function invalidField(path: string, message: string, cause?: unknown): CitewellError {
  return new CitewellError("usage_invalid", message, { problems: [{ path, message }], cause });
}

function problemsOf(issue: z.core.$ZodIssue): InputProblem[] {
  const path = issue.path.map(String);
  if (issue.code === "invalid_union") {
    // The form whose kind fits says best what is wrong within.
    const fitting = issue.errors.find((problems) => problems.every((problem) => problem.path.length > 0));
    if (fitting !== undefined && fitting.length > 0) {
      return fitting.flatMap((problem) => problemsOf({ ...problem, path: [...issue.path, ...problem.path] }));
    }
  }
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => ({ path: [...path, key].join("."), message: issue.message }));
  }
  return [{ path: path.join("."), message: messageOf(issue) }];
}

const TYPE_WORDS: Readonly<Record<string, string>> = {
  string: "a text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "an object",
  record: "an object",
};

const SIZE_WORDS: Readonly<Record<string, string>> = { string: " characters", array: " items" };

/** What is wrong in words of JSON; Zod's own where it is something else. */
function messageOf(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case "invalid_type":
      return issue.message.endsWith("received undefined")
        ? `Is missing; give ${wordFor(issue.expected)}`
        : `Must be ${wordFor(issue.expected)}`;
    case "too_small":
      if (issue.origin in SIZE_WORDS && issue.minimum === 1) return "Must not be empty";
      return `Must ${issue.origin in SIZE_WORDS ? "have" : "be"} at least ${issue.minimum}${SIZE_WORDS[issue.origin] ?? ""}`;
    case "too_big":
      return `Must ${issue.origin in SIZE_WORDS ? "have" : "be"} at most ${issue.maximum}${SIZE_WORDS[issue.origin] ?? ""}`;
    case "invalid_value":
      return `Must be one of ${issue.values.map((value) => JSON.stringify(String(value))).join(", ")}`;
    case "invalid_union": {
      const kinds = issue.errors.flatMap(([problem]) => (problem?.code === "invalid_type" ? [problem.expected] : []));
      return kinds.length === 0 ? issue.message : `Must be ${kinds.map(wordFor).join(" or ")}`;
    }
    default:
      return issue.message;
  }
}

function wordFor(kind: string): string {
  return TYPE_WORDS[kind] ?? kind;
}
