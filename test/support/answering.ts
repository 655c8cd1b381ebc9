import path from "node:path";
import { createAnswerQuestion, type AnswerQuestionParts } from "../../src/answering/answer-question.ts";
import { createCollectionOpener } from "../../src/answering/open-collection.ts";
import type { AnswerQuestion } from "../../src/answering/use-cases.ts";
import { createFileConversationStore } from "../../src/conversations/file-conversation-store.ts";
import type { LanguageModel } from "../../src/language-model/language-model.ts";
import { createGptTokenCounter } from "../../src/tokens/gpt-token-counter.ts";

/** What {@link answeringWith} answers from; any other part may be given in place of the usual one. */
export interface TestAnswering extends Partial<AnswerQuestionParts> {
  readonly store: AnswerQuestionParts["store"];
  readonly embedder: AnswerQuestionParts["embedder"];
  /** Conversations are kept in its folder `conversations`. */
  readonly folder: string;
}

/** Makes the answering of questions with one model, from the documents of a store. */
export function answeringWith(model: LanguageModel, { folder, ...parts }: TestAnswering): AnswerQuestion {
  return createAnswerQuestion({
    openCollection: createCollectionOpener(parts),
    conversations: createFileConversationStore({ folder: path.join(folder, "conversations") }),
    tokenCounter: createGptTokenCounter(),
    modelNames: async () => [model.name],
    openModel: async () => model,
    ...parts,
  });
}
