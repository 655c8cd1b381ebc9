import type { ChatMessage } from "../../domain/message.ts";

/**
 * The messages as they go to a model: older context-augmented prompts give way, oldest first, to a line that says so,
 * until the whole keeps within the budget of the newest one. The conversation itself keeps every message.
 */
export function foldContexts(messages: readonly ChatMessage[]): readonly ChatMessage[] {
  const newest = messages.findLastIndex(({ retrieval }) => retrieval !== undefined);
  const budget = messages[newest]?.retrieval?.tokenBudget;
  if (budget === undefined) return messages;
  const sizes = messages.map(tokensOf);
  let total = sizes.reduce((sum, size) => sum + size, 0);
  if (total <= budget) return messages;
  return messages.map((message, index) => {
    if (total <= budget || index >= newest || message.retrieval === undefined) return message;
    const folded = { ...message, content: foldedText(message) };
    total -= (sizes[index] ?? 0) - tokensOf({ ...folded, retrieval: undefined });
    return folded;
  });
}

/** Tokens of a message: counted where it carries a context, else taken as one for three characters. */
export function tokensOf({
  content,
  retrieval,
}: Pick<ChatMessage, "content"> & { retrieval?: ChatMessage["retrieval"] | undefined }): number {
  return retrieval?.tokens ?? Math.ceil(content.length / 3);
}

/** The line that stands for a prompt that was left out. */
export function foldedText({ retrieval }: ChatMessage): string {
  const markers = (retrieval?.passages ?? []).map(({ marker }) => `[${String(marker)}]`).join(" ");
  return `(Passages ${markers} were shown here; they are left out now for want of room.) Question: ${retrieval?.question ?? ""}`;
}
