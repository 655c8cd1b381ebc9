// A group whose members search documents by a tool: no special agent is needed for that.
import {
  AssistantAgent,
  createRetrieveTool,
  GroupChat,
  GroupChatManager,
  openEmbeddedStore,
  openRetrieval,
  registerFunction,
  UserProxyAgent,
} from "../../../src/index.ts";
import type { ChatResult } from "../../../src/index.ts";
import { runAsProgram, runChat } from "./example-program.ts";
import type { ExampleParts } from "./example-program.ts";
import { writeTeaDocuments } from "./rag-question.ts";

/** Lets a host, a tea master and a reviewer find an answer. */
export async function runGroupWithRetrieval(parts: ExampleParts): Promise<ChatResult> {
  const { model, workDir, watchers, embeddingFunction } = parts;
  const store = await openEmbeddedStore({ file: ":memory:" });
  const opened = await openRetrieval({
    docsPath: await writeTeaDocuments(workDir),
    vectorDb: store,
    ...(embeddingFunction === undefined ? {} : { embeddingFunction }),
  });
  try {
    const host = new UserProxyAgent({ name: "host", description: "Asks, and runs searches.", humanInputMode: "NEVER" });
    const master = new AssistantAgent({ name: "tea_master", description: "Answers questions about tea.", ...model });
    const reviewer = new AssistantAgent({
      name: "reviewer",
      description: "Checks answers against documents.",
      ...model,
    });
    const tool = createRetrieveTool({ retrieve: opened.retrieve, limit: 2 });
    for (const caller of [master, reviewer]) registerFunction(tool, { caller, executor: host });
    const groupchat = new GroupChat({ agents: [host, master, reviewer], maxRound: 8 });
    const manager = new GroupChatManager({ groupchat, ...model });
    return await runChat(host.streamChat(manager, { message: "How is black tea steeped?" }), { watchers });
  } finally {
    await opened.close();
    await store.close();
  }
}

await runAsProgram(import.meta.url, runGroupWithRetrieval);
