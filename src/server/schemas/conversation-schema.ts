import { z } from "@hono/zod-openapi";
import type { StoredConversation } from "../../domain/conversation.ts";
import type { ChatMessage } from "../../domain/message.ts";
import { answerSchema } from "./answer-schema.ts";
import { hitSchema } from "./search-schema.ts";

const messageSchema: z.ZodType<ChatMessage> = z
  .object({
    role: z.enum(["system", "user", "assistant", "tool"]),
    content: z.string(),
    name: z.string().optional().openapi({ description: "The agent that said it." }),
    toolCalls: z.array(z.object({ id: z.string(), name: z.string(), arguments: z.string() })).optional(),
    toolCallId: z.string().optional(),
    toolResponses: z.array(z.object({ toolCallId: z.string(), content: z.string() })).optional(),
    context: z.record(z.string(), z.unknown()).optional(),
    retrieval: z
      .object({
        question: z.string(),
        corrected: z.string().optional().openapi({ description: "The question with misspelt words corrected." }),
        standalone: z.string().optional().openapi({ description: "The question without its conversation." }),
        parts: z.array(z.string()).optional().openapi({ description: "The questions in it, where it asks several." }),
        query: z.string(),
        passages: z.array(z.object({ marker: z.int(), hit: hitSchema })),
        evidence: z.enum(["good", "weak", "none"]),
        exhausted: z.boolean(),
        roundsLeft: z.int().optional(),
        tokens: z.int().optional(),
        tokenBudget: z.int().optional(),
      })
      .optional()
      .openapi({ description: "What a context-augmented prompt stands on." }),
    request: z.object({ type: z.literal("update-context"), query: z.string().optional() }).optional(),
    standing: z.enum(["answered", "partial", "insufficient"]).optional(),
    cutBy: z.enum(["length", "content_filter"]).optional(),
    usage: z.object({ promptTokens: z.int(), completionTokens: z.int() }).optional(),
    model: z.string().optional(),
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
