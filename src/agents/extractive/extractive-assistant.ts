import type { Passage } from "../../domain/answer.ts";
import { checkOptions } from "../../domain/check-options.ts";
import type { OptionKind } from "../../domain/check-options.ts";
import type { ChatMessage, ContextRequest, RetrievalContext } from "../../domain/message.ts";
import { NO_USAGE } from "../../domain/usage.ts";
import type { Embedder } from "../../embedding/embedder.ts";
import { cosineOf, toReferenceScale, REFERENCE_SCALE } from "../../domain/similarity-scale.ts";
import type { Agent, AgentReply, ReplyEvent, ReplyRequest } from "../agent.ts";
import { ended } from "../agent.ts";
import { checkAgentName } from "../check-agent.ts";
import { bestEvidence } from "../../retrieval/evidence.ts";
import { mayRefer } from "../../retrieval/question/question-parts.ts";
import { asksForAddress, asksForCode } from "./answer-type.ts";
import { readTableRow } from "./table-row.ts";
import { writeExtractiveAnswer } from "./extractive-answer.ts";
import { fitOf, isAnswerable, judge, NO_FIT, PARTIAL_FIT, WHOLE_FIT, type Fit, type Judging } from "./judge-fit.ts";
import type { PassageSentence } from "./passage-sentence.ts";
import { sentencesOf, type SentenceSplitter } from "./passage-sentences.ts";
import { addSimilarities, formOf, meanOf, readingsOf, type WeightedText } from "./question-readings.ts";
import { scoreSentences, type ScoredSentence } from "./score-sentences.ts";
import { speakersOf } from "../../lexical/turns.ts";
import { findWholeList } from "./whole-list.ts";

/** The name under which its answers are reported. */
export const EXTRACTIVE_MODEL = "extractive";

/** Options of {@link ExtractiveAssistant}. */
export interface ExtractiveAssistantOptions {
  /** 1 to 64 letters, digits, `_` or `-`. @default "assistant" */
  readonly name?: string | undefined;
  /** Compares sentences with the question by meaning as well. Default: only words count. */
  readonly embedder?: Pick<Embedder, "embed" | "similarityScale"> | undefined;
  /** Weight of a term in the collection. Default: from the passages themselves. */
  readonly idf?: ((term: string) => number) | undefined;
  /** Cuts passages into sentences. Default: by the rules of `src/lexical`. */
  readonly splitSentences?: SentenceSplitter | undefined;
  /** How often it asks for further passages before it answers from those it has. @default 2 */
  readonly maxRequests?: number | undefined;
}

const KNOWN: Readonly<Record<keyof ExtractiveAssistantOptions, OptionKind>> = {
  name: true,
  embedder: "object",
  idf: "function",
  splitSentences: "function",
  maxRequests: "number",
};

/** How many sentences are embedded at most: those that rank best by words. */
const MOST_EMBEDDED = 32;

/**
 * Answers without a language model, by quoting the sentences of the passages that hold most of the question's words,
 * each with its number. It cannot combine facts of several sentences, count, compare or translate.
 */
export class ExtractiveAssistant implements Agent {
  readonly name: string;
  readonly description: string = "Answers by quoting the passages; it stands on no language model.";
  readonly #options: ExtractiveAssistantOptions;

  constructor(options: ExtractiveAssistantOptions = {}) {
    checkOptions(options, { owner: "ExtractiveAssistant", known: KNOWN });
    if (options.name !== undefined) checkAgentName(options.name);
    this.name = options.name ?? "assistant";
    this.#options = options;
  }

