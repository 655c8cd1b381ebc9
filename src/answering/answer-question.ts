import { randomUUID } from "node:crypto";
import { ExtractiveAssistant, EXTRACTIVE_MODEL } from "../agents/extractive/extractive-assistant.ts";
import { AssistantAgent } from "../agents/assistant-agent.ts";
import type { Agent } from "../agents/agent.ts";
import { describeCutReplies } from "../agents/describe-cut-replies.ts";
import { RetrieveUserProxyAgent } from "../agents/retrieve/retrieve-user-proxy-agent.ts";
import { runRetrieveChat, type RetrieveChatResult } from "../agents/retrieve/run-retrieve-chat.ts";
import type { ConversationStore } from "../conversations/conversation-store.ts";
import type { Answer, AnswerEvent, AnswerStatus, Citation } from "../domain/answer.ts";
import type { ChatMessage } from "../domain/message.ts";
import { addCosts, addUsage, NO_USAGE } from "../domain/usage.ts";
import type { Embedder } from "../embedding/embedder.ts";
import { CitewellError } from "../errors.ts";
import type { LanguageModel } from "../language-model/language-model.ts";
import { checkCitations, type CheckCitationsOptions, type CheckedAnswer } from "../retrieval/citations.ts";
import { asksForIntroduction, isThanks } from "../retrieval/question/courtesy.ts";
import type { VectorStore } from "../store/vector-store.ts";
import type { TokenCounter } from "../tokens/token-counter.ts";
import { adviceOn } from "./advise.ts";
import { checkAnswerRequest, checkHistory, checkNumbers, checkQuestion } from "./check-request.ts";
import { historyOf, readTurn, type Turn } from "./conversation-turns.ts";
import { introduceCollection } from "./introduce-collection.ts";
import { relayChecked } from "./relay-checked.ts";
import type { OpenCollection } from "./open-collection.ts";
import type { RewrittenQuestion } from "./rewrite-question.ts";
import { keepTurn, takeTurn } from "./take-turn.ts";
import { createTurnQueue } from "./turn-queue.ts";
import type { AnswerQuestion } from "./use-cases.ts";

/** What {@link createAnswerQuestion} works with. */
export interface AnswerQuestionParts {
  readonly store: VectorStore;
  readonly embedder: Embedder;
  readonly openCollection: OpenCollection;
  readonly conversations: ConversationStore;
  readonly tokenCounter: TokenCounter;
  /** Names that a request may give as its model, the default first; not asked where a request names `extractive`. */
  readonly modelNames: () => Promise<readonly string[]>;
  /** Opens a model of that list. */
  readonly openModel: (name: string) => Promise<LanguageModel>;
}

/** Makes the answering of questions that all entries call. */
export function createAnswerQuestion(parts: AnswerQuestionParts): AnswerQuestion {
  const turns = createTurnQueue();
  return async function* answerQuestion(request) {
    checkAnswerRequest(request);
    checkQuestion("question", request.question);
    checkHistory(request);
    checkNumbers([
      { path: "limit", value: request.limit, from: 1, to: 50 },
      { path: "maxRounds", value: request.maxRounds, from: 1, to: 20 },
    ]);
    const { earlier, end } = await takeTurn(request, { turns, conversations: parts.conversations });
    try {
      const turn = { request, earlier, started: performance.now() };
      const {
        answer: made,
        messages,
        warnings: told,
      } = await (isIntroductory(turn) ? introduce(parts, turn) : yield* askDocuments(parts, turn));
      const addition = { at: new Date().toISOString(), messages, answer: made };
      const warnings = [...told, ...(await keepTurn(earlier, addition, parts.conversations)), ...adviceOn(made)];
      const answer = warnings.length === 0 ? made : { ...made, warnings };
      yield { type: "answer", answer };
      return answer;
    } finally {
      await end();
    }
  };
}

/** What was made of a question. */
interface MadeAnswer {
  readonly answer: Answer;
  readonly messages: readonly ChatMessage[];
  readonly warnings: readonly string[];
}

async function* askDocuments(parts: AnswerQuestionParts, turn: Turn): AsyncGenerator<AnswerEvent, MadeAnswer> {
  const { chat, model, rewritten } = await openChat(parts, turn);
  const result = yield* relayChecked(chat, {
    check: async (text, shown) => (await checkText(text, { parts, turn, ...shown })).text,
  });
  const answer = await toAnswer(result, { parts, model, rewritten, turn });
  const warnings = [...failoverWarnings(result), ...describeCutReplies(result.conversation.modelCalls)];
  return { answer, messages: result.messages, warnings };
}

/** Whether there is nothing to search for, but somebody to be told what this is. */
function isIntroductory({ request: { question, interpret = true, history }, earlier }: Turn): boolean {
  const isFirst = (history ?? earlier.answers).length === 0;
  return interpret && asksForIntroduction(question, { isFirst });
}

/** Nothing is searched and no model is called: the collection is introduced. */
async function introduce(parts: AnswerQuestionParts, turn: Turn): Promise<MadeAnswer> {
  const { request, earlier, started } = turn;
  const { question, signal } = request;
  const { info } = await parts.openCollection(earlier.collection);
  const text = isThanks(question)
    ? "Nothing was asked. Ask something that the documents may say, in a question or a few words."
    : await introduceCollection(info, { store: parts.store, signal });
  const messages: readonly ChatMessage[] = [
    { role: "user", content: question },
    { role: "assistant", content: text },
  ];
  const answer: Answer = {
    id: randomUUID(),
    question,
    answer: text,
    status: "insufficient",
    citations: [],
    droppedCitations: [],
    rounds: 0,
    searches: [],
    model: await modelNameOf(request.model, parts),
    usage: NO_USAGE,
    cost: { usd: 0 },
    timing: { retrieveMs: 0, generateMs: 0, totalMs: performance.now() - started },
    conversationId: earlier.id,
    context: [],
  };
  return { answer, messages, warnings: [] };
}

