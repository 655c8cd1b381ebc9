import type { z } from "@hono/zod-openapi";
import { CitewellError, type InputProblem } from "../errors.ts";

/** Gives back the input as the schema reads it, or throws `usage_invalid` with every problem. */
export function checkInput<Output>(schema: z.ZodType<Output>, input: unknown): Output {
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  throw invalidInput(result.error);
}

/** The `usage_invalid` error of a failed check. */
export function invalidInput(error: z.ZodError): CitewellError {
  const problems = error.issues.flatMap(problemsOf);
  const listed = problems.map(({ path, message }) => (path === "" ? message : `${path}: ${message}`)).join("; ");
  const count = problems.length === 1 ? "1 problem" : `${problems.length} problems`;
  return new CitewellError("usage_invalid", `The request has ${count}: ${listed}.`, { problems });
}

function problemsOf(issue: z.core.$ZodIssue): InputProblem[] {
  const path = issue.path.map(String);
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => ({ path: [...path, key].join("."), message: "Unknown key; leave it out" }));
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

/** Zod's word for what is wrong, except where it speaks of JavaScript's types. */
function messageOf(issue: z.core.$ZodIssue): string {
  if (issue.code !== "invalid_type") return issue.message;
  const wanted = TYPE_WORDS[issue.expected] ?? issue.expected;
  return issue.message.endsWith("received undefined") ? `Is missing; give ${wanted}` : `Must be ${wanted}`;
}
