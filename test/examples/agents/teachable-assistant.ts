// What a person tells an assistant in one chat is known in the next.
import { join } from "node:path";
import {
  AssistantAgent,
  createFunctionEmbedder,
  type Memo,
  openEmbedder,
  openEmbeddedStore,
  Teachability,
  UserProxyAgent,
} from "../../../src/index.ts";
import { type ExampleParts, runAsProgram, runChat } from "./example-program.ts";

/** What came of the example. */
export interface TeachableRun {
  readonly answer: string;
  readonly memos: readonly Memo[];
}

/** Teaches a fact in one chat, and asks for it in another one with a new agent. */
export async function runTeachableAssistant(parts: ExampleParts): Promise<TeachableRun> {
  const store = await openEmbeddedStore({ file: ":memory:" });
  const { embeddingFunction } = parts;
  const embedder = await (embeddingFunction === undefined
    ? openEmbedder({ cacheFolder: join(parts.workDir, "models") })
    : createFunctionEmbedder(embeddingFunction));
  const teachability = new Teachability({ store, embedder, user: "ada" });
  const chat = async (message: string): Promise<string> => {
    const assistant = new AssistantAgent({ name: "assistant", ...parts.model });
    teachability.addToAgent(assistant);
    const user = new UserProxyAgent({ name: "user", humanInputMode: "NEVER" });
    return (await runChat(user.streamChat(assistant, { message, maxTurns: 1 }), parts)).summary;
  };
  try {
    await chat("The Vicuna is the newest of our ferries; it takes forty cars.");
    const answer = await chat("How many cars does the Vicuna take?");
    return { answer, memos: await teachability.list() };
  } finally {
    await embedder.close();
    await store.close();
  }
}

await runAsProgram(import.meta.url, runTeachableAssistant);
