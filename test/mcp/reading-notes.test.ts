import { describe, expect, it } from "vitest";
import type { AnswerRequest, SearchRequest } from "../../src/answering/use-cases.ts";
import type { Interpretation } from "../../src/domain/hit.ts";
import { fakeAnswer } from "../server/fake-use-cases.ts";
import { connectClient, textOf } from "./connect-client.ts";

const INTERPRETATION: Interpretation = {
  queries: [{ query: "keys", reason: "asked", weight: 1, evidence: "good" }],
  fusion: "best",
  filter: { words: "in the guide", filter: { source: ["guide.md"] }, applied: true },
  standalone: { text: "How are locks changed? And keys?", by: "rules", why: "it begins as a continuation" },
  corrections: [{ written: "keyz", read: "keys" }],
};
const CORRECTED = "Read “keyz” as “keys”; interpret: false searches for what was written.";
const NOTE = "Searched in guide.md only, because of “in the guide”; interpret: false searches everything.";

describe("questions that are read, over MCP", () => {
  it("takes further queries, and notes misspelt words and a filter that stood in the words", async () => {
    const seen: SearchRequest[] = [];
    const client = await connectClient({
      useCases: {
        searchCorpus: async (request) => {
          seen.push(request);
          return {
            query: request.query,
            collection: "default",
            mode: "hybrid",
            hits: [],
            evidence: "none",
            timing: { embedMs: 0, searchMs: 0 },
            interpretation: INTERPRETATION,
          };
        },
      },
    });
    const call = { query: "keys", queries: ["locks"], interpret: false };
    const result = await client.callTool({ name: "search_docs", arguments: call });
    expect(seen[0]).toMatchObject(call);
    expect(textOf(result)).toContain(`Note: ${NOTE}`);
    expect(result.structuredContent).toMatchObject({ notes: [CORRECTED, NOTE] });
  });

  it("notes what went wrong beside an answer", async () => {
    const answer = { ...fakeAnswer("How?"), warnings: ["The reply was cut off."] };
    const client = await connectClient({
      useCases: {
        async *answerQuestion() {
          yield { type: "answer", answer };
          return answer;
        },
      },
    });
    const result = await client.callTool({ name: "ask", arguments: { question: "How?" } });
    expect(textOf(result)).toContain("Note: The reply was cut off.");
    expect(result.structuredContent).toMatchObject({ notes: ["The reply was cut off."] });
  });

  it("notes how a follow-up question was understood", async () => {
    const seen: AnswerRequest[] = [];
    const answer = {
      ...fakeAnswer("And keys?"),
      searches: [{ query: "keys", hits: 1, interpretation: INTERPRETATION }],
    };
    const client = await connectClient({
      useCases: {
        async *answerQuestion(request) {
          seen.push(request);
          yield { type: "answer", answer };
          return answer;
        },
      },
    });
    const call = { question: "And keys?", conversation_id: "c", interpret: true };
    const result = await client.callTool({ name: "ask", arguments: call });
    expect(seen[0]).toMatchObject({ question: "And keys?", conversationId: "c", interpret: true });
    expect(textOf(result)).toContain(`Note: ${CORRECTED}`);
    expect(textOf(result)).toContain("Note: Understood from the conversation as: How are locks changed? And keys?");
  });
});
