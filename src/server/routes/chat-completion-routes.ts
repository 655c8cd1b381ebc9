import { createRoute, z } from "@hono/zod-openapi";
import { checkQuestion } from "../../answering/check-request.ts";
import type { CollectionInfo } from "../../domain/collection.ts";
import { runToEnd } from "../../domain/run-to-end.ts";
import { completionBody, completionChunks, historyOf, questionOf, unreadPartOf } from "../chat-completion.ts";
import { eventsSchema } from "../schemas/answer-schema.ts";
import {
  chatRequestSchema,
  type ChatRequest,
  completionSchema,
  listedModelSchema,
  type ListedModel,
} from "../schemas/chat-completion-schema.ts";
import { jsonBody, jsonReply } from "../schemas/json-content.ts";
import { openAiErrorOf, type OpenAiError } from "../error-response.ts";
import { invalidField } from "../input-problems.ts";
import { replyWithEvents } from "../reply-with-events.ts";
import { answerInTurn, type RouteContext, type ServerApp } from "../route-context.ts";
import { workSignal } from "../server-env.ts";

const tags = ["OpenAI"];
const openAiErrorSchema: z.ZodType<OpenAiError> = z
  .object({
    error: z.object({
      message: z.string(),
      type: z.string(),
      param: z.string().nullable(),
      code: z.string().nullable(),
    }),
  })
  .openapi("OpenAiError");
const openAiErrors = { default: jsonReply("An error in OpenAI's shape.", openAiErrorSchema) };

const completionRoute = createRoute({
  method: "post",
  path: "/v1/chat/completions",
  tags,
  operationId: "createChatCompletion",
  summary: "Answer in OpenAI's shape",
  description:
    "The last user message is the question, and the messages before it say what it is about; settings of OpenAI's own models are let through and have no effect. " +
    "Citations are in `message.annotations` and in a top-level `citations`.",
  request: { body: jsonBody(chatRequestSchema) },
  responses: {
    200: {
      description: "The completion, or its chunks with `data: [DONE]` at the end.",
      content: { "application/json": { schema: completionSchema }, "text/event-stream": { schema: eventsSchema } },
    },
    ...openAiErrors,
  },
});

const modelsRoute = createRoute({
  method: "get",
  path: "/v1/models",
  tags,
  operationId: "listModels",
  summary: "One model id per collection",
  responses: {
    200: jsonReply(
      "The list.",
      z.object({ object: z.literal("list"), data: z.array(listedModelSchema) }).openapi("ModelList"),
    ),
    ...openAiErrors,
  },
});

const MODEL_PREFIX = "citewell/";

/** Adds `POST /v1/chat/completions` and `GET /v1/models`. */
export function addChatCompletionRoutes(app: ServerApp, context: RouteContext): void {
  const collections = context.useCases.collections;

  app.openapi(modelsRoute, async (c) =>
    c.json({ object: "list" as const, data: (await collections.list()).map(listedModel) }, 200),
  );

  // Model ids hold a slash, which a path parameter of OpenAPI cannot.
  app.get("/v1/models/:model{.+}", async (c) => {
    const id = c.req.param("model");
    const found = findCollection(await collections.list(), id);
    return found === undefined ? c.json(modelMissing(id), 404) : c.json(listedModel(found), 200);
  });

  app.openapi(completionRoute, async (c) => {
    const request = c.req.valid("json");
    const collection = findCollection(await collections.list(), request.model);
    if (collection === undefined) return c.json(modelMissing(request.model), 404);
    const question = readQuestion(request);
    const history = historyOf(request);
    const begin = (signal: AbortSignal): ReturnType<typeof answerInTurn> =>
      answerInTurn(context, { question, collection: collection.name, history, signal });
    const baseUrl = context.publicUrl ?? new URL(c.req.url).origin;
    const head = { model: request.model, collection: collection.name, baseUrl };
    if (request.stream !== true) return c.json(completionBody(await runToEnd(begin(workSignal(c))), head), 200);

    const includeUsage = request.stream_options?.include_usage === true;
    return replyWithEvents(c, {
      context,
      begin: (signal) => completionChunks(begin(signal), { ...head, includeUsage }),
      errorEvent: (problem) => ({ data: JSON.stringify(openAiErrorOf(problem)) }),
      numbered: false,
    });
  });
}

/** The question of a request; refuses what would get another reply than it asks for. */
function readQuestion(request: ChatRequest): string {
  const { n, response_format: format, tool_choice: choice, function_call: call, modalities } = request;
  const question = questionOf(request);
  if (question === undefined)
    throw invalidField("messages", "No message has the role `user`; the last one is the question.");
  if ((n ?? 1) !== 1) throw invalidField("n", "Only one answer is given; leave `n` out.");
  if ((format?.type ?? "text") !== "text")
    throw invalidField("response_format", "Answers are text with citations; leave `response_format` out.");
  if (!["none", "auto"].includes(typeof choice === "object" ? (choice?.type ?? "auto") : (choice ?? "auto")))
    throw invalidField("tool_choice", "Tools are never called here; leave `tool_choice` out.");
  if (typeof call === "object" ? call !== null : !["none", "auto"].includes(call ?? "auto"))
    throw invalidField("function_call", "Functions are never called here; leave `function_call` out.");
  if (modalities?.some((kind) => kind !== "text") === true)
    throw invalidField("modalities", "Answers are text; leave `modalities` out.");
  if (question.trim() === "")
    throw invalidField("messages", "The last message of role `user` has no text; write the question there.");
  const part = unreadPartOf(request);
  if (part !== undefined)
    throw invalidField(
      "messages",
      `The question has a part of type "${part}", and only text is read; write it in words.`,
    );
  checkQuestion("messages", question, { name: "last message of role `user`" });
  return question;
}

function findCollection(collections: readonly CollectionInfo[], model: string): CollectionInfo | undefined {
  return (
    collections.find(({ name }) => name === model) ?? collections.find(({ name }) => `${MODEL_PREFIX}${name}` === model)
  );
}

function listedModel({ name, createdAt }: CollectionInfo): ListedModel {
  const created = Math.floor(Date.parse(createdAt) / 1_000);
  return {
    id: `${MODEL_PREFIX}${name}`,
    object: "model",
    created: Number.isNaN(created) ? 0 : created,
    owned_by: "citewell",
  };
}

function modelMissing(model: string): OpenAiError {
  return {
    error: {
      message: `The model "${model}" does not exist; GET /v1/models lists one model per collection.`,
      type: "invalid_request_error",
      param: "model",
      code: "model_not_found",
    },
  };
}
