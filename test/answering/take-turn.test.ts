import { describe, expect, it } from "vitest";
import { keepTurn, takeTurn } from "../../src/answering/take-turn.ts";
import { createTurnQueue } from "../../src/answering/turn-queue.ts";
import type { AnswerRequest } from "../../src/answering/use-cases.ts";
import type { ConversationStore } from "../../src/conversations/conversation-store.ts";
import type { StoredConversation } from "../../src/domain/conversation.ts";
import { CitewellError } from "../../src/errors.ts";
import { createAnswerGate } from "../../src/server/answer-gate.ts";
import { fakeAnswer } from "../server/fake-use-cases.ts";

const question = "And then?";
const stored: StoredConversation = {
  id: "a",
  collection: "default",
  createdAt: "2026-11-20T10:00:00.000Z",
  updatedAt: "2026-11-20T10:00:00.000Z",
  messages: [],
  answers: [],
};

function storeWith(given: Partial<ConversationStore> = {}): ConversationStore {
  return {
    get: async (id) => (id === "missing" ? null : { ...stored, id }),
    hold: async () => async () => {},
    add: async () => "kept",
    remove: async () => true,
    ...given,
  };
}

function takerOf(given: Partial<ConversationStore> = {}) {
  const parts = { turns: createTurnQueue(), conversations: storeWith(given) };
  return async (request: Omit<AnswerRequest, "question">) => takeTurn({ question, ...request }, parts);
}

describe("takeTurn", () => {
  it("takes no room while it waits for its turn", async () => {
    const take = takerOf();
    const gate = createAnswerGate({ maxConcurrent: 2, maxWaiting: 0 });
    const admit = async (signal?: AbortSignal) => gate.enter(signal);
    const first = await take({ conversationId: "a", admit });
    const others = [1, 2, 3].map(async () => take({ conversationId: "a", admit }));
    const elsewhere = [await take({ admit })];
    await expect(take({ conversationId: "b", admit })).rejects.toMatchObject({ code: "rate_limited" });
    for (const { end } of elsewhere) await end();
    await (await take({ conversationId: "b", admit })).end();
    await first.end();
    for (const other of others) await (await other).end();
  });

  it("waits for other processes before it reads the conversation, and for room after that", async () => {
    const order: string[] = [];
    const take = takerOf({
      async hold() {
        order.push("hold");
        return async () => void order.push("give back");
      },
      async get(id) {
        order.push("read");
        return { ...stored, id };
      },
    });
    const admit = async () => {
      order.push("room");
      return () => void order.push("leave");
    };
    const { end } = await take({ conversationId: "a", admit });
    await end();
    expect(order).toEqual(["hold", "read", "room", "leave", "give back"]);
  });

  it("lets the next one begin where one is refused or goes away", async () => {
    const take = takerOf();
    const gone = new AbortController();
    const refusal = new Error("no room");
    const admit = async () => Promise.reject(refusal);
    await expect(take({ conversationId: "a", admit })).rejects.toBe(refusal);
    const running = await take({ conversationId: "a" });
    const waiting = take({ conversationId: "a", signal: gone.signal });
    const behind = take({ conversationId: "a" });
    gone.abort(refusal);
    await expect(waiting).rejects.toBe(refusal);
    await running.end();
    await (await behind).end();
  });

  it("finds a missing conversation without waiting for room", async () => {
    const admit = async () => Promise.reject(new TypeError("unexpected"));
    await expect(takerOf()({ conversationId: "missing", admit })).rejects.toMatchObject({
      code: "conversation_missing",
    });
    const request = { conversationId: "a", collection: "other", admit };
    await expect(takerOf()(request)).rejects.toMatchObject({ code: "usage_invalid" });
  });

  it("answers where a full disk keeps a conversation from being held", async () => {
    const take = takerOf({ hold: async () => Promise.reject(new CitewellError("store_full", "The disk is full.")) });
    const { earlier, end } = await take({ conversationId: "a" });
    expect(earlier.id).toBe("a");
    await end();
    const broken = takerOf({ hold: async () => Promise.reject(new TypeError("a mistake")) });
    await expect(broken({ conversationId: "a" })).rejects.toThrow("a mistake");
  });
});

describe("keepTurn", () => {
  const addition = { at: stored.createdAt, messages: [], answer: fakeAnswer(question) };

  it.each([
    ["kept", []],
    ["overtaken", [expect.stringMatching(/answered in this conversation meanwhile/)]],
    ["gone", [expect.stringMatching(/was removed meanwhile, so this answer is not kept/)]],
  ] as const)("says of what was %s what has to be known", async (outcome, sentences) => {
    expect(await keepTurn(stored, addition, storeWith({ add: async () => outcome }))).toEqual(sentences);
  });
});
