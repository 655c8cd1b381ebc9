// Code over documents: the passages say how, the assistant writes the code, the proxy runs it.
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import {
  AssistantAgent,
  type ChatResult,
  createLocalExecutor,
  openEmbeddedStore,
  RetrieveUserProxyAgent,
} from "../../../src/index.ts";
import { type ExampleParts, runAsProgram, runChat } from "./example-program.ts";

const DOCUMENT = `# Quillon numbers

The Quillon number of n is n times n, plus three times n, plus seven.

## Printing

Quillon numbers are printed on one line, divided by commas.
`;

/** Asks for code that only the indexed documents make possible, and runs it. */
export async function runRagCodeTask(parts: ExampleParts): Promise<ChatResult> {
  const docsPath = join(parts.workDir, "documents");
  await mkdir(docsPath, { recursive: true });
  await writeFile(join(docsPath, "quillon.md"), DOCUMENT);
  await writeFile(join(docsPath, "ferries.md"), "# Ferries\n\nThe night ferry leaves from the old harbour.\n");
  const store = await openEmbeddedStore({ file: ":memory:" });
  const proxy = new RetrieveUserProxyAgent({
    name: "ragproxyagent",
    humanInputMode: "NEVER",
    maxConsecutiveAutoReply: 6,
    retrieveConfig: {
      task: "code",
      docsPath,
      vectorDb: store,
      ...(parts.embeddingFunction === undefined ? {} : { embeddingFunction: parts.embeddingFunction }),
    },
    codeExecutionConfig: createLocalExecutor({ workDir: join(parts.workDir, "code"), timeoutSeconds: 30 }),
  });
  const assistant = new AssistantAgent({ name: "assistant", ...parts.model });
  try {
    const problem = "Print the Quillon numbers of n = 1, 2 and 3 on one line, divided by commas. Use JavaScript.";
    return await runChat(proxy.streamChat(assistant, { message: proxy.messageGenerator, problem }), parts);
  } finally {
    await proxy.close();
    await store.close();
  }
}

await runAsProgram(import.meta.url, runRagCodeTask);
