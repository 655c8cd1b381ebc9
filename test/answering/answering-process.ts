import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { runToEnd } from "../../src/domain/run-to-end.ts";
import { createHashingEmbedder } from "../../src/embedding/hashing-embedder.ts";
import { createScriptedModel } from "../../src/language-model/scripted-model.ts";
import { openEmbeddedStore } from "../../src/store/embedded/embedded-store.ts";
import { answeringWith } from "../support/answering.ts";

/** What is asked in a process. */
export interface AnsweringProcessOptions {
  /** Holds `store.sqlite`, and `conversations`. */
  readonly folder: string;
  /** The conversation to go on with; null begins one. */
  readonly conversationId: string | null;
  readonly questions: readonly string[];
}

/**
 * Asks all questions at once, of a model that takes its time and tells how many answers it is reminded of; gives the
 * conversation's id and the answers.
 */
export async function askAtOnce({
  folder,
  conversationId,
  questions,
}: AnsweringProcessOptions): Promise<{ readonly conversationId: string; readonly answers: readonly string[] }> {
  const store = await openEmbeddedStore({ file: path.join(folder, "store.sqlite") });
  const model = createScriptedModel(
    questions.map(() => async ({ messages }) => {
      await sleep(50);
      return `Reminded of ${messages.filter(({ role }) => role === "assistant").length}. [1]`;
    }),
  );
  const answerQuestion = answeringWith(model, { store, embedder: createHashingEmbedder(), folder });
  try {
    const given = await Promise.all(
      questions.map(async (question) =>
        runToEnd(
          answerQuestion({ question, interpret: false, ...(conversationId === null ? {} : { conversationId }) }),
        ),
      ),
    );
    return {
      conversationId: given[0]?.conversationId ?? "",
      answers: given.map(({ answer, warnings = [] }) => [answer, ...warnings].join(" ")),
    };
  } finally {
    await store.close();
  }
}

if (import.meta.main) process.stdout.write(JSON.stringify(await askAtOnce(JSON.parse(process.argv[2] ?? ""))));
