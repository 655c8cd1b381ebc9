// Documents arrive while the agents are at work; a later question finds what came in since the one before.
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import {
  AssistantAgent,
  createFunctionEmbedder,
  createIngestCorpus,
  createRetriever,
  openEmbedder,
  openEmbeddedStore,
  RetrieveUserProxyAgent,
} from "../../../src/index.ts";
import { type ExampleParts, runAsProgram, runChat } from "./example-program.ts";

const QUESTION = "Which harbour does the night ferry leave from?";
const ARRIVALS: readonly (readonly [name: string, text: string])[] = [
  ["monday.md", "# Monday\n\nThe canteen of the town hall serves soup.\n"],
  ["tuesday.md", "# Tuesday\n\nThe night ferry leaves from the old harbour.\n"],
  ["wednesday.md", "# Wednesday\n\nFrom this day on the night ferry leaves from the western harbour instead.\n"],
];

/** Asks the same question each time that a document has arrived. */
export async function runContinualLearning(parts: ExampleParts): Promise<readonly string[]> {
  const folder = join(parts.workDir, "news");
  await mkdir(folder, { recursive: true });
  const store = await openEmbeddedStore({ file: ":memory:" });
  const { embeddingFunction } = parts;
  const embedder = await (embeddingFunction === undefined
    ? openEmbedder({ cacheFolder: join(parts.workDir, "models") })
    : createFunctionEmbedder(embeddingFunction));
  const ingest = createIngestCorpus({ store, embedder });
  const retrieve = createRetriever({ store, embedder, collection: "news", chunkTokens: 150 });
  const proxy = new RetrieveUserProxyAgent({
    name: "ragproxyagent",
    humanInputMode: "NEVER",
    retrieveConfig: { task: "qa" },
    retrieve,
    codeExecutionConfig: false,
  });
  const answers: string[] = [];
  try {
    for (const [name, text] of ARRIVALS) {
      await writeFile(join(folder, name), text);
      for await (const event of ingest({ collection: "news", roots: [folder] })) {
        if (event.type === "ingest-end") answers.push(`${String(event.report.documents.added)} added`);
      }
      const assistant = new AssistantAgent({ name: "assistant", ...parts.model });
      const chat = proxy.streamChat(assistant, { message: proxy.messageGenerator, problem: QUESTION });
      answers.push((await runChat(chat, parts)).summary);
    }
    return answers;
  } finally {
    await embedder.close();
    await store.close();
  }
}

await runAsProgram(import.meta.url, runContinualLearning);
