import { z } from "@hono/zod-openapi";
import type { StoredConversation } from "../domain/conversation.ts";
import type { ChatMessage } from "../domain/message.ts";
import { answerSchema } from "./answer-schema.ts";
import { hitSchema } from "./search-schema.ts";

const messageSchema: z.ZodType<ChatMessage> = z
  .object({
    role: z.enum(["system", "user", "assistant", "tool"]),
    content: z.string(),
    name: z.string().exactOptional().openapi({ description: "The agent that said it." }),
    toolCalls: z.array(z.object({ id: z.string(), name: z.string(), arguments: z.string() })).exactOptional(),
    toolCallId: z.string().exactOptional(),
    retrieval: z
      .object({
        question: z.string(),
        query: z.string(),
        passages: z.array(z.object({ marker: z.int(), hit: hitSchema })),
        evidence: z.enum(["good", "weak", "none"]),
        exhausted: z.boolean(),
        roundsLeft: z.int().exactOptional(),
        tokens: z.int().exactOptional(),
        tokenBudget: z.int().exactOptional(),
      })
      .exactOptional()
      .openapi({ description: "What a context-augmented prompt stands on." }),
    request: z.object({ type: z.literal("update-context"), query: z.string().exactOptional() }).exactOptional(),
    standing: z.enum(["answered", "partial", "insufficient"]).exactOptional(),
    usage: z.object({ promptTokens: z.int(), completionTokens: z.int() }).exactOptional(),
    model: z.string().exactOptional(),
  })
  .openapi("Message");

/** A stored conversation, as it leaves the server. */
export const conversationSchema: z.ZodType<StoredConversation> = z
  .object({
    id: z.string(),
    collection: z.string(),
    createdAt: z.string(),
    updatedAt: z.string(),
    messages: z.array(messageSchema),
    answers: z.array(answerSchema),
  })
  .openapi("Conversation");
