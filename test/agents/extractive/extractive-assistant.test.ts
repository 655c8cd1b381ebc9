import { describe, expect, it } from "vitest";
import { ExtractiveAssistant } from "../../../src/agents/extractive/extractive-assistant.ts";
import type { ExtractiveAssistantOptions } from "../../../src/agents/extractive/extractive-assistant.ts";
import { RetrieveUserProxyAgent } from "../../../src/agents/retrieve/retrieve-user-proxy-agent.ts";
import { runRetrieveChat } from "../../../src/agents/retrieve/run-retrieve-chat.ts";
import type { Evidence, Hit } from "../../../src/domain/hit.ts";
import type { Embedder } from "../../../src/embedding/embedder.ts";
import { createHashingEmbedder } from "../../../src/embedding/hashing-embedder.ts";
import { createScriptedHumanInput } from "../../../src/human-input/scripted-human-input.ts";
import { findQuote } from "../../../src/retrieval/find-quote.ts";
import { narrowEmbedder } from "../../support/narrow-embedder.ts";
import { drain, makeHit, makeRetrieval } from "../made-up-corpus.ts";

const city = makeHit(
  [
    "The harbour of Lindmouth is the oldest part of the town.",
    "The lighthouse of Lindmouth was built in 1874 by Ada Fenwick. It is 31 metres tall.",
    "Tourists like the lighthouse in every season. Guided tours start at the gate.",
  ].join("\n"),
  { title: "Lindmouth" },
);
const install = makeHit(
  [
    "# Installing",
    "",
    "Install the tool with the package manager of your system:",
    "",
    "```sh",
    "brew install quillpen",
    "quillpen --version",
    "```",
    "",
    "The configuration file lies in the home folder and is read once when the program",
    "starts, so that a restart is needed after each change.",
  ].join("\n"),
  { source: "install.md" },
);

async function ask(
  question: string,
  {
    hits = [city, install],
    evidence = "good",
    ...options
  }: ExtractiveAssistantOptions & { hits?: readonly Hit[]; evidence?: Evidence } = {},
) {
  const retrieval = makeRetrieval(hits, { evidence });
  const proxy = new RetrieveUserProxyAgent({ name: "proxy", humanInputMode: "NEVER", retrieve: retrieval.retrieve });
  const assistant = new ExtractiveAssistant(options);
  const { result, events } = await drain(runRetrieveChat({ proxy, assistant, question, limit: 2 }));
  return { ...result, events };
}

