import { useEffect, useRef, useState } from "preact/hooks";
import type { Answer } from "../domain/answer.ts";
import { ask, failureOf, type AnswerProgress, type Failure } from "./api.ts";

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
  readonly turns: readonly Turn[];
  readonly running: boolean;
  /** Asks; continues the conversation when there is one. */
  readonly ask: (question: string, collection: string) => void;
  /** Stops the running answer. */
  readonly stop: () => void;
  /** Stops and starts anew. */
  readonly clear: () => void;
}

/** Keeps the turns of a conversation; `onFailure` hears of failures beside the turn that shows them. */
export function useConversation(onFailure: (failure: Failure) => void): Conversation {
  const [turns, setTurns] = useState<readonly Turn[]>([]);
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
    try {
      for await (const progress of ask({ question, collection, conversationId }, own.signal)) {
        change(id, (before) => advance(before, progress));
      }
    } catch (error) {
      const failure = failureOf(error);
      change(id, (before) => ({ ...before, failure, phase: failure === null ? "stopped" : "failed" }));
      if (failure !== null) onFailure(failure);
    }
  };

  return {
    turns,
    running: turns.some(({ phase }) => phase === "searching" || phase === "writing"),
    ask(question, collection) {
      const turn: Turn = {
        id: nextId.current,
        question,
        collection,
        phase: "searching",
        text: "",
        searches: [],
        round: 1,
        answer: null,
        failure: null,
      };
      nextId.current += 1;
      const last = turns.findLast((before) => before.answer !== null && before.collection === collection);
      setTurns((before) => [...before, turn]);
      void run(turn, last?.answer?.conversationId ?? null);
    },
    stop() {
      controller.current?.abort();
    },
    clear() {
      controller.current?.abort();
      setTurns([]);
    },
  };
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
