import { createRoute, z } from "@hono/zod-openapi";
import { checkQuestion } from "../../answering/check-request.ts";
import type { StoredConversation } from "../../domain/conversation.ts";
import { CitewellError } from "../../errors.ts";
import { answerBody, answerSchema, eventsSchema, questionSchema } from "../schemas/answer-schema.ts";
import { conversationSchema } from "../schemas/conversation-schema.ts";
import { jsonBody, jsonReply } from "../schemas/json-content.ts";
import { problemResponses } from "../schemas/problem-schema.ts";
import { strictFields } from "../schemas/strict-fields.ts";
import { conversationLinks } from "../schemas/response-links.ts";
import type { RouteContext, ServerApp } from "../route-context.ts";
import { replyWithAnswer } from "./answer-routes.ts";

const tags = ["Conversations"];
const byId = z.object({ id: z.string().min(1) });

const readRoute = createRoute({
  method: "get",
  path: "/v1/conversations/{id}",
  tags,
  operationId: "readConversation",
  summary: "The whole exchange between the agents",
  request: { params: byId },
  responses: {
    200: jsonReply("The conversation.", conversationSchema),
    ...problemResponses,
  },
});

const removeRoute = createRoute({
  method: "delete",
  path: "/v1/conversations/{id}",
  tags,
  operationId: "removeConversation",
  summary: "Remove a conversation",
  description: "An answer under way still comes, with a warning that it is not kept.",
  request: { params: byId },
  responses: { 204: { description: "Removed." }, ...problemResponses },
});

const messageRoute = createRoute({
  method: "post",
  path: "/v1/conversations/{id}/messages",
  tags,
  operationId: "replyToConversation",
  summary: "A person's reply",
  description: "Goes on with a stored conversation in its collection; the reply is an answer, or its events.",
  request: {
    params: byId,
    body: jsonBody(
      strictFields({ content: questionSchema, stream: z.boolean().optional() }).openapi("ConversationMessage", {
        example: { content: "And on Windows?" },
      }),
    ),
  },
  responses: {
    200: {
      description: "The answer, or its events as in `POST /v1/answers`.",
      content: { "application/json": { schema: answerSchema }, "text/event-stream": { schema: eventsSchema } },
      links: conversationLinks("$response.body#/conversationId"),
    },
    ...problemResponses,
  },
});

/** Adds the routes of conversations. */
export function addConversationRoutes(app: ServerApp, context: RouteContext): void {
  const { conversations } = context.useCases;
  const read = async (id: string): Promise<StoredConversation> => {
    const conversation = await conversations.get(id);
    if (conversation === null) throw missing(id);
    return conversation;
  };

  app.openapi(readRoute, async (c) => {
    const conversation = await read(c.req.valid("param").id);
    return c.json({ ...conversation, answers: conversation.answers.map(answerBody) }, 200);
  });

  app.openapi(removeRoute, async (c) => {
    const { id } = c.req.valid("param");
    if (!(await conversations.remove(id))) throw missing(id);
    return c.body(null, 204);
  });

  app.openapi(messageRoute, async (c) => {
    const { content, stream = false } = c.req.valid("json");
    checkQuestion("content", content, { name: "message" });
    const { id, collection } = await read(c.req.valid("param").id);
    return replyWithAnswer(c, { context, request: { question: content, collection, conversationId: id }, stream });
  });
}

function missing(id: string): CitewellError {
  return new CitewellError(
    "conversation_missing",
    `There is no conversation ${id}; start one with POST /v1/answers and use its conversationId.`,
  );
}
