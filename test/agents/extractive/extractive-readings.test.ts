import { describe, expect, it } from "vitest";
import { createConversation } from "../../../src/agents/conversation.ts";
import {
  ExtractiveAssistant,
  type ExtractiveAssistantOptions,
} from "../../../src/agents/extractive/extractive-assistant.ts";
import type { ChatMessage, RetrievalContext } from "../../../src/domain/message.ts";
import type { Embedder } from "../../../src/embedding/embedder.ts";
import { makeHit } from "../made-up-corpus.ts";

const PASSAGES = [
  makeHit("The lighthouse of Lindmouth was built in 1874 by Ada Fenwick. It is 31 metres tall."),
  makeHit("The harbour crane of Lindmouth lifts nine tonnes. It was repaired in 1990."),
].map((hit, index) => ({ marker: index + 1, hit }));

async function ask(
  question: string,
  reading: Pick<RetrievalContext, "standalone" | "parts">,
  options: ExtractiveAssistantOptions = {},
  passages: RetrievalContext["passages"] = PASSAGES,
): Promise<ChatMessage> {
  const retrieval: RetrievalContext = {
    question,
    query: question,
    passages,
    evidence: "good",
    exhausted: true,
    ...reading,
  };
  const message: ChatMessage = { role: "user", content: question, retrieval };
  const events = new ExtractiveAssistant(options).streamReply({
    messages: [message],
    sender: null,
    conversation: createConversation(["proxy", "assistant"]),
  });
  for (;;) {
    const next = await events.next();
    if (next.done !== true) continue;
    if (next.value.type !== "message") throw new TypeError("A message was expected.");
    return next.value.message;
  }
}

describe("the extractive assistant", () => {
  it("answers a follow-up question for what it means, its own words in front", async () => {
    const standalone = "When was the lighthouse of Lindmouth built? And the harbour crane, when repaired?";
    const { content } = await ask("And the harbour crane, when repaired?", { standalone });
    expect(content).toMatch(/^(?:The harbour crane of Lindmouth|It was repaired in 1990)/);
  });

  it("answers a follow-up question in the form that it asks for itself", async () => {
    const hit = makeHit("# Tar soap\n\nMelt it at 60 degrees.\n\n## Ingredients\n\n- Tar\n- Lye\n- Oil");
    const before = "What do I need for tar soap?";
    const own = "And how hot is tar soap melted?";
    const passages = [{ marker: 1, hit }];
    const { content } = await ask(own, { standalone: `${before} ${own}` }, {}, passages);
    expect(content).toContain("Melt it at 60 degrees");
    expect(content).not.toContain("Lye");
    expect((await ask(before, {}, {}, passages)).content).toMatch(/^- Tar/);
    // One without a form of its own asks as the one before, but not for the same list.
    const open = await ask("And the oil?", { standalone: `${before} And the oil?` }, {}, passages);
    expect(open.content).not.toContain("Lye");
    const rewritten = await ask("And for that?", { standalone: before }, {}, passages);
    expect(rewritten.content).toMatch(/^- Tar/);
  });

  it("answers each of several questions", async () => {
    const parts = ["Who built the lighthouse of Lindmouth?", "How many tonnes lifts the harbour crane?"];
    const { content, standing } = await ask(parts.join(" "), { parts });
    expect(content).toContain("Ada Fenwick. [1]");
    expect(content).toContain("lifts nine tonnes. [2]");
    expect(standing).toBe("answered");
  });

  it("answers in part where only some of them have an answer", async () => {
    const parts = ["Who built the lighthouse of Lindmouth?", "Which orchids bloom behind the observatory?"];
    const { content, standing } = await ask(parts.join(" "), { parts });
    expect(content).toContain("Ada Fenwick. [1]");
    expect(standing).toBe("partial");
  });

  it("quotes a sentence that answers two questions once", async () => {
    const parts = ["Who built the lighthouse of Lindmouth?", "When was the lighthouse of Lindmouth built?"];
    const { content } = await ask(parts.join(" "), { parts });
    expect(content.match(/Ada Fenwick/g)).toHaveLength(1);
  });

  it("answers the question in a text that tells of something else", async () => {
    const part = "Who built the lighthouse of Lindmouth?";
    const text = `We are a small club of eleven painters and bought a boat. ${part}`;
    expect((await ask(text, {})).standing).not.toBe("answered");
    const { content, standing } = await ask(text, { parts: [part] });
    expect(content).toContain("Ada Fenwick. [1]");
    expect(standing).toBe("answered");
  });

  it("answers it by the whole text where that says what is asked about", async () => {
    const part = "Was it repaired, and when?";
    const { content } = await ask(`The harbour crane of Lindmouth lifts nine tonnes. ${part}`, { parts: [part] });
    expect(content).toContain("harbour crane");
  });

  it("embeds no sentence twice for it", async () => {
    const embedded: string[] = [];
    const embed: Embedder["embed"] = async (texts, options) => {
      if (options?.purpose === "passage") embedded.push(...texts);
      return texts.map(() => Float32Array.of(1, 0));
    };
    const part = "Who built the lighthouse of Lindmouth?";
    const text = `We are a small club of eleven painters and bought a boat. ${part}`;
    await ask(text, { parts: [part] }, { embedder: { embed } });
    expect(embedded).toHaveLength(4);
    expect(new Set(embedded).size).toBe(4);
  });

  it("reads the names of those who speak from all passages", async () => {
    const chat = "Mara: I came by boat.\nJon: Where did you leave it?\nMara: At the weir, beside my cart.";
    const hits = [makeHit(chat), makeHit("Jon: Seven sacks of flour were lost at the lock.")];
    const passages = hits.map((hit, index) => ({ marker: index + 1, hit }));
    const { content } = await ask("How many sacks of flour did Jon lose at the lock?", {}, {}, passages);
    expect(content).toBe("**Jon:** Seven sacks of flour were lost at the lock. [2]");
  });
});
