import { z } from "zod";
import { MAX_FURTHER_QUERIES } from "../answering/use-cases.ts";
import type { AskCall } from "./ask-tool.ts";
import type { IndexStatusCall, SyncIndexCall } from "./index-tools.ts";
import type { ReadSourceCall } from "./read-source.ts";
import type { SearchCodeCall, SearchDocsCall } from "./search-tools.ts";
import type { AskOutput, ReadOutput, SearchOutput, StatusOutput, SyncOutput } from "./tool-outputs.ts";

/** Tokens of a result that names no limit. */
const DEFAULT_MAX_TOKENS = 4_000;
/** Those of `search_code`: enough to name its eight files, which are read anyway. */
const CODE_MAX_TOKENS = 2_000;

/**
 * Input that models write otherwise than asked: a text in place of a list of one, a number as a text. The schema that they
 * are told stays as it is.
 */
function list<Items extends z.ZodType>(items: Items): z.ZodPreprocess<Items> {
  return z.preprocess((value) => (typeof value === "string" ? [value] : value), items);
}

function number<Value extends z.ZodType>(value: Value): z.ZodPreprocess<Value> {
  return z.preprocess((given) => (typeof given === "string" && /^\d+$/.test(given) ? Number(given) : given), value);
}

/** An input that refuses unknown parameters, and says which there are. */
function parameters<Shape extends z.ZodRawShape>(shape: Shape): z.ZodObject<Shape, z.core.$strict> {
  const known = Object.keys(shape).join(", ");
  return z.strictObject(shape, {
    error: (issue) =>
      issue.code === "unrecognized_keys"
        ? `There is no parameter ${issue.keys.map((key) => `"${key}"`).join(", ")}. There are: ${known}`
        : undefined,
  });
}

/** A text that must be given. */
function required(): z.ZodString {
  return z.string({ error: ({ input }) => (input === undefined ? "It is missing" : undefined) }).min(1);
}

const collection = z
  .string()
  .min(1)
  .optional()
  .describe("Collection to use; index_status lists them. Without it, the server's default.");
const tokens = z
  .int()
  .min(1)
  .max(100_000)
  .describe("Tokens that the whole result may take; what does not fit is left out, and said so.");
const maxTokens = number(tokens.default(DEFAULT_MAX_TOKENS));
const path = list(z.array(z.string().min(1)).max(50).optional()).describe(
  'Folders ("src/server"), files or globs ("**/*.md"); any of them may match.',
);
const language = (searched: string): z.ZodPreprocess<z.ZodOptional<z.ZodArray<z.ZodString>>> =>
  list(z.array(z.string().min(1)).optional()).describe(`Languages as index_status names them. Default: ${searched}.`);
const interpret = z
  .boolean()
  .optional()
  .describe(
    'False searches for the words as they are: no filter is read in them ("in the API docs"), nor parts, nor misspelt words.',
  );
const lines = { start_line: z.int(), end_line: z.int() };
const notes = z
  .array(z.string())
  .describe("What should be known about this result, such as an index that is not in step.");

/**
 * A value or null, in two branches rather than a list of types, which not every model provider takes; branches without a
 * word of their own would be made into such a list.
 */
function nullable<Value extends z.ZodType>(value: Value, meaning: string): z.ZodUnion<[Value, z.ZodNull]> {
  return z.union([value.describe(meaning), z.null()]);
}

const page = nullable(z.int(), "That of the first line, in a paged document.");

const hit = z.object({
  path: z.string().describe("Source, relative to its root. read_source takes it."),
  root: z.string(),
  ...lines,
  score: z.number(),
  title: nullable(z.string(), "Title of the document."),
  heading: nullable(z.string(), "Headings that the snippet stands under."),
  symbol: nullable(z.string(), "What is defined there."),
  language: z.string(),
  page,
  snippet: z.string().describe("Text of exactly these lines; the first and the last one may be cut."),
  shortened: z.boolean().describe("Whether the passage goes on before start_line or behind end_line."),
});

const searchOutput = z.object({
  query: z.string(),
  collection: z.string(),
  evidence: z.enum(["good", "weak", "none"]).describe("How well the best hit fits; none: nothing fitting was found."),
  hits: z.array(hit),
  left_out: z.int().describe("Hits that did not fit max_tokens."),
  also: z.array(z.string()).describe("The best of those left out: path:start-end, and what is there."),
  notes,
});

const readOutput = z.object({
  path: z.string(),
  root: z.string(),
  collection: z.string(),
  ...lines,
  total_lines: z.int(),
  page,
  text: z.string(),
  shortened: z.boolean().describe("Whether lines that were asked for did not fit max_tokens."),
  notes,
});

const askOutput = z.object({
  question: z.string(),
  answer: z.string(),
  status: z.enum(["answered", "partial", "insufficient"]),
  citations: z.array(
    z.object({
      marker: z.int(),
      path: z.string(),
      root: z.string(),
      ...lines,
      page,
      quote: z.string(),
      verified: z.boolean(),
    }),
  ),
  model: z.string(),
  conversation_id: z.string().describe("Give it back to ask on."),
  notes,
});

