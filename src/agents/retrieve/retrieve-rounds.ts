import type { Passage } from "../../domain/answer.ts";
import type { Hit, Interpretation } from "../../domain/hit.ts";
import type { ChatMessage, RetrievalContext } from "../../domain/message.ts";
import { CitewellError } from "../../errors.ts";
import { bestEvidence } from "../../retrieval/evidence.ts";
import { correctText } from "../../retrieval/question/misspelt-words.ts";
import type { Retrieve } from "../../retrieval/retrieve.ts";
import type { ReplyEvent } from "../agent.ts";
import { foldedText, tokensOf } from "./fold-contexts.ts";
import { packPassages } from "./pack-passages.ts";
import { drawMarker, fencePassage } from "./passage-fence.ts";
import type { CreateMarker } from "./passage-fence.ts";
import { renderPrompt } from "./prompts.ts";
import type { RequestRule } from "./prompts.ts";
import type { RetrieveState } from "./retrieve-state.ts";

/** What the rounds need beside their state. */
export interface RoundTools {
  readonly retrieve: Retrieve;
  /** Tokens of a text for the assistant's model. */
  readonly count: (text: string) => number;
  /** Tokens of question, prompt, history and passages together. */
  readonly tokenBudget: number;
  /** Largest cosine distance; null for no limit. */
  readonly distanceThreshold: number | null;
  readonly customizedPrompt: string | undefined;
  /** Whether the assistant may ask for other passages. */
  readonly invitesRequests: boolean;
  readonly createMarker: CreateMarker | undefined;
  readonly signal: AbortSignal | undefined;
}

/**
 * The next context-augmented prompt: new passages under further numbers, by another query where one is given. When the
 * ranking has nothing more, the prompt says so once; after that, and when no passage fits the budget, there is none.
 */
export async function* nextPrompt(
  state: RetrieveState,
  { tools, earlier, query }: { tools: RoundTools; earlier: readonly ChatMessage[]; query?: string | undefined },
): AsyncGenerator<ReplyEvent, ChatMessage | null> {
  if (state.exhausted && query === undefined) return null;
  const used = query ?? state.question;
  const room = roomFor(state, { tools, earlier });
  for (;;) {
    const hits = yield* find(state, { tools, query: used });
    if (hits.length === 0) {
      if (query !== undefined) return yield* nextPrompt(state, { tools, earlier });
      state.exhausted = true;
      return state.passages.length === 0 ? null : toMessage(state, { tools, query: used, passages: [] });
    }
    const marker = drawMarker([state.question, ...hits.flatMap(textsOf)], tools.createMarker);
    const packed = packPassages(hits, {
      budget: room,
      firstMarker: state.passages.length + 1,
      count: (passage) => tools.count(`${fencePassage(passage, marker)}\n\n`),
    });
    state.skipped.push(...packed.skipped);
    state.seen.push(...packed.hopeless, ...packed.passages.flatMap(({ hit }) => hit.chunkIds));
    if (packed.passages.length === 0) continue;
    state.passages.push(...packed.passages);
    return toMessage(state, { tools, query: used, passages: packed.passages, marker });
  }
}

interface Finding {
  readonly tools: RoundTools;
  readonly query: string;
}

/** How much larger the next page is after one without a hit that passes. */
const PAGE_GROWTH = 4;
const LARGEST_PAGE = 320;

/** Searches on behind what was seen, until hits pass the proxy's own filters or nothing is left. */
async function* find(state: RetrieveState, { tools, query }: Finding): AsyncGenerator<ReplyEvent, readonly Hit[]> {
  // What is filtered here may stand far down: each page without it is followed by a larger one.
  for (let limit = state.limit; ; limit = Math.min(limit * PAGE_GROWTH, Math.max(state.limit, LARGEST_PAGE))) {
    tools.signal?.throwIfAborted();
    const start = performance.now();
    const result = await tools.retrieve(query, {
      limit,
      // Whoever asks for more wants more than what hardly differs from the best.
      stop: state.rounds === 0 && limit === state.limit,
      ...(query === state.question ? state.reading : { interpret: false }),
      ...(state.filter === null ? {} : { filter: state.filter }),
      ...(state.mode === null ? {} : { mode: state.mode }),
      ...(state.seen.length === 0 ? {} : { exclude: new Set(state.seen) }),
      signal: tools.signal,
    });
    state.retrieveMs += performance.now() - start;
    const seen = new Set(state.seen);
    // A search of somebody's own need not leave out what was shown.
    const unseen = result.hits.filter(({ chunkIds }) => chunkIds.some((id) => !seen.has(id)));
    const [shown, fresh] = [unseen.filter((hit) => isShown(hit, state)), unseen.filter((hit) => !isShown(hit, state))];
    state.seen.push(...shown.flatMap(({ chunkIds }) => chunkIds));
    const hits = fresh.filter((hit) => isWanted(hit, { state, tools })).slice(0, state.limit);
    const { interpretation } = result;
    const read = interpretation === undefined ? {} : { interpretation };
    state.searches.push({ query, hits: hits.length, ...read });
    if (query === state.question) keepReading(state, interpretation);
    if (hits.length > 0) {
      state.evidence = bestEvidence([state.evidence, result.evidence]);
    }
    yield { type: "retrieval", query, hits, ...read };
    const isOver = unseen.length === 0 && (result.hits.length < limit || limit >= LARGEST_PAGE);
    if (hits.length > 0 || isOver) return hits;
    state.seen.push(...fresh.flatMap(({ chunkIds }) => chunkIds));
  }
}

