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
import type { PromptParts, RequestRule } from "./prompts.ts";
import type { RetrieveState } from "./retrieve-state.ts";

/** The rounds of a question: how far they have come, and what they need. */
export interface Rounds {
  readonly state: RetrieveState;
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
 * After so many searches without a passage that fits, none is taken to fit: a question that fills the budget would be
 * searched for until nothing of the collection is left.
 */
const MOST_UNFIT = 3;

/**
 * The next context-augmented prompt: new passages under further numbers, by another query where one is given. When the
 * ranking has nothing more, the prompt says so once; after that, and when no passage fits the budget, there is none.
 */
export async function* nextPrompt(
  rounds: Rounds,
  { earlier, query }: { earlier: readonly ChatMessage[]; query?: string | undefined },
): AsyncGenerator<ReplyEvent, ChatMessage | null> {
  const { state, count, createMarker } = rounds;
  if (state.exhausted && query === undefined) return null;
  const used = query ?? state.question;
  const room = roomFor(rounds, earlier);
  for (let unfit = 0; ; unfit += 1) {
    const hits = unfit < MOST_UNFIT ? yield* find(rounds, used) : [];
    if (hits.length === 0) {
      if (query !== undefined) return yield* nextPrompt(rounds, { earlier });
      state.exhausted = true;
      return state.passages.length === 0 ? null : toMessage(rounds, { query: used, passages: [] });
    }
    const marker = drawMarker([state.question, ...hits.flatMap(textsOf)], createMarker);
    const packed = packPassages(hits, {
      budget: room,
      firstMarker: state.passages.length + 1,
      count: (passage) => count(`${fencePassage(passage, marker)}\n\n`),
    });
    state.skipped.push(...packed.skipped);
    state.seen.push(...packed.hopeless, ...packed.passages.flatMap(({ hit }) => hit.chunkIds));
    if (packed.passages.length === 0) continue;
    state.passages.push(...packed.passages);
    return toMessage(rounds, { query: used, passages: packed.passages, marker });
  }
}

/** How much larger the next page is after one without a hit that passes. */
const PAGE_GROWTH = 4;
const LARGEST_PAGE = 320;

/** Searches on behind what was seen, until hits pass the proxy's own filters or nothing is left. */
async function* find(rounds: Rounds, query: string): AsyncGenerator<ReplyEvent, readonly Hit[]> {
  const { state, retrieve, signal } = rounds;
  // What is filtered here may stand far down: each page without it is followed by a larger one.
  for (let limit = state.limit; ; limit = Math.min(limit * PAGE_GROWTH, Math.max(state.limit, LARGEST_PAGE))) {
    signal?.throwIfAborted();
    const start = performance.now();
    const result = await retrieve(query, {
      limit,
      // Whoever asks for more wants more than what hardly differs from the best.
      stop: state.rounds === 0 && limit === state.limit,
      ...(query === state.question ? state.reading : { interpret: false }),
      ...(state.filter === null ? {} : { filter: state.filter }),
      ...(state.mode === null ? {} : { mode: state.mode }),
      ...(state.seen.length === 0 ? {} : { exclude: new Set(state.seen) }),
      signal,
    });
    state.retrieveMs += performance.now() - start;
    const seen = new Set(state.seen);
    // A search of somebody's own need not leave out what was shown.
    const unseen = result.hits.filter(({ chunkIds }) => chunkIds.some((id) => !seen.has(id)));
    const { shown = [], fresh = [] } = Object.groupBy(unseen, (hit) => (isShown(hit, state) ? "shown" : "fresh"));
    state.seen.push(...shown.flatMap(({ chunkIds }) => chunkIds));
    const hits = fresh.filter((hit) => isWanted(hit, rounds)).slice(0, state.limit);
    const { interpretation } = result;
    const read = interpretation === undefined ? {} : { interpretation };
    state.searches.push({ query, hits: hits.length, ...read });
    if (query === state.question) keepReading(state, interpretation);
    if (hits.length > 0) state.evidence = bestEvidence([state.evidence, result.evidence]);
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

function isWanted({ text, scores }: Hit, { state, distanceThreshold }: Rounds): boolean {
  if (state.searchString !== "" && !text.includes(state.searchString)) return false;
  if (distanceThreshold === null || scores.dense === null) return true;
  return 1 - scores.dense < distanceThreshold;
}

function textsOf({ text, source, title, heading = "", symbol }: Hit): string[] {
  return [text, source, title ?? "", heading, symbol ?? ""];
}

const MARKER_STAND_IN = "0123456789abcdef";

/** Tokens that passages may take in the next prompt. Older prompts count as folded: they give way where they must. */
function roomFor(rounds: Rounds, earlier: readonly ChatMessage[]): number {
  const { state, count, tokenBudget } = rounds;
  const own = count(promptOf(rounds, { kind: kindOf(state), passages: [], marker: MARKER_STAND_IN }));
  if (own >= tokenBudget) {
    throw new CitewellError(
      "question_too_long",
      `The question with its instructions takes ${String(own)} tokens, and the token budget is ${String(tokenBudget)}; shorten the question or raise contextMaxTokens.`,
    );
  }
  const before = earlier.reduce((sum, message) => {
    return sum + (message.retrieval === undefined ? tokensOf(message) : tokensOf({ content: foldedText(message) }));
  }, 0);
  return tokenBudget - own - before;
}

function toMessage(
  rounds: Rounds,
  { query, passages, marker = MARKER_STAND_IN }: { query: string; passages: readonly Passage[]; marker?: string },
): ChatMessage {
  const { state, count, tokenBudget } = rounds;
  const content = promptOf(rounds, { kind: passages.length === 0 ? "exhausted" : kindOf(state), passages, marker });
  state.rounds += 1;
  const retrieval: RetrievalContext = {
    question: state.question,
    ...(state.corrected === null ? {} : { corrected: state.corrected }),
    ...(state.standalone === null ? {} : { standalone: state.standalone }),
    ...(state.parts.length === 0 ? {} : { parts: state.parts }),
    query,
    passages,
    evidence: state.evidence,
    exhausted: state.exhausted,
    tokens: count(content),
    tokenBudget,
    ...roundsLeftOf(rounds),
  };
  return { role: "user", content, retrieval };
}

/** The text of the next prompt. */
function promptOf(rounds: Rounds, parts: Pick<PromptParts, "kind" | "passages" | "marker">): string {
  const { question, task } = rounds.state;
  return renderPrompt({
    ...parts,
    task,
    question,
    customizedPrompt: rounds.customizedPrompt,
    requests: requestRule(rounds),
  });
}

function kindOf({ rounds }: RetrieveState): "first" | "update" {
  return rounds === 0 ? "first" : "update";
}

/** What may be said of further passages in the next prompt: behind the last permitted one there are none. */
function requestRule({ state: { maxRounds, rounds }, invitesRequests }: Rounds): RequestRule {
  if (!invitesRequests) return "none";
  return maxRounds !== null && rounds + 1 >= maxRounds ? "last-round" : "invited";
}

function roundsLeftOf({ state, invitesRequests }: Rounds): Pick<RetrievalContext, "roundsLeft"> {
  if (!invitesRequests) return { roundsLeft: 0 };
  return state.maxRounds === null ? {} : { roundsLeft: Math.max(0, state.maxRounds - state.rounds) };
}