  async *streamReply({ messages: all, signal }: ReplyRequest): AsyncGenerator<ReplyEvent, AgentReply> {
    const messages = sinceQuestion(all);
    const prompts = messages.flatMap(({ retrieval }) => (retrieval === undefined ? [] : [retrieval]));
    const newest = prompts.at(-1);
    if (newest === undefined || isFollowUp(messages)) {
      const advice = "pass message: proxy.messageGenerator and problem to initiateChat of a RetrieveUserProxyAgent";
      const detail = `${this.name} answers from passages only, and the message carries none; ${advice}.`;
      return ended("completed", "no-reply", detail);
    }
    const passages = prompts.flatMap((prompt) => prompt.passages);
    const evidence = bestEvidence(prompts.map((prompt) => prompt.evidence));
    const judging = { evidence, isEmbedded: this.#options.embedder !== undefined };
    const found = await this.#look(newest, { passages, judging, signal, embedded: new Map() });
    const verdict = judge(found, judging);
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

  /**
   * Answers a question by what it means and, where that is not answered and it is only a part of the text, by itself, unless
   * it may refer to the rest; each of several questions by itself.
   */
  async #look(
    { question: written, corrected, standalone: meant, parts = [] }: RetrievalContext,
    options: LookOptions & { readonly passages: readonly Passage[] },
  ): Promise<Look> {
    const { splitSentences } = this.#options;
    const question = (corrected ?? written).slice(0, LONGEST_QUESTION);
    // The question itself stands at its end.
    const standalone = meant?.slice(-LONGEST_QUESTION);
    const speakers = speakersOf(options.passages.map(({ hit }) => hit.text));
    const kept = { speakers, keepLinks: asksForAddress(question), keepCode: asksForCode(question) };
    const sentences = options.passages.flatMap((passage) => sentencesOf(passage, { split: splitSentences, ...kept }));
    if (sentences.length === 0) return { answer: "", ...NO_FIT };
    const alone = parts.map((part) => [{ text: part.slice(0, LONGEST_QUESTION), weight: 1 }]);
    if (alone.length > 1) return this.#lookByEach(alone, sentences, options);
    const whole = await this.#lookByEach([readingsOf(question, standalone)], sentences, options);
    const [part] = parts;
    const verdict = judge(whole, options.judging);
    if (part === undefined || verdict === "answered" || (verdict === "partial" && mayRefer(part))) return whole;
    const own = await this.#lookByEach(alone, sentences, options);
    return judge(own, options.judging) === "insufficient" ? whole : own;
  }

  /** Answers each of several questions from the same sentences. The question that is covered least decides the status. */
  async #lookByEach(
    questions: readonly (readonly WeightedText[])[],
    sentences: readonly PassageSentence[],
    { judging, ...embedding }: LookOptions,
  ): Promise<Look> {
    const answers: string[] = [];
    const done = new Set<PassageSentence>();
    const fits: Fit[] = [];
    for (const readings of questions) {
      const ranked = await this.#rank(sentences, readings, embedding);
      const { own, asked } = formOf(readings);
      const list = findWholeList(own, sentences);
      const fit = list === null ? fitOf(asked, ranked) : WHOLE_FIT;
      fits.push(fit);
      if (questions.length > 1 && !isAnswerable(fit)) continue;
      const best = ranked[0]?.sentence;
      // One sentence may answer two questions.
      if (best !== undefined && done.has(best)) continue;
      const isPartial = judge(fit, judging) !== "answered";
      answers.push(writeExtractiveAnswer({ question: asked, sentences, list, ranked, isPartial, done }));
    }
    const answer = answers.join("\n\n");
    const [least = NO_FIT] = fits.toSorted((left, right) => left.coverage - right.coverage);
    // If only some of several questions are answered, the answer is partial.
    const isPartial = questions.length > 1 && answers.length > 0 && !isAnswerable(least);
    return { answer, ...least, ...(isPartial ? PARTIAL_FIT : {}) };
  }

