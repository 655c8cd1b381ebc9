import { describe, expect, it } from "vitest";
import type { SearchRequest } from "../../src/answering/use-cases.ts";
import type { Interpretation } from "../../src/domain/hit.ts";
import { createFakeUseCases, createRecordingUseCases, fakeAnswer, HIT } from "./fake-use-cases.ts";
import { createHarness, eventsIn, jsonOf } from "./server-harness.ts";

const INTERPRETATION: Interpretation = {
  queries: [{ query: "keys", reason: "asked", weight: 1, evidence: "good" }],
  fusion: "best",
  filter: { words: "in the guide", filter: { source: ["guide.md"] }, applied: true },
  standalone: null,
  corrections: [{ written: "keyz", read: "keys" }],
};

describe("questions that are read, over HTTP", () => {
  it("takes further queries and the wish for none of it, and tells what was read", async () => {
    const seen: SearchRequest[] = [];
    const fakes = createFakeUseCases();
    const harness = createHarness({
      useCases: {
        ...fakes,
        searchCorpus: async (request) => {
          seen.push(request);
          return { ...(await fakes.searchCorpus(request)), interpretation: INTERPRETATION };
        },
      },
    });
    const response = await harness.post("/v1/search", { query: "keys", queries: ["locks"], interpret: false });
    expect(await jsonOf(response)).toMatchObject({ query: "keys", interpretation: INTERPRETATION });
    expect(seen[0]).toMatchObject({ query: "keys", queries: ["locks"], interpret: false });
  });

  it("refuses empty and too many further queries", async () => {
    const harness = createHarness();
    const empty = await harness.post("/v1/search", { query: "keys", queries: ["  "] });
    expect(empty.status).toBe(400);
    expect(await jsonOf(empty)).toMatchObject({ errors: [{ path: "queries.0" }] });
    const many = await harness.post("/v1/search", { query: "keys", queries: Array.from({ length: 9 }, () => "x") });
    expect(many.status).toBe(400);
  });

  it("hands interpret on, and shows the reading in answer and events", async () => {
    const { useCases, seen } = createRecordingUseCases();
    await createHarness({ useCases }).post("/v1/answers", { question: "And keys?", interpret: false });
    expect(seen[0]).toMatchObject({ interpret: false });

    const answer = { ...fakeAnswer("keys"), searches: [{ query: "keys", hits: 1, interpretation: INTERPRETATION }] };
    const harness = createHarness({
      useCases: createFakeUseCases({
        async *answerQuestion() {
          yield { type: "retrieval", query: "keys", hits: [HIT], interpretation: INTERPRETATION };
          yield { type: "answer", answer };
          return answer;
        },
      }),
    });
    const response = await harness.post("/v1/answers", { question: "keys", stream: true });
    const events = eventsIn(await response.text());
    expect(JSON.parse(events[0]?.data ?? "")).toMatchObject({ interpretation: INTERPRETATION });
    expect(JSON.parse(events[1]?.data ?? "")).toMatchObject({ searches: [{ interpretation: INTERPRETATION }] });
  });

  it("hands the messages before the question on as its conversation", async () => {
    const { useCases, seen } = createRecordingUseCases();
    const harness = createHarness({ useCases });
    const messages = [
      { role: "system", content: "Be brief." },
      { role: "user", content: "How is it installed?" },
      { role: "assistant", content: "With the installer." },
      { role: "user", content: "Nobody answers this." },
      { role: "user", content: [{ type: "text", text: "And on Windows?" }] },
    ];
    await harness.post("/v1/chat/completions", { model: "default", messages });
    expect(seen[0]).toMatchObject({
      question: "And on Windows?",
      history: [
        { question: "How is it installed?", answer: "With the installer." },
        { question: "Nobody answers this.", answer: "" },
      ],
    });
    await harness.post("/v1/chat/completions", { model: "default", messages: messages.slice(0, 2) });
    expect(seen[1]).toMatchObject({ history: [] });
  });
});
