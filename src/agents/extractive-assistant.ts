import type { Passage } from "../domain/answer.ts";
import type { Evidence } from "../domain/hit.ts";
import type { ChatMessage, ContextRequest, RetrievalContext } from "../domain/message.ts";
import { NO_USAGE } from "../domain/usage.ts";
import type { Embedder } from "../embedding/embedder.ts";
import type { Agent, AgentReply, ReplyEvent, ReplyRequest } from "./agent.ts";
import { ended } from "./agent.ts";
import { writeExtractiveAnswer } from "./extractive-answer.ts";
import { sentencesOf } from "./passage-sentences.ts";
import type { PassageSentence, SentenceSplitter } from "./passage-sentences.ts";
import { scoreSentences } from "./score-sentences.ts";
import type { ScoredSentence } from "./score-sentences.ts";

/** The name under which its answers are reported. */
export const EXTRACTIVE_MODEL = "extractive";

/** Options of {@link ExtractiveAssistant}. */
export interface ExtractiveAssistantOptions {
  /** @default "assistant" */
  readonly name?: string;
  /** Adds how near a sentence is in meaning to its score; without it words alone decide. */
  readonly embedder?: Pick<Embedder, "embed">;
  /** Weight of a term in the collection. Default: from the passages themselves. */
  readonly idf?: (term: string) => number;
  /** Cuts passages into sentences. */
  readonly splitSentences?: SentenceSplitter;
  /**
   * How often it asks for further passages before it makes do with those it has.
   * @default 2
   */
  readonly maxRequests?: number;
}

/**
 * Below this share of the question's idf in the best sentence there is no answer in it. On 125 questions of SQuAD, 0.28
 * keeps six answers that 0.35 would lose, for one unanswerable question more that is not refused.
 */
const LEAST_COVERAGE = 0.28;
/** Below this share the answer is a partial one. */
const SURE_COVERAGE = 0.5;
/** Sentences that tell whether there is an answer: as many as one quotes. */
const MOST_JUDGED = 3;
/** Sentences that are embedded at most: those that words rank best. */
const MOST_EMBEDDED = 32;

/**
 * Answers without a language model: it quotes the sentences of the passages that hold most of the question's words, each
 * with its number. It cannot put facts of several sentences together, count, compare or translate.
 */
export class ExtractiveAssistant implements Agent {
  readonly name: string;
  readonly description: string = "Answers by quoting the passages; it stands on no language model.";
  readonly #options: ExtractiveAssistantOptions;

  constructor(options: ExtractiveAssistantOptions = {}) {
    this.name = options.name ?? "assistant";
    this.#options = options;
  }

  async *streamReply({ messages, signal }: ReplyRequest): AsyncGenerator<ReplyEvent, AgentReply> {
    const prompts = promptsOf(messages);
    const newest = prompts.at(-1);
    if (newest === undefined) {
      return ended("completed", "no-reply", `${this.name} answers from passages only, and the message carries none.`);
    }
    const found = await this.#look(
      newest.standalone ?? newest.question,
      prompts.flatMap(({ passages }) => passages),
      signal,
    );
    const verdict = judge(found.coverage, bestEvidence(prompts));
    const asked = messages.filter(({ request }) => request !== undefined).length;
    const mayAsk = !newest.exhausted && newest.roundsLeft !== 0 && asked < (this.#options.maxRequests ?? 2);
    if (verdict !== "answered" && mayAsk) return this.#reply(requestMessage());
    const content = wording(found.answer, verdict);
    yield { type: "delta", text: content };
    return this.#reply({ role: "assistant", content, standing: verdict });
  }

  #reply(message: ChatMessage): AgentReply {
    const call = { usage: NO_USAGE, model: EXTRACTIVE_MODEL };
    return { type: "message", message: { ...message, ...call }, modelCall: { ...call, agent: this.name, costUsd: 0 } };
  }

  async #look(
    question: string,
    passages: readonly Passage[],
    signal: AbortSignal | undefined,
  ): Promise<{ answer: string; coverage: number }> {
    signal?.throwIfAborted();
    const { splitSentences, idf } = this.#options;
    const sentences = passages.flatMap((passage) => sentencesOf(passage, splitSentences));
    if (sentences.length === 0) return { answer: "", coverage: 0 };
    const byWords = scoreSentences(sentences, { question, idf });
    const nearest = byWords.slice(0, MOST_EMBEDDED).map(({ sentence }) => sentence);
    const cosines = await this.#cosines(question, nearest.map(underHeadings), signal);
    const similarities = sentences.map((sentence) => cosines?.[nearest.indexOf(sentence)] ?? 0);
    const ranked = cosines === null ? byWords : scoreSentences(sentences, { question, idf, similarities });
    return { answer: writeExtractiveAnswer({ question, sentences, ranked }), coverage: coverageOf(ranked) };
  }

  async #cosines(
    question: string,
    texts: readonly string[],
    signal: AbortSignal | undefined,
  ): Promise<readonly number[] | null> {
    const { embedder } = this.#options;
    if (embedder === undefined || texts.length === 0) return null;
    const [[query], vectors] = await Promise.all([
      embedder.embed([question], { purpose: "query", signal }),
      embedder.embed(texts, { purpose: "passage", signal }),
    ]);
    // Vectors have unit length, so the product is the cosine.
    return vectors.map((vector) => vector.reduce((sum, value, index) => sum + value * (query?.[index] ?? 0), 0));
  }
}

/** A sentence as it is embedded: its headings say what a pronoun or a bare list item is about. */
function underHeadings({ headings, text }: PassageSentence): string {
  const path = headings.split("\n").filter((heading) => heading !== "");
  return [...path, text].join(": ");
}

/** How much of the question the best sentences hold: whichever of them holds most. */
function coverageOf(ranked: readonly ScoredSentence[]): number {
  return Math.max(0, ...ranked.slice(0, MOST_JUDGED).map(({ coverage }) => coverage));
}

/** The contexts of the newest question, oldest first. */
function promptsOf(messages: readonly ChatMessage[]): readonly RetrievalContext[] {
  const contexts = messages.flatMap(({ retrieval }) => (retrieval === undefined ? [] : [retrieval]));
  const question = contexts.at(-1)?.question;
  return contexts.filter((context) => context.question === question);
}

function bestEvidence(prompts: readonly RetrievalContext[]): Evidence {
  const all = prompts.map(({ evidence }) => evidence);
  return (["good", "weak"] as const).find((one) => all.includes(one)) ?? "none";
}

function judge(coverage: number, evidence: Evidence): "answered" | "partial" | "insufficient" {
  if (evidence === "none" || coverage < LEAST_COVERAGE) return "insufficient";
  return evidence === "weak" || coverage < SURE_COVERAGE ? "partial" : "answered";
}

function requestMessage(): ChatMessage {
  const request: ContextRequest = { type: "update-context" };
  return { role: "assistant", content: JSON.stringify({ request: request.type }), request };
}

const NO_ANSWER = "I do not know: no passage that was found answers this question.";
const PARTIAL_ANSWER = "The passages only touch on this question. Closest to it:";

function wording(answer: string, verdict: "answered" | "partial" | "insufficient"): string {
  if (verdict === "insufficient" || answer === "") return NO_ANSWER;
  return verdict === "partial" ? `${PARTIAL_ANSWER}\n\n${answer}` : answer;
}

/** What an answer quotes, without the assistant's own words around it; another's answer as it is. */
export function readExtractiveAnswer(text: string): string {
  return text === NO_ANSWER ? "" : text.replace(PARTIAL_ANSWER, "").trim();
}
