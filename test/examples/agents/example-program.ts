import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type {
  ChatEvent,
  ChatResult,
  ConversableAgentOptions,
  EmbeddingFunction,
  RunWatcher,
} from "../../../src/index.ts";
import { createConsolePrinter, readConfigList, runToEnd, watchRun } from "../../../src/index.ts";

/** What every example is given. */
export interface ExampleParts {
  /** The model of its agents: `model`, or `llmConfig` with a list of models. */
  readonly model: Pick<ConversableAgentOptions, "model" | "llmConfig">;
  /** A folder of its own. */
  readonly workDir: string;
  /** Follow its chats. */
  readonly watchers: readonly RunWatcher[];
  /** Turns texts into vectors. Default: the bundled model. */
  readonly embeddingFunction?: EmbeddingFunction;
}

/** Runs a chat to its end, watched. */
export async function runChat(
  events: AsyncGenerator<ChatEvent, ChatResult>,
  { watchers }: Pick<ExampleParts, "watchers">,
): Promise<ChatResult> {
  return runToEnd(watchRun(events, { watchers }));
}

/**
 * Runs an example with the models of `OAI_CONFIG_LIST` when its file is the program that was started:
 * `OAI_CONFIG_LIST='[{"model":"gpt-4o-mini","api_key":"…"}]' node test/examples/agents/maths-with-tools.ts`.
 */
export async function runAsProgram(url: string, example: (parts: ExampleParts) => Promise<unknown>): Promise<void> {
  if (url !== pathToFileURL(process.argv[1] ?? "").href) return;
  const list = process.env["OAI_CONFIG_LIST"];
  if (list === undefined || list.trim() === "") {
    process.stderr.write("Set OAI_CONFIG_LIST to a list of models, or to the path of a file with one.\n");
    process.exitCode = 2;
    return;
  }
  const { entries } = await readConfigList(list);
  const workDir = await mkdtemp(join(tmpdir(), "citewell-example-"));
  process.stdout.write(`Files are in ${workDir}\n`);
  await example({ model: { llmConfig: { configList: entries } }, workDir, watchers: [createConsolePrinter()] });
}