/** Who answers needs to know how the question was understood. */
function keepReading(state: RetrieveState, interpretation: Interpretation | undefined): void {
  const { corrections = [], standalone = null } = interpretation ?? {};
  state.corrected = corrections.length === 0 ? null : correctText(state.question, corrections);
  state.standalone = standalone === null ? null : correctText(standalone.text, corrections);
  const parts = interpretation?.queries.filter(({ reason }) => reason === "part") ?? [];
  state.parts = parts.map(({ query }) => query);
}

/** A passage that joins two chunks holds the one between them, too, though that was not found. */
function isShown({ documentId, text }: Hit, { passages }: RetrieveState): boolean {
  return passages.some(({ hit }) => hit.documentId === documentId && hit.text.includes(text));
}

function isWanted({ text, scores }: Hit, { state, tools }: { state: RetrieveState; tools: RoundTools }): boolean {
  if (state.searchString !== "" && !text.includes(state.searchString)) return false;
  if (tools.distanceThreshold === null || scores.dense === null) return true;
  return 1 - scores.dense < tools.distanceThreshold;
}

function textsOf({ text, source, title, heading = "", symbol }: Hit): string[] {
  return [text, source, title ?? "", heading, symbol ?? ""];
}

const MARKER_STAND_IN = "0123456789abcdef";

/** Tokens that passages may take in the next prompt. Older prompts count as folded: they give way where they must. */
function roomFor(
  state: RetrieveState,
  { tools, earlier }: { tools: RoundTools; earlier: readonly ChatMessage[] },
): number {
  const { question, task } = state;
  const kind = state.rounds === 0 ? "first" : "update";
  const { customizedPrompt } = tools;
  const prompt = renderPrompt({
    task,
    question,
    passages: [],
    marker: MARKER_STAND_IN,
    kind,
    customizedPrompt,
    requests: requestRule(state, { tools, rounds: state.rounds + 1 }),
  });
  const own = tools.count(prompt);
  if (own >= tools.tokenBudget) {
    throw new CitewellError(
      "question_too_long",
      `The question with its instructions takes ${String(own)} tokens, and the token budget is ${String(tools.tokenBudget)}; shorten the question or raise contextMaxTokens.`,
    );
  }
  const before = earlier.reduce((sum, message) => {
    return sum + (message.retrieval === undefined ? tokensOf(message) : tokensOf({ content: foldedText(message) }));
  }, 0);
  return tools.tokenBudget - own - before;
}

function toMessage(
  state: RetrieveState,
  { tools, query, passages, marker = MARKER_STAND_IN }: Finding & { passages: readonly Passage[]; marker?: string },
): ChatMessage {
  const kind = passages.length === 0 ? "exhausted" : state.rounds === 0 ? "first" : "update";
  const { question, task } = state;
  state.rounds += 1;
  const content = renderPrompt({
    task,
    question,
    passages,
    marker,
    kind,
    customizedPrompt: tools.customizedPrompt,
    requests: requestRule(state, { tools, rounds: state.rounds }),
  });
  const retrieval: RetrievalContext = {
    question,
    ...(state.corrected === null ? {} : { corrected: state.corrected }),
    ...(state.standalone === null ? {} : { standalone: state.standalone }),
    ...(state.parts.length === 0 ? {} : { parts: state.parts }),
    query,
    passages,
    evidence: state.evidence,
    exhausted: state.exhausted,
    tokens: tools.count(content),
    tokenBudget: tools.tokenBudget,
    ...roundsLeftOf(state, tools),
  };
  return { role: "user", content, retrieval };
}

/** What may be said of further passages in the prompt of a round: behind the last permitted one there are none. */
function requestRule(
  { maxRounds }: RetrieveState,
  { tools, rounds }: { readonly tools: RoundTools; readonly rounds: number },
): RequestRule {
  if (!tools.invitesRequests) return "none";
  return maxRounds !== null && rounds >= maxRounds ? "last-round" : "invited";
}

function roundsLeftOf(
  { maxRounds, rounds }: RetrieveState,
  { invitesRequests }: RoundTools,
): Pick<RetrievalContext, "roundsLeft"> {
  if (!invitesRequests) return { roundsLeft: 0 };
  return maxRounds === null ? {} : { roundsLeft: Math.max(0, maxRounds - rounds) };
}