const statusOutput = z.object({
  default_collection: z.string(),
  refresh_on_query: z.boolean(),
  collections: z.array(
    z.object({
      name: z.string(),
      documents: z.int(),
      chunks: z.int(),
      embedding_model: z.string(),
      languages: z.record(z.string(), z.int()).describe("Documents of each language."),
      roots: z.array(
        z.object({
          root: z.string(),
          documents: z.int(),
          newest: z.string().describe("ISO 8601 time at which its newest document was indexed."),
          present: nullable(z.boolean(), "Whether the folder or file is still there; null for uploads and URLs."),
        }),
      ),
    }),
  ),
  notes,
});

const syncOutput = z.object({
  state: z
    .enum(["done", "running"])
    .describe("running: it goes on in the background; index_status says how far it is."),
  collection: z.string(),
  roots: z.array(z.string()),
  documents: z.record(z.string(), z.int()).describe("Documents added, changed, unchanged, removed, skipped, failed."),
  chunks: z.int().describe("Chunks in the collection now."),
  seconds: z.number(),
  problems: z.array(z.object({ path: z.string(), status: z.string(), reason: z.string() })),
  notes,
});

const searchDocsInput = parameters({
  query: required().describe("What to look for: a question or words."),
  queries: list(z.array(z.string().min(1)).max(MAX_FURTHER_QUERIES).optional()).describe(
    "Other wordings or parts of it, searched for together; the best hit of each counts alike.",
  ),
  interpret,
  collection,
  path,
  language: language("all but code"),
  metadata: z
    .record(z.string(), z.array(z.string()).min(1))
    .optional()
    .describe('Only documents whose metadata has one of the values of each key ({"team": ["docs"]}).'),
  limit: number(z.int().min(1).max(50).default(5)).describe("Passages at most."),
  max_tokens: maxTokens,
});
const searchCodeInput = parameters({
  task: required().describe(
    "What is to be done or found, in words or with names, like a commit message, an error message, or a pasted issue or trace: the first line counts most.",
  ),
  collection,
  path,
  language: language("all of code"),
  include_tests: z
    .boolean()
    .optional()
    .describe(
      "Rank tests with the code they test. Default: if the task speaks of tests. They come first if it asks for them.",
    ),
  limit: number(z.int().min(1).max(50).default(8)).describe("Files at most."),
  max_tokens: number(tokens.default(CODE_MAX_TOKENS)),
});
const readSourceInput = parameters({
  path: required().describe(
    'Source as searches give it, also with its lines ("src/app.ts:12-40"); its end is enough where it is unambiguous.',
  ),
  root: z.string().optional().describe("Needed where several roots have this path."),
  collection,
  start_line: number(z.int().min(1).default(1)),
  end_line: number(z.int().min(1).optional()).describe("Inclusive. Default: the last line."),
  max_tokens: maxTokens,
});
const askInput = parameters({
  question: required(),
  collection,
  task: z.enum(["qa", "code", "default"]).optional(),
  model: z.string().optional().describe("A configured model; `extractive` quotes without a language model."),
  conversation_id: z.string().optional(),
  interpret,
  max_tokens: maxTokens,
});
const indexStatusInput = parameters({ collection });

const force = z.boolean().default(false).describe("Go through with a removal of more than half of the documents.");
const syncKnownInput = parameters({ collection, force });
const syncPathsInput = parameters({
  collection,
  force,
  paths: list(z.array(z.string().min(1)).min(1).optional()).describe(
    "Folders, files or globs to index. Default: the roots that the collection has.",
  ),
});

/** The input of a tool, which refuses what it does not know, and its output. */
export interface ToolSchemas<Call, Output> {
  readonly input: z.ZodType<Call>;
  readonly output: z.ZodType<Output>;
}

/** The schemas of all tools. */
export const toolSchemas: {
  readonly searchDocs: ToolSchemas<SearchDocsCall, SearchOutput>;
  readonly searchCode: ToolSchemas<SearchCodeCall, SearchOutput>;
  readonly readSource: ToolSchemas<ReadSourceCall, ReadOutput>;
  readonly ask: ToolSchemas<AskCall, AskOutput>;
  readonly indexStatus: ToolSchemas<IndexStatusCall, StatusOutput>;
  readonly syncIndex: ToolSchemas<SyncIndexCall, SyncOutput>;
  readonly syncIndexWithPaths: ToolSchemas<SyncIndexCall, SyncOutput>;
} = {
  searchDocs: { input: searchDocsInput, output: searchOutput },
  searchCode: { input: searchCodeInput, output: searchOutput },
  readSource: { input: readSourceInput, output: readOutput },
  ask: { input: askInput, output: askOutput },
  indexStatus: { input: indexStatusInput, output: statusOutput },
  syncIndex: { input: syncKnownInput, output: syncOutput },
  syncIndexWithPaths: { input: syncPathsInput, output: syncOutput },
};
