import { queryTerms } from "../../src/retrieval/query-terms.ts";
import type { EvalWorkspace } from "./eval-workspace.ts";
import { metNeeds, type LoopQuestion, type LoopTrace, type ShownText } from "./loop-question.ts";

/** Tokens of AutoGen's prompt around question and context, roughly. */
const TEMPLATE_TOKENS = 150;

/** Options of {@link runAutogenLoop}. */
export interface AutogenLoopOptions {
  /** A collection that was cut by AutoGen's rules, in chunks of 2,000 tokens at most. */
  readonly collection: string;
  /** Documents of a page; AutoGen's default is 20. */
  readonly pageSize: number;
  /** Tokens of a context; AutoGen takes four fifths of 8,000 for the models of the gpt-4 family. */
  readonly contextTokens: number;
  readonly maxRounds: number;
  readonly count: (text: string) => number;
}

/**
 * AutoGen 0.2's interactive retrieval as its code has it. The ranking is by cosine alone. A context takes documents in
 * order that were not shown, passes over one that is larger than the budget, and ends before the first that does not fit
 * any more, or with a full page. The next context goes on in the same list. When that is used up, three pages are asked
 * for, once: the loop that should ask for five, seven and nine stops after its first pass. The partners' histories are
 * cleared at each update, so a request holds one context only. The reader here remembers what it read, which is kinder
 * than that.
 */
export async function runAutogenLoop(
  { store, embedder }: EvalWorkspace,
  { question, options }: { readonly question: LoopQuestion; readonly options: AutogenLoopOptions },
): Promise<LoopTrace> {
  const { collection, pageSize, maxRounds, count } = options;
  const [vector] = await embedder.embed([question.question], { purpose: "query" });
  const retrieve = async (limit: number): Promise<readonly ShownText[]> => {
    const query = { vector: vector ?? null, terms: queryTerms("").indices, denseLimit: limit, lexicalLimit: 0 };
    const { candidates } = await store.search(collection, query);
    return candidates
      .toSorted((left, right) => (right.dense ?? 0) - (left.dense ?? 0))
      .slice(0, limit)
      .map(({ chunk }) => ({ source: chunk.source, text: chunk.text, span: chunk.span, tokens: count(chunk.text) }));
  };
  const used = new Set<string>();
  let results = await retrieve(pageSize);
  let next = 0;
  const nextContext = (): readonly ShownText[] => {
    const context: ShownText[] = [];
    let tokens = 0;
    while (next < results.length && context.length < pageSize) {
      const document = results[next];
      if (document === undefined) break;
      if (used.has(keyOf(document)) || document.tokens > options.contextTokens) {
        next += 1;
        continue;
      }
      if (tokens + document.tokens > options.contextTokens) break;
      used.add(keyOf(document));
      context.push(document);
      tokens += document.tokens;
      next += 1;
    }
    return context;
  };
  const rounds: (readonly ShownText[])[] = [];
  const sent: number[] = [];
  const own = TEMPLATE_TOKENS + count(question.question);
  for (let round = 1; round <= maxRounds; round += 1) {
    let context = nextContext();
    if (context.length === 0 && round > 1) {
      // The search is made anew, and the place in the list forgotten; what was shown is not.
      results = await retrieve(pageSize * 3);
      next = 0;
      context = nextContext();
    }
    if (context.length === 0) break;
    rounds.push(context);
    sent.push(own + context.reduce((sum, { tokens }) => sum + tokens, 0));
    if (metNeeds(question.needs, rounds.flat()).length === question.needs.length) break;
  }
  return { ...question, rounds, sent };
}

function keyOf({ source, text }: ShownText): string {
  return `${source}\0${text}`;
}
