import { execFile } from "node:child_process";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, it, onTestFinished } from "vitest";
import { createFileConversationStore } from "../../src/conversations/file-conversation-store.ts";
import { createHashingEmbedder } from "../../src/embedding/hashing-embedder.ts";
import { openTestStore, storeFiles } from "../support/store-files.ts";
import { askAtOnce, type AnsweringProcessOptions } from "./answering-process.ts";

const SCRIPT = fileURLToPath(new URL("answering-process.ts", import.meta.url));

async function askElsewhere(options: AnsweringProcessOptions): ReturnType<typeof askAtOnce> {
  const { stdout } = await promisify(execFile)(process.execPath, [SCRIPT, JSON.stringify(options)]);
  return JSON.parse(stdout);
}

it("answers the questions of one conversation one after the other in two processes, and loses none", async () => {
  const { folder, store, close } = await openTestStore();
  onTestFinished(close);
  const text = "# Seals\n\nA certificate is renewed with the program sealmaker.\n";
  await storeFiles({ "seals.md": text }, { store, embedder: createHashingEmbedder(), collection: "default" });
  const question = "How is a certificate renewed?";
  const first = await askAtOnce({ folder, conversationId: null, questions: [question] });
  expect(first.answers).toEqual(["Reminded of 0. [1]"]);

  const { conversationId } = first;
  const questionsOf = (name: string) => [1, 2, 3].map((number) => `${question} (${name} ${number})`);
  const given = await Promise.all(
    ["one", "other"].map(async (name) => askElsewhere({ folder, conversationId, questions: questionsOf(name) })),
  );

  const answers = given.flatMap((one) => one.answers);
  expect(answers.toSorted()).toEqual([1, 2, 3, 4, 5, 6].map((count) => `Reminded of ${count}. [1]`));
  const stored = await createFileConversationStore({ folder: path.join(folder, "conversations") }).get(conversationId);
  expect(stored?.answers.map(({ answer }) => answer)).toEqual(
    [0, 1, 2, 3, 4, 5, 6].map((count) => `Reminded of ${count}. [1]`),
  );
  expect(
    stored?.answers
      .slice(1)
      .map((answer) => answer.question)
      .toSorted(),
  ).toEqual([...questionsOf("one"), ...questionsOf("other")].toSorted());
});