  async #rank(
    sentences: readonly PassageSentence[],
    readings: readonly WeightedText[],
    embedding: EmbeddingOptions,
  ): Promise<readonly ScoredSentence[]> {
    embedding.signal?.throwIfAborted();
    const { idf } = this.#options;
    const byWords = meanOf(readings, ({ text }) => scoreSentences(sentences, { question: text, idf }));
    const cosines = await this.#cosines(
      readings.map(({ text }) => text),
      byWords.slice(0, MOST_EMBEDDED).map(({ sentence }) => underHeadings(sentence)),
      embedding,
    );
    return cosines === null ? byWords : addSimilarities(byWords, { readings, cosines });
  }

  /** The cosines of each text, for each question; null without an embedder. */
  async #cosines(
    questions: readonly string[],
    texts: readonly string[],
    { signal, embedded }: EmbeddingOptions,
  ): Promise<readonly (readonly number[])[] | null> {
    const { embedder } = this.#options;
    if (embedder === undefined || texts.length === 0) return null;
    const fresh = texts.filter((text) => !embedded.has(text));
    const [queries, vectors, scale = REFERENCE_SCALE] = await Promise.all([
      embedder.embed(questions, { purpose: "query", signal }),
      fresh.length === 0 ? [] : embedder.embed(fresh, { purpose: "passage", urgent: true, signal }),
      embedder.similarityScale?.({ signal }),
    ]);
    for (const [index, vector] of vectors.entries()) embedded.set(fresh[index] ?? "", vector);
    const known = texts.map((text) => embedded.get(text) ?? new Float32Array());
    return queries.map((query) => known.map((vector) => toReferenceScale(cosineOf(query, vector), scale)));
  }
}

/** The text that is embedded for a sentence: its headings say what a pronoun or a bare list item refers to. */
function underHeadings({ headings, text, turn, columns }: PassageSentence): string {
  const path = headings.split("\n").filter((heading) => heading !== "");
  if (columns !== undefined) return [...path.slice(0, -1), readTableRow(text, columns)].join(": ");
  return [...path, ...(turn === undefined ? [] : [turn.speaker]), text].join(": ");
}

/**
 * As much of a text is read as a question, in characters. What it asks for is told by many patterns, which would take many
 * seconds for a pasted text of four times the length.
 */
const LONGEST_QUESTION = 2_000;

interface EmbeddingOptions {
  readonly signal: AbortSignal | undefined;
  /** Vectors of what was embedded for this question. */
  readonly embedded: Map<string, Float32Array>;
}

interface LookOptions extends EmbeddingOptions {
  readonly judging: Judging;
}

interface Look extends Fit {
  readonly answer: string;
}

/** The messages beginning with the newest question's first prompt, which has passage 1. */
function sinceQuestion(messages: readonly ChatMessage[]): readonly ChatMessage[] {
  const first = messages.findLastIndex(({ retrieval }) => retrieval?.passages[0]?.marker === 1);
  return messages.slice(Math.max(0, first));
}

/**
 * Whether whoever sent the last prompt has written something else since. The passages were not searched for that: an answer
 * from them would answer the question before.
 */
function isFollowUp(messages: readonly ChatMessage[]): boolean {
  const prompt = messages.findLast(({ retrieval }) => retrieval !== undefined);
  const last = messages.at(-1);
  return last !== prompt && last?.role === "user" && last.name === prompt?.name && last.content.trim() !== "";
}

function requestMessage(): ChatMessage {
  const request: ContextRequest = { type: "update-context" };
  return { role: "assistant", content: JSON.stringify({ request: request.type }), request };
}

const NO_ANSWER = "I do not know: no passage that was found answers this question.";
const PARTIAL_ANSWER = "Perhaps this helps; it may not be the answer:";

function wording(answer: string, verdict: "answered" | "partial" | "insufficient"): string {
  if (verdict === "insufficient" || answer === "") return NO_ANSWER;
  return verdict === "partial" ? `${PARTIAL_ANSWER}\n\n${answer}` : answer;
}

/** The quotes of an answer, without the assistant's own words around them; an answer of another assistant as it is. */
export function readExtractiveAnswer(text: string): string {
  return text === NO_ANSWER ? "" : text.replace(PARTIAL_ANSWER, "").trim();
}
