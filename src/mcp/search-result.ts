import type { CallToolResult } from "@modelcontextprotocol/server";
import { hitLabel, type SearchResult } from "../domain/hit.ts";
import { weighWords } from "../answering/best-lines.ts";
import { cutLine, halveHit, shareRoom } from "./fit-hits.ts";
import type { CallContext } from "./mcp-context.ts";
import type { SearchOutput, ToolHit } from "./tool-outputs.ts";
import { echoOf, fitList, roomForNames, SMALL, toolResult, withNotes } from "./tool-result.ts";

/** What a {@link searchResult} is made of, beside its hits. */
export interface SearchResultOptions {
  readonly context: Pick<CallContext, "useCases">;
  readonly maxTokens: number;
  /** How many hits share the room. */
  readonly limit: number;
  /** The page on which a line of a hit stands; without it there are no pages. */
  readonly pageOf?: (found: ToolHit, line: number) => number | null;
  readonly result: Pick<SearchOutput, "query" | "collection"> & {
    readonly evidence: SearchResult["evidence"];
    readonly notes: readonly string[];
  };
}

/** The result of a search: as many hits as fit, shortened so that all get their share, and names of the others. */
export function searchResult(hits: readonly ToolHit[], options: SearchResultOptions): CallToolResult {
  const { context, maxTokens, pageOf = () => null } = options;
  const countTokens = (text: string): number => context.useCases.countTokens(text);
  const result = { ...options.result, query: echoOf(options.result.query, { maxTokens, countTokens }) };
  const words = weighWords(
    options.result.query,
    hits.map(({ snippet }) => snippet),
  );
  const shared = maxTokens - roomForNames(maxTokens);
  return fitList(shareRoom(hits, { limit: options.limit, maxTokens: shared, countTokens, words }), {
    maxTokens,
    countTokens,
    build: (items, leftOut, names) => {
      const output = {
        ...result,
        notes: [...result.notes],
        hits: items.map(({ shown, found }) => ({ ...shown, page: pageOf(found, shown.start_line) })),
        also: [...names],
        left_out: leftOut,
      } satisfies SearchOutput;
      return toolResult(withNotes(toText(output, maxTokens), result.notes), output);
    },
    // Half a line says little, but more than no hit at all.
    shorten: ({ shown: hit, found }, before) => {
      const shown = halveHit(hit, words) ?? (before === 0 ? cutLine(hit, words) : null);
      return shown === null ? null : { shown, found };
    },
    nameOf: ({ found }) => placeOf(found),
  });
}

/** A hit without its text. */
function placeOf({ path, start_line: start, end_line: end, ...hit }: ToolHit): string {
  const about = hitLabel(hit);
  return `${path}:${start}-${end}${about === null ? "" : `  ${about}`}`;
}

function toText(
  { query, collection, evidence, hits, also, left_out: leftOut }: SearchOutput,
  maxTokens: number,
): string {
  const blocks = hits.map(({ path, start_line: start, end_line: end, page, score, ...hit }) => {
    const { snippet, shortened } = hit;
    const about = hitLabel(hit);
    const head = `${path}:${start}-${end}${page === null ? "" : ` p. ${page}`}  ${score.toFixed(2)}${about === null ? "" : `  ${about}`}`;
    return `${head}\n${snippet}${shortened ? "\n…" : ""}`;
  });
  if (hits.length === 0 && leftOut === 0) {
    blocks.push(`Nothing in the collection "${collection}" fits "${query}".`);
  } else if (evidence !== "good") {
    blocks.push(evidence === "weak" ? "The evidence is weak." : "Nothing fits well; these are the nearest.");
  }
  if (leftOut > 0) {
    const advice = maxTokens < SMALL ? "" : ` max_tokens ${maxTokens}; raise it, or narrow the search`;
    const best = also.length === 0 ? "" : " The best of them:";
    blocks.push([`${leftOut} more did not fit${advice}.${best}`, ...also].join("\n"));
  }
  return blocks.join("\n\n");
}
