import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createCollectionOpener } from "../../src/answering/open-collection.ts";
import type { AnswerEvent } from "../../src/domain/answer.ts";
import { createHashingEmbedder } from "../../src/embedding/hashing-embedder.ts";
import { createScriptedModel } from "../../src/language-model/scripted-model.ts";
import type { VectorStore } from "../../src/store/vector-store.ts";
import { answeringWith } from "../support/answering.ts";
import { openTestStore, storeFiles, type TestStore } from "../support/store-files.ts";

const FILES = { "lift.md": "# Lift\n\nThe lift carries eight people. It was repaired in March.\n" };

describe("the text of an answer as it is streamed", () => {
  const embedder = createHashingEmbedder();
  let opened: TestStore;
  beforeAll(async () => {
    opened = await openTestStore();
    await storeFiles(FILES, { store: opened.store, embedder, collection: "default" });
  });
  afterAll(() => opened.close());

  async function ask(replies: readonly string[], store: VectorStore = opened.store): Promise<readonly AnswerEvent[]> {
    const openCollection = createCollectionOpener({ store: opened.store, embedder });
    const { folder } = opened;
    const answerQuestion = answeringWith(createScriptedModel(replies), { store, embedder, folder, openCollection });
    const events: AnswerEvent[] = [];
    for await (const event of answerQuestion({ question: "How many people does the lift carry?" })) events.push(event);
    return events;
  }

  function streamed(events: readonly AnswerEvent[]): string {
    return events.flatMap((event) => (event.type === "delta" ? [event.text] : [])).join("");
  }

  it("lacks the markers that the answer lacks", async () => {
    const events = await ask([
      'It carries eight people [1]. It says "made of purple bananas" [1]. It flies [9]. See [1, 9]. Done [9]',
    ]);
    const last = events.at(-1);
    expect(last).toMatchObject({
      type: "answer",
      answer: { answer: 'It carries eight people [1]. It says "made of purple bananas". It flies. See [1]. Done' },
    });
    expect(last?.type === "answer" && last.answer.answer).toBe(streamed(events));
    expect(last?.type === "answer" && last.answer.droppedCitations).toHaveLength(4);
    expect(events.filter(({ type }) => type === "delta").length).toBeGreaterThan(3);
  });

  it.each([
    ["It carries eight people [1].", "answered"],
    ["It carries eight people.", "partial"],
    ["It carries eight people [9].", "partial"],
  ])("is the whole of an answer only with a citation that holds: %s", async (reply, status) => {
    const last = (await ask([reply])).at(-1);
    expect(last).toMatchObject({ type: "answer", answer: { status } });
  });

  it("has each marker checked once while it grows", async () => {
    const read: string[] = [];
    const store: VectorStore = {
      ...opened.store,
      readSpans: async (collection, spans, options) => {
        read.push(...spans.map(({ span }) => `${span.start}-${span.end}`));
        return opened.store.readSpans(collection, spans, options);
      },
    };
    await ask(["It carries eight people [1]. It was repaired in March [1]. All of this holds [1]."], store);
    // Once as it is streamed, and all of them for the whole answer.
    expect(read).toHaveLength(6);
  });

  it("keeps what only looks like a marker", async () => {
    const reply = "Use `x = [9]` and [9](https://example.com), as\n\n```js\nlist = [9];\n```\n\nsays [1].";
    expect(streamed(await ask([reply]))).toBe(reply);
  });
});