/** Tells where another model answered than the one that was to: its key may have ended long ago. */
function failoverWarnings({ conversation }: RetrieveChatResult): readonly string[] {
  const failures = conversation.modelCalls.flatMap(({ model, attempts = [] }) =>
    attempts
      .filter((attempt) => attempt.error !== null && attempt.model !== model)
      .map((attempt) => `${attempt.model} did not answer, so ${model} did. ${attempt.error}`),
  );
  return [...new Set(failures)];
}

interface OpenedChat {
  readonly chat: ReturnType<typeof runRetrieveChat>;
  readonly model: string;
  /** Null where no model was asked to rewrite the question. */
  readonly rewritten: RewrittenQuestion | null;
}

async function openChat(parts: AnswerQuestionParts, turn: Turn): Promise<OpenedChat> {
  const { request, earlier } = turn;
  const { retrieve, retrieveCode } = await parts.openCollection(earlier.collection);
  const { name, assistant, model } = await openAssistant(parts, request.model);
  const { reading, rewritten } = await readTurn(turn, model);
  const proxy = new RetrieveUserProxyAgent({
    name: "ragproxyagent",
    humanInputMode: "NEVER",
    retrieveConfig: { task: request.task ?? "qa", ...(model === null ? {} : { model: name }) },
    retrieve,
    retrieveCode,
    tokenCounter: parts.tokenCounter,
    codeExecutionConfig: false,
  });
  const { question, limit, maxRounds, filter, signal } = request;
  const chat = runRetrieveChat({
    proxy,
    assistant,
    question,
    history: historyOf(turn),
    reading,
    limit,
    maxRounds,
    filter,
    signal,
  });
  return { chat, model: name, rewritten };
}

async function openAssistant(
  { embedder, modelNames, openModel }: AnswerQuestionParts,
  wanted: string | undefined,
): Promise<{ readonly name: string; readonly assistant: Agent; readonly model: LanguageModel | null }> {
  const name = await modelNameOf(wanted, { modelNames });
  if (name === EXTRACTIVE_MODEL) {
    return { name, assistant: new ExtractiveAssistant({ name: "assistant", embedder }), model: null };
  }
  const model = await openModel(name);
  const assistant = new AssistantAgent({
    name: "assistant",
    systemMessage: "You are a helpful assistant.",
    humanInputMode: "NEVER",
    model,
  });
  return { name, assistant, model };
}

async function modelNameOf(
  wanted: string | undefined,
  { modelNames }: Pick<AnswerQuestionParts, "modelNames">,
): Promise<string> {
  return wanted === EXTRACTIVE_MODEL ? wanted : chooseModel(wanted, await modelNames());
}

function chooseModel(wanted: string | undefined, names: readonly string[]): string {
  const name = wanted ?? names[0] ?? EXTRACTIVE_MODEL;
  if (names.includes(name)) return name;
  const message = `There is no model "${name}". Configured are: ${names.join(", ")}.`;
  throw new CitewellError("model_unknown", message, { problems: [{ path: "model", message }] });
}

/** Takes the markers out of a text that do not hold. */
async function checkText(
  text: string,
  {
    parts,
    turn,
    ...shown
  }: { readonly parts: AnswerQuestionParts; readonly turn: Turn } & Pick<CheckCitationsOptions, "passages" | "known">,
): Promise<CheckedAnswer> {
  return checkCitations(text, {
    question: turn.request.question,
    ...shown,
    readSpans: (spans) => parts.store.readSpans(turn.earlier.collection, spans),
  });
}

async function toAnswer(
  result: RetrieveChatResult,
  options: {
    readonly parts: AnswerQuestionParts;
    readonly model: string;
    readonly rewritten: RewrittenQuestion | null;
    readonly turn: Turn;
  },
): Promise<Answer> {
  const { parts, model, rewritten, turn } = options;
  const { question } = turn.request;
  const { text, citations, dropped } = await checkText(result.answer, { parts, turn, passages: result.passages });
  return {
    id: randomUUID(),
    question,
    answer: text,
    status: statusOf(result.status, citations),
    citations,
    droppedCitations: dropped,
    rounds: result.rounds,
    searches: result.searches,
    model: result.model ?? model,
    usage: addUsage(result.usage, rewritten?.usage ?? NO_USAGE),
    cost: { usd: addCosts(result.costUsd, rewritten === null ? 0 : rewritten.costUsd) },
    timing: {
      retrieveMs: result.timing.retrieveMs,
      generateMs: result.timing.generateMs + (rewritten?.milliseconds ?? 0),
      totalMs: performance.now() - turn.started,
    },
    conversationId: turn.earlier.id,
    context: result.passages.map(({ marker, hit: { source, root, documentId, lines, score } }) => ({
      marker,
      source,
      root,
      documentId,
      lines,
      score,
    })),
    ...(result.cutBy === undefined ? {} : { cutBy: result.cutBy }),
  };
}

/** An answer that stands on nothing we could check is not more than a partial one. */
function statusOf(status: AnswerStatus, citations: readonly Citation[]): AnswerStatus {
  return status === "answered" && citations.length === 0 ? "partial" : status;
}
