import { z } from "zod";

/** What a setting is, and how it is given. */
export interface SettingDefinition<Schema extends z.ZodType = z.ZodType> {
  /** Checks the value and has its default; the description is for the configuration file. */
  readonly schema: Schema;
  /** Environment variables, the first one set wins. */
  readonly variables: readonly string[];
  /** The command-line flag. */
  readonly flag?: string;
  /**
   * How the text of a flag or variable becomes a value.
   * @default "text"
   */
  readonly kind?: "text" | "lower-case" | "number" | "boolean" | "list";
  /** Completes "… is not". */
  readonly expects: string;
  /** Whether the value must not be shown. */
  readonly secret?: boolean;
}

/** The names by which a setting is given beside the configuration file. */
type Names = Pick<SettingDefinition, "variables" | "flag">;

/** A whole number with a default. */
export function wholeNumber(
  description: string,
  { from = 1, to, default: usual, ...names }: Names & { from?: number; to: number; default: number },
): SettingDefinition<z.ZodDefault<z.ZodInt>> {
  const schema = z.int().min(from).max(to).describe(description).default(usual);
  return { schema, ...names, kind: "number", expects: `a whole number from ${from} to ${to}` };
}

/** One of a few words, which may be in capital letters in a flag or variable. */
export function oneOf<const Word extends string>(
  words: readonly Word[],
  { description, default: usual, ...names }: Names & { description: string; default: NoInfer<Word> },
): SettingDefinition<z.ZodType<Word>> {
  const schema = z.enum(words).describe(description).default(usual);
  return { schema, ...names, kind: "lower-case", expects: `one of ${words.join(", ")}` };
}

/** What is off unless it is switched on. */
export function onOrOff(description: string, names: Names): SettingDefinition<z.ZodDefault<z.ZodBoolean>> {
  const schema = z.boolean().describe(description).default(false);
  return { schema, ...names, kind: "boolean", expects: "true or false" };
}

/** An http(s) address without a default. */
export function httpUrl(description: string, names: Names): SettingDefinition<z.ZodOptional<z.ZodURL>> {
  const schema = z
    .url({ protocol: /^https?$/ })
    .describe(description)
    .optional();
  return { schema, ...names, expects: "a URL that starts with http:// or https://" };
}

/** A secret key without a default. */
export function secretKey(description: string, names: Names): SettingDefinition<z.ZodOptional<z.ZodString>> {
  const better = "Better kept in an environment variable than in a file.";
  const schema = z.string().regex(/^\S+$/).describe(`${description} ${better}`).optional();
  return { schema, ...names, expects: "a key without white space", secret: true };
}
