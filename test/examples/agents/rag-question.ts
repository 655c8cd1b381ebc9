// A question over documents, answered with the numbers of the passages it stands on.
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { AssistantAgent, openEmbeddedStore, RetrieveUserProxyAgent } from "../../../src/index.ts";
import type { ChatResult } from "../../../src/index.ts";
import { runAsProgram, runChat } from "./example-program.ts";
import type { ExampleParts } from "./example-program.ts";

/** Writes the documents of the examples about retrieval. */
export async function writeTeaDocuments(workDir: string): Promise<string> {
  const folder = join(workDir, "docs");
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "green.md"), "# Green tea\n\nGreen tea is steeped at 70 degrees for two minutes.\n");
  await writeFile(join(folder, "black.md"), "# Black tea\n\nBlack tea is steeped at 95 degrees for four minutes.\n");
  return folder;
}

/** Asks one question. */
export async function runRagQuestion({
  model,
  workDir,
  watchers,
  embeddingFunction,
}: ExampleParts): Promise<ChatResult> {
  const assistant = new AssistantAgent({ name: "assistant", systemMessage: "You are a helpful assistant.", ...model });
  const store = await openEmbeddedStore({ file: ":memory:" });
  const ragProxyAgent = new RetrieveUserProxyAgent({
    name: "ragproxyagent",
    humanInputMode: "NEVER",
    maxConsecutiveAutoReply: 3,
    retrieveConfig: {
      task: "qa",
      docsPath: await writeTeaDocuments(workDir),
      vectorDb: store,
      ...(embeddingFunction === undefined ? {} : { embeddingFunction }),
    },
  });
  try {
    const problem = "For how long is green tea steeped?";
    const chat = ragProxyAgent.streamChat(assistant, { message: ragProxyAgent.messageGenerator, problem });
    return await runChat(chat, { watchers });
  } finally {
    await ragProxyAgent.close();
    await store.close();
  }
}

await runAsProgram(import.meta.url, runRagQuestion);