describe("ExtractiveAssistant", () => {
  it("asks for further passages anew for each question of a conversation, and reads only those of the newest", async () => {
    const hits = Array.from({ length: 9 }, (_, at) =>
      makeHit(`Boats ${String(at)} lie here.`, { chunkIds: [String(at)] }),
    );
    const { retrieve } = makeRetrieval(hits);
    const proxy = new RetrieveUserProxyAgent({ name: "proxy", humanInputMode: "NEVER", retrieve });
    const assistant = new ExtractiveAssistant();
    const rounds: (number | undefined)[] = [];
    for (const clearHistory of [true, false]) {
      const question = { message: proxy.messageGenerator, problem: "How old is Oslo?", nResults: 2, clearHistory };
      rounds.push((await proxy.initiateChat(assistant, question)).retrieval?.rounds);
    }
    expect(rounds).toEqual([3, 3]);
  });

  it.each(["What is it? ", "aB", "word ", "What is it that ", "how many do "])(
    "reads a text of %j without end as any other question",
    async (part) => {
      const { status } = await ask(`${part.repeat(8_000)}?`.slice(-8_000));
      expect(["answered", "partial", "insufficient"]).toContain(status);
    },
  );

  it("does not answer the question before when the person behind the prompt asks another one", async () => {
    const { retrieve } = makeRetrieval([city]);
    const humanInput = createScriptedHumanInput(["How tall is the lighthouse?"]);
    const proxy = new RetrieveUserProxyAgent({ name: "proxy", humanInputMode: "ALWAYS", humanInput, retrieve });
    const question = { message: proxy.messageGenerator, problem: "Who built the lighthouse of Lindmouth?" };
    const { chatHistory, outcome, retrieval } = await proxy.initiateChat(new ExtractiveAssistant(), question);
    expect(chatHistory.at(-1)?.content).toBe("How tall is the lighthouse?");
    expect(outcome).toMatchObject({ reason: "no-reply", detail: expect.stringContaining("proxy.messageGenerator") });
    expect(retrieval?.answer).toContain("Ada Fenwick");
  });

  it.each([
    [{ name: "two words" }, /An agent's name must be 1 to 64 letters/],
    [{ max_requests: 1 }, /ExtractiveAssistant.max_requests is not supported: write maxRequests/],
    ["assistant", /ExtractiveAssistant takes an object with options, not "assistant"/],
  ])("refuses %j", (options, expected) => {
    expect(() => Reflect.construct(ExtractiveAssistant, [options])).toThrow(expected);
  });

  it("prefers a sentence with a year for a question that asks when", async () => {
    const { answer, status, model, costUsd } = await ask("When was the lighthouse of Lindmouth built?");
    expect(answer).toMatch(/^The lighthouse of Lindmouth was built in 1874 by Ada Fenwick\. \[1\]/);
    expect({ status, model, costUsd }).toEqual({ status: "answered", model: "extractive", costUsd: 0 });
  });

  it("prefers a sentence with a number for a question that asks how many or how tall", async () => {
    const { answer } = await ask("How tall is the lighthouse of Lindmouth?");
    expect(answer).toContain("It is 31 metres tall. [1]");
  });

  it("prefers a sentence with a name for a question that asks who", async () => {
    const hits = [
      makeHit("The old bridge was opened with music. The old bridge was opened by Mara Quist. The bridge is old."),
    ];
    const { answer } = await ask("Who opened the old bridge?", { hits });
    expect(answer.indexOf("Mara Quist")).toBeGreaterThan(-1);
  });

  it("quotes sentences that stand in the passages word for word", async () => {
    const { answer } = await ask("When was the lighthouse of Lindmouth built?");
    const quotes = answer.split("\n\n").map((part) => part.replace(/ \[1\]$/, ""));
    expect(quotes.length).toBeGreaterThanOrEqual(1);
    expect(quotes.length).toBeLessThanOrEqual(3);
    for (const quote of quotes) expect(findQuote(quote, city.text)).not.toBeNull();
  });

  it("gives the code of a passage for a question that asks how to do something", async () => {
    const { answer, status } = await ask("How do I install the tool with the package manager?");
    expect(status).toBe("answered");
    expect(answer).toContain("Install the tool with the package manager of your system: [");
    expect(answer).toContain("```sh\nbrew install quillpen\nquillpen --version\n```");
  });

  it("joins a sentence that was wrapped over two lines", async () => {
    const { answer } = await ask("Where does the configuration file lie and when is it read?");
    expect(answer).toContain("when the program starts, so that a restart is needed after each change. [");
  });

  it("does not take a heading for an answer, but lets it count for what stands below", async () => {
    const hits = [makeHit("# Backup schedule\n\nEvery night at two.\n\n# Colours\n\nBlue and green are used.")];
    const { answer } = await ask("What is the backup schedule?", { hits });
    expect(answer).toMatch(/^(?:Perhaps this helps[^:]*:\n\n)?Every night at two\. \[1\]/);
  });

  it("says that it does not know when no sentence holds enough of the question", async () => {
    const { status, answer, rounds, searches } = await ask("Which football club won the championship final?");
    expect(status).toBe("insufficient");
    expect(answer).toContain("I do not know");
    // It looked for more before it gave up.
    expect(rounds).toBe(2);
    expect(searches.length).toBeGreaterThan(1);
  });

  it("asks for more on weak evidence, then answers in part with a caveat", async () => {
    const { status, answer, rounds, events } = await ask("When was the lighthouse of Lindmouth built?", {
      evidence: "weak",
    });
    expect(status).toBe("partial");
    expect(rounds).toBeGreaterThan(1);
    expect(answer).toContain("Perhaps this helps");
    expect(answer).toContain("1874");
    const text = events.map((event) => (event.type === "delta" ? event.text : "")).join("");
    expect(text).toBe(answer);
  });

  it("answers from later passages under their own numbers", async () => {
    const other = makeHit("Nothing about it.", { chunkIds: ["x1"] });
    const another = makeHit("Still nothing.", { chunkIds: ["x2"] });
    const { answer, status } = await ask("When was the lighthouse of Lindmouth built?", {
      hits: [other, another, city],
    });
    expect(answer).toContain("1874 by Ada Fenwick. [3]");
    expect(status).toBe("answered");
  });

  it("gives a sentence that begins with a pronoun behind the one before it, under one marker", async () => {
    const hits = [makeHit("The mill stands near Lindmouth. It works without wind.\n\nThe gate is open.")];
    const { answer } = await ask("Does it work without wind?", { hits });
    expect(answer).toContain("The mill stands near Lindmouth. It works without wind. [1]");
  });

  it("reads out a table's row with the names of its columns", async () => {
    const hits = [makeHit("| setting | flag | default |\n|---|---|---|\n| `lamp` | `--lamp` | 40 |\n| `horn` | | 2 |")];
    const { answer } = await ask("What is the default of lamp?", { hits });
    expect(answer).toContain("`lamp` — flag: `--lamp`; default: 40 [1]");
  });

  it("gives sentences behind the best one in the order of their text where they stand side by side", async () => {
    const text = [
      "Lamps need oil. Old lamps of the tower need much more oil at night. The lamps of the tower need care.",
      "The lamps of the tower are lit by Ada Fenwick.",
    ].join("\n\n");
    const { answer } = await ask("Who lights the lamps of the tower?", { hits: [makeHit(text)] });
    expect(answer).toMatch(/^The lamps of the tower are lit by Ada Fenwick\. \[1\]/);
    const [early, late] = ["Old lamps of the tower", "The lamps of the tower need care"].map((one) =>
      answer.indexOf(one),
    );
    expect(early).toBeGreaterThan(0);
    expect(late).toBeGreaterThan(early ?? 0);
  });

  it("quotes two sentences at most where the passages only touch on the question", async () => {
    const text =
      "The lamps of the tower are old. The lamps of the harbour are new. The lamps of the bridge are red. Lamps need oil.";
    const { answer, status } = await ask("Where are lamps sold?", { hits: [makeHit(text)], evidence: "weak" });
    expect(status).toBe("partial");
    expect(answer.match(/\[1\]/g)?.length).toBeLessThanOrEqual(2);
  });

  it("does not know who did something where nobody is named", async () => {
    const hits = [
      makeHit("This book writes Quillpen for all of them. Ask something about Quillpen in your own words."),
    ];
    const { status } = await ask("Who designed Quillpen originally?", { hits, evidence: "weak" });
    expect(status).toBe("insufficient");
  });

  it("answers in spite of weak evidence where one sentence holds the question and is near in meaning", async () => {
    const embedder = { embed: async (texts: readonly string[]) => texts.map(() => Float32Array.from([1, 0])) };
    const hits = [makeHit("When a lamp is broken, the keeper changes it.")];
    const question = "What happens when a lamp is broken?";
    expect((await ask(question, { hits, evidence: "weak", embedder })).status).toBe("answered");
    expect((await ask(question, { hits, evidence: "weak" })).status).toBe("partial");
  });

  it("reads an embedder's cosines on the scale that its limits were measured on", async () => {
    const plain = createHashingEmbedder();
    const narrow = narrowEmbedder(plain, 0.75);
    const { similarityScale: _, ...bare } = narrow;
    const question = "Which volcano erupted in the previous century?";
    expect((await ask(question, { embedder: plain })).status).toBe("insufficient");
    expect((await ask(question, { embedder: narrow })).status).toBe("insufficient");
    expect((await ask(question, { embedder: bare })).status).not.toBe("insufficient");
  });

  it("lets an embedder choose between sentences with the same words", async () => {
    const hits = [makeHit("The engine is strong. The engine is new. The engine is red. The engine is loud.")];
    const embedder = {
      embed: async (texts: readonly string[]) =>
        texts.map((text) => Float32Array.from(/about|loud/.test(text) ? [1, 0] : [0, 1])),
    };
    expect((await ask("What about the engine?", { hits })).answer).not.toContain("loud");
    expect((await ask("What about the engine?", { hits, embedder })).answer).toContain("The engine is loud. [1]");
  });

  it("lets its sentences be embedded before what an ingestion has waiting", async () => {
    const hashing = createHashingEmbedder();
    const patient: unknown[] = [];
    const embedder: Pick<Embedder, "embed"> = {
      async embed(texts, options = {}) {
        if (options.purpose !== "query" && options.urgent !== true) patient.push(texts);
        return await hashing.embed(texts, options);
      },
    };
    const hits = [makeHit("The engine is strong. The engine is loud.")];
    expect((await ask("What about the engine?", { hits, embedder })).answer).toContain("engine");
    expect(patient).toEqual([]);
  });
});
