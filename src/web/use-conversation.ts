import { useEffect, useRef, useState } from "preact/hooks";
import type { Answer } from "../domain/answer.ts";
import {
  ask,
  failureOf,
  readConversation,
  told,
  type AnswerProgress,
  type Failure,
  type ReadConversation,
} from "./api.ts";
import { forgetKept, keep, readKept } from "./kept-conversation.ts";
import { forgetRecent, noteRecent } from "./recent-conversations.ts";

/** One question with what has come back so far. */
export interface Turn {
  readonly id: number;
  readonly question: string;
  readonly collection: string;
  readonly phase: "searching" | "writing" | "done" | "stopped" | "failed";
  /** Text that has arrived. */
  readonly text: string;
  readonly searches: readonly { readonly query: string; readonly hits: number }[];
  readonly round: number;
  readonly answer: Answer | null;
  readonly failure: Failure | null;
}

/** A conversation on the page. */
export interface Conversation {
  /** Null until the first answer has come. */
  readonly id: string | null;
  /** Why the conversation that was asked for is not shown; null where nothing is wrong. */
  readonly lost: Failure | null;
  readonly turns: readonly Turn[];
  readonly running: boolean;
  /** Asks; continues the conversation when there is one. */
  readonly ask: (question: string, collection: string) => void;
  /** Asks what failed once more, in its place. */
  readonly retry: (turn: Turn) => void;
  /** Goes on where a key was missing: with the question that was refused, or with the conversation that was kept. */
  readonly resume: () => void;
  /** Stops the running answer. */
  readonly stop: () => void;
  /** Stops and starts anew. */
  readonly clear: () => void;
  /**
   * Shows a stored conversation; null for the one that was kept when the page was reloaded, unless another collection
   * than that one's is asked for.
   */
  readonly restore: (id: string | null, collection?: string | null) => void;
}

/** Options of {@link useConversation}. */
export interface UseConversationOptions {
  /** Hears of failures beside the turn that shows them. */
  readonly onFailure: (failure: Failure) => void;
  /** Called with the collection of a stored conversation that is shown from now on. */
  readonly onRestored: (collection: string) => void;
}

const FRESH = { text: "", searches: [], round: 1, answer: null, failure: null } as const;
const RELOADED = "The page was reloaded before the answer was whole.";

/** Keeps the turns of a conversation. */
export function useConversation({ onFailure, onRestored }: UseConversationOptions): Conversation {
  const [turns, setTurns] = useState<readonly Turn[]>([]);
  const [lost, setLost] = useState<Failure | null>(null);
  const wanted = useRef<readonly [id: string | null, collection: string | null]>([null, null]);
  const controller = useRef<AbortController | null>(null);
  const nextId = useRef(1);
  const change = (id: number, step: (turn: Turn) => Turn): void =>
    setTurns((before) => before.map((turn) => (turn.id === id ? step(turn) : turn)));

  useEffect(() => () => controller.current?.abort(), []);

  const run = async (turn: Turn, conversationId: string | null): Promise<void> => {
    controller.current?.abort();
    const own = new AbortController();
    controller.current = own;
    const { id, question, collection } = turn;
    keep({ id: conversationId, pending: { question, collection } });
    try {
      for await (const progress of ask({ question, collection, conversationId }, own.signal)) {
        if (progress.type === "answer") remember(progress.answer, turn);
        change(id, (before) => advance(before, progress));
      }
    } catch (error) {
      const failure = failureOf(error);
      // What the reader stopped is over; what broke off may be the page going away.
      if (failure === null && controller.current === own) keep({ id: conversationId, pending: null });
      change(id, (before) => ({ ...before, failure, phase: failure === null ? "stopped" : "failed" }));
      if (failure !== null) onFailure(failure);
    }
  };

  const add = (turn: Omit<Turn, "id">): Turn => {
    setLost(null);
    const added = { ...turn, id: nextId.current };
    nextId.current += 1;
    setTurns((before) => [...before, added]);
    return added;
  };

  const idFor = (collection: string): string | null =>
    turns.findLast((turn) => turn.answer !== null && turn.collection === collection)?.answer?.conversationId ?? null;

  const retry = (turn: Turn): void => {
    const again: Turn = { ...turn, ...FRESH, phase: "searching" };
    change(turn.id, () => again);
    // What the server has forgotten cannot be continued: the question begins a new conversation.
    const isForgotten = turn.failure?.code === "conversation_missing";
    void run(again, isForgotten ? null : idFor(turn.collection));
  };

  const restore = async (asked: string | null, within: string | null): Promise<void> => {
    wanted.current = [asked, within];
    const isElsewhere = (one: { readonly collection: string } | null): boolean =>
      asked === null && within !== null && one !== null && one.collection !== within;
    controller.current?.abort();
    setTurns([]);
    setLost(null);
    const kept = readKept();
    const id = asked ?? kept.id;
    const pending = id === kept.id ? kept.pending : null;
    if (isElsewhere(pending)) return;
    const own = new AbortController();
    controller.current = own;
    try {
      const stored = id === null ? null : await readConversation(id, own.signal);
      if (own.signal.aborted || isElsewhere(stored)) return;
      for (const turn of stored === null ? [] : turnsOf(stored)) add(turn);
      keep({ id, pending });
      if (stored !== null) onRestored(stored.collection);
    } catch (error) {
      // What is kept waits for the key. A conversation that the server forgot is gone.
      const failure = failureOf(error);
      if (failure === null) return;
      if (failure.keyNeeded) return onFailure(failure);
      if (failure.code === "conversation_missing" && id !== null) forgetRecent(id);
      if (asked !== null) setLost(failure);
    }
    if (pending === null || own.signal.aborted) return;
    add({ ...FRESH, ...pending, phase: "failed", failure: told(RELOADED) });
  };

  return {
    id: turns.findLast(({ answer }) => answer !== null)?.answer?.conversationId ?? null,
    lost,
    turns,
    running: turns.some(({ phase }) => phase === "searching" || phase === "writing"),
    ask(question, collection) {
      void run(add({ ...FRESH, question, collection, phase: "searching" }), idFor(collection));
    },
    retry,
    resume() {
      const last = turns.at(-1);
      if (last === undefined) void restore(...wanted.current);
      else if (last.failure?.keyNeeded === true) retry(last);
    },
    stop() {
      controller.current?.abort();
    },
    clear() {
      controller.current?.abort();
      controller.current = null;
      forgetKept();
      setTurns([]);
      setLost(null);
    },
    restore(id, collection = null) {
      void restore(id, collection);
    },
  };
}

function remember({ conversationId: id }: Answer, { question, collection }: Turn): void {
  keep({ id, pending: null });
  noteRecent({ id, question, collection, at: new Date().toISOString() });
}

function turnsOf({ collection, answers }: ReadConversation): readonly Omit<Turn, "id">[] {
  return answers.map((answer) => ({
    ...FRESH,
    question: answer.question,
    collection,
    phase: "done",
    text: answer.answer,
    round: answer.rounds,
    answer,
  }));
}

function advance(turn: Turn, progress: AnswerProgress): Turn {
  switch (progress.type) {
    case "retrieval": {
      const found = { query: progress.query, hits: progress.hits.length };
      return { ...turn, searches: [...turn.searches, found] };
    }
    case "context-update":
      // A new context means that what was written so far is not the answer.
      return { ...turn, phase: "searching", round: progress.round, text: "" };
    case "delta":
      return { ...turn, phase: "writing", text: turn.text + progress.text };
    case "answer":
      return { ...turn, phase: "done", text: progress.answer.answer, answer: progress.answer };
  }
}
