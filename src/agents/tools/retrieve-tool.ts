import { z } from "zod";
import { checkOptions } from "../../domain/check-options.ts";
import type { OptionKind } from "../../domain/check-options.ts";
import type { Hit, SearchFilter } from "../../domain/hit.ts";
import type { Retrieve } from "../../retrieval/retrieve.ts";
import { defineTool } from "./tool.ts";
import type { Tool } from "./tool.ts";

/** Options of {@link createRetrieveTool}. */
export interface RetrieveToolOptions {
  /** The search, such as `retrieve` of `await openRetrieval({ docsPath })`. */
  readonly retrieve: Retrieve;
  /** What the model calls it. @default "retrieve_content" */
  readonly name?: string | undefined;
  /** What it does, for the model. Default: a description of our own. */
  readonly description?: string | undefined;
  /** Passages a call gives when the model names no number. @default 5 */
  readonly limit?: number | undefined;
  /** Narrows every search. Default: the whole collection. */
  readonly filter?: SearchFilter | undefined;
}

const DESCRIPTION =
  "Searches the documents and returns the passages that fit best, each with its source and lines. Use it whenever an answer must rest on the documents, and search again with other words when the passages are not enough.";

const KNOWN: Readonly<Record<keyof RetrieveToolOptions, OptionKind>> = {
  retrieve: "function",
  name: "name",
  description: "name",
  limit: "count",
  filter: "object",
};

/** Retrieval as a tool: any member of a chat can search, so a group needs no special agent for it. */
export function createRetrieveTool(options: RetrieveToolOptions): Tool {
  const instead = { nResults: "write limit", retrieveCode: "pass it as retrieve", close: "pass retrieve alone" };
  checkOptions(options, { owner: "createRetrieveTool", known: KNOWN, instead });
  const { retrieve, name = "retrieve_content", description = DESCRIPTION, limit = 5, filter } = options;
  if (retrieve === undefined) {
    throw new TypeError(
      "createRetrieveTool needs a search: { retrieve: (await openRetrieval({ docsPath })).retrieve }.",
    );
  }
  return defineTool({
    name,
    description,
    parameters: z.object({
      message: z.string().min(1).describe("What to look for, in the words of a question."),
      n_results: z.number().int().min(1).max(50).default(limit).describe("How many passages to return at most."),
    }),
    execute: async ({ message, n_results }, { signal }) => {
      const { hits } = await retrieve(message, {
        limit: n_results,
        signal,
        filter,
      });
      if (hits.length === 0) return `Nothing in the documents fits "${message}".`;
      return hits.map(describeHit).join("\n\n");
    },
  });
}

function describeHit({ source, lines, text }: Hit, index: number): string {
  return `[${String(index + 1)}] ${source}, lines ${String(lines.start)} to ${String(lines.end)}\n${text}`;
}
