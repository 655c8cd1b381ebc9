import { createRoute, z } from "@hono/zod-openapi";
import type { CollectionInfo } from "../../domain/collection.ts";
import { runToEnd } from "../../domain/run-to-end.ts";
import { CitewellError } from "../../errors.ts";
import { completionBody, completionChunks, historyOf, questionOf, unreadPartOf } from "../chat-completion.ts";
import { eventsSchema } from "../schemas/answer-schema.ts";
import {
  chatRequestSchema,
  type ChatRequest,
  completionSchema,
  listedModelSchema,
  type ListedModel,
} from "../schemas/chat-completion-schema.ts";
import { openAiErrorOf, problemOf, SHUTDOWN_REASON, type OpenAiError } from "../error-response.ts";
import { createEventStream, EVENT_STREAM_HEADERS, withFirstEvent } from "../event-stream.ts";
import { answerInTurn, type RouteContext, type ServerApp } from "../route-context.ts";
import { workSignal } from "../server-env.ts";
import { checkQuestion } from "./answer-routes.ts";

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
const openAiErrors = {
  default: {
    description: "An error in OpenAI's shape.",
    content: { "application/json": { schema: openAiErrorSchema } },
  },
} as const;

const completionRoute = createRoute({
  method: "post",
  path: "/v1/chat/completions",
  tags,
  operationId: "createChatCompletion",
  summary: "Answer in OpenAI's shape",
  description:
    "The last user message is the question, and the messages before it say what it is about; settings of OpenAI's own models are let through and have no effect. " +
    "Citations are in `message.annotations` and in a top-level `citations`.",
  request: { body: { required: true, content: { "application/json": { schema: chatRequestSchema } } } },
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
    200: {
      description: "The list.",
      content: {
        "application/json": {
          schema: z.object({ object: z.literal("list"), data: z.array(listedModelSchema) }).openapi("ModelList"),
        },
      },
    },
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

    const closed = new AbortController();
    const signal = AbortSignal.any([workSignal(c), closed.signal]);
    const history = historyOf(request);
    const events = answerInTurn(context, {
      question,
      collection: collection.name,
      signal,
      ...(history.length === 0 ? {} : { history }),
    });
    const { origin } = new URL(c.req.url);
    const head = { model: request.model, collection: collection.name, origin };
    if (request.stream !== true) return c.json(completionBody(await runToEnd(events), head), 200);

    const includeUsage = request.stream_options?.include_usage === true;
    const body = createEventStream(await withFirstEvent(completionChunks(events, { ...head, includeUsage })), {
      heartbeatMs: context.heartbeatMs,
      numbered: false,
      onCancel: () => closed.abort(new DOMException("The client closed the connection.", "AbortError")),
      onError: (error) => {
        if (error !== SHUTDOWN_REASON) {
          context.logger?.error({ err: error, requestId: c.get("requestId") }, "completion stream failed");
        }
        return { data: JSON.stringify(openAiErrorOf(problemOf(error, c.get("requestId")))) };
      },
    });
    return c.body(body, 200, { ...EVENT_STREAM_HEADERS });
  });
}

/** The question of a request; refuses what would get another reply than it asks for. */
function readQuestion(request: ChatRequest): string {
  const { n, response_format: format, tool_choice: choice } = request;
  const question = questionOf(request);
  if (question === undefined)
    throw invalid("messages", "No message has the role `user`; the last one is the question.");
  if ((n ?? 1) !== 1) throw invalid("n", "Only one answer is given; leave `n` out.");
  if ((format?.type ?? "text") !== "text")
    throw invalid("response_format", "Answers are text with citations; leave `response_format` out.");
  if (!["none", "auto"].includes(typeof choice === "object" ? (choice?.type ?? "auto") : (choice ?? "auto")))
    throw invalid("tool_choice", "Tools are never called here; leave `tool_choice` out.");
  if (question.trim() === "")
    throw invalid("messages", "The last message of role `user` has no text; write the question there.");
  const part = unreadPartOf(request);
  if (part !== undefined)
    throw invalid("messages", `The question has a part of type "${part}", and only text is read; write it in words.`);
  checkQuestion(question, "messages");
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

function invalid(path: string, message: string): CitewellError {
  return new CitewellError("usage_invalid", message, { problems: [{ path, message }] });
}
