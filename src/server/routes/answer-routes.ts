import { createRoute, z } from "@hono/zod-openapi";
import type { Context } from "hono";
import { checkQuestion } from "../../answering/check-request.ts";
import type { AnswerRequest } from "../../answering/use-cases.ts";
import type { AnswerEvent } from "../../domain/answer.ts";
import { runToEnd } from "../../domain/run-to-end.ts";
import {
  answerBody,
  answerSchema,
  collectionNameSchema,
  eventsSchema,
  questionSchema,
} from "../schemas/answer-schema.ts";
import { filterSchema, interpretSchema } from "../schemas/interpretation-schema.ts";
import type { ServerSentEvent } from "../event-stream.ts";
import { replyWithEvents } from "../reply-with-events.ts";
import { jsonBody } from "../schemas/json-content.ts";
import { problemResponses } from "../schemas/problem-schema.ts";
import { strictFields } from "../schemas/strict-fields.ts";
import { conversationLinks } from "../schemas/response-links.ts";
import { answerInTurn, type RouteContext, type ServerApp } from "../route-context.ts";
import { hitBody } from "../schemas/search-schema.ts";
import { workSignal, type ServerEnv } from "../server-env.ts";

const answerRequestSchema = strictFields({
  question: questionSchema,
  collection: collectionNameSchema.optional(),
  task: z.enum(["qa", "code", "default"]).optional().openapi({ description: "Picks the prompt; `qa` by default." }),
  limit: z.int().min(1).max(50).optional().openapi({ description: "Spans a round adds at most; 5 by default." }),
  maxRounds: z.int().min(1).max(20).optional().openapi({ description: "Requests to the assistant; 4 by default." }),
  model: z.string().min(1).optional().openapi({ description: "A configured model, or `extractive`." }),
  conversationId: z.string().min(1).optional().openapi({ description: "Continues a stored conversation." }),
  filter: filterSchema.optional(),
  interpret: interpretSchema.optional(),
  stream: z.boolean().optional().openapi({ description: "Server-sent events instead of one object." }),
}).openapi("AnswerRequest", { example: { question: "How do I install it?", limit: 5 } });

const route = createRoute({
  method: "post",
  path: "/v1/answers",
  tags: ["Answers"],
  operationId: "createAnswer",
  summary: "Answer a question with citations",
  description:
    "With `stream: true` the reply is a stream of events: `retrieval` (query, hits, interpretation), `context-update` (round, query), " +
    "`delta` (text), last `answer` (the whole object) or `error` (a problem object). Closing the connection stops the work.",
  request: { body: jsonBody(answerRequestSchema) },
  responses: {
    200: {
      description: "The answer, or its events.",
      content: {
        "application/json": { schema: answerSchema },
        "text/event-stream": {
          schema: eventsSchema.openapi({ example: 'event: delta\nid: 2\ndata: {"text":"Run"}\n\n' }),
        },
      },
      links: conversationLinks("$response.body#/conversationId"),
    },
    ...problemResponses,
  },
});

/** Adds `POST /v1/answers`. */
export function addAnswerRoutes(app: ServerApp, context: RouteContext): void {
  app.openapi(route, async (c) => {
    const { stream = false, ...request } = c.req.valid("json");
    checkQuestion("question", request.question);
    // A conversation has its own.
    const collection = request.conversationId === undefined ? context.collection : undefined;
    return replyWithAnswer(c, { context, request: { collection, ...request }, stream });
  });
}

/** Options of {@link replyWithAnswer}. */
export interface ReplyWithAnswerOptions {
  readonly context: RouteContext;
  /** The question; its signal is set here. */
  readonly request: Omit<AnswerRequest, "signal">;
  /** Whether to reply with events. */
  readonly stream: boolean;
}

/** Answers a question, as one object or as events. */
export async function replyWithAnswer(
  c: Context<ServerEnv>,
  { context, request, stream }: ReplyWithAnswerOptions,
): Promise<Response> {
  const begin = (signal: AbortSignal): ReturnType<typeof answerInTurn> => answerInTurn(context, { ...request, signal });
  if (!stream) return c.json(answerBody(await runToEnd(begin(workSignal(c)))), 200);
  return replyWithEvents(c, {
    context,
    begin: (signal) => worded(begin(signal)),
    errorEvent: (problem) => ({ event: "error", data: JSON.stringify(problem) }),
  });
}

async function* worded(events: AsyncGenerator<AnswerEvent, unknown>): AsyncGenerator<ServerSentEvent> {
  for await (const event of events) yield wordedEvent(event);
}

function wordedEvent(event: AnswerEvent): ServerSentEvent {
  switch (event.type) {
    case "retrieval":
      return { event: event.type, data: JSON.stringify(retrievalBody(event)) };
    case "context-update":
      return { event: event.type, data: JSON.stringify({ round: event.round, query: event.query }) };
    case "delta":
      return { event: event.type, data: JSON.stringify({ text: event.text }) };
    case "answer":
      return { event: event.type, data: JSON.stringify(answerBody(event.answer)) };
  }
}

function retrievalBody({ query, hits, interpretation }: Extract<AnswerEvent, { type: "retrieval" }>): object {
  return { query, hits: hits.map(hitBody), interpretation };
}
