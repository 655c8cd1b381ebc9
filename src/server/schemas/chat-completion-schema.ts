import { z } from "@hono/zod-openapi";
import { answerSchema } from "./answer-schema.ts";

/** A message as OpenAI's clients send it. */
export interface ChatRequestMessage {
  readonly role: string;
  readonly content?:
    | string
    | readonly { readonly type: string; readonly text?: string | undefined }[]
    | null
    | undefined;
}

/** What is used of a chat completion request; other keys are OpenAI's own and have no meaning here. */
export interface ChatRequest {
  readonly model: string;
  readonly messages: readonly ChatRequestMessage[];
  readonly stream?: boolean | null | undefined;
  readonly stream_options?: { readonly include_usage?: boolean | undefined } | null | undefined;
  readonly n?: number | null | undefined;
  readonly response_format?: { readonly type: string } | null | undefined;
  readonly tool_choice?: string | { readonly type: string } | null | undefined;
  readonly function_call?: string | { readonly name: string } | null | undefined;
  readonly modalities?: readonly string[] | null | undefined;
}

// A word of JSON Schema that the library's types do not know.
const HAS_QUESTION = {
  contains: {
    type: "object",
    properties: {
      role: { const: "user" },
      content: { type: ["string", "array"], minLength: 1, pattern: String.raw`\S`, minItems: 1 },
    },
    required: ["role", "content"],
  },
};

const TEXT_FORMAT = { properties: { type: { type: "string", const: "text" } } } as const;

/** More than a conversation ever has. */
const MOST_MESSAGES = 10_000;

/** A chat completion request. */
export const chatRequestSchema: z.ZodType<ChatRequest, ChatRequest> = z
  // OpenAI's clients send many settings of a model (temperature, top_p, user…): they are let through.
  .looseObject({
    model: z.string().min(1).openapi({ description: "`citewell/<collection>`, or the collection's name." }),
    messages: z
      .array(
        z.looseObject({
          role: z.string(),
          content: z
            .union([z.string(), z.array(z.looseObject({ type: z.string(), text: z.string().optional() }))])
            .nullish(),
        }),
      )
      .min(1)
      // A list of nothing but wrong messages would become as many problems.
      .max(MOST_MESSAGES)
      .openapi({
        ...HAS_QUESTION,
        description: "The last message of role `user` is the question; those before it are its conversation.",
      }),
    stream: z.boolean().nullish(),
    stream_options: z.looseObject({ include_usage: z.boolean().optional() }).nullish(),
    n: z.number().nullish().openapi({ description: "Only one answer is given.", minimum: 1, maximum: 1 }),
    response_format: z
      .looseObject({ type: z.string() })
      .nullish()
      .openapi({ description: "`text` only.", ...TEXT_FORMAT }),
    tool_choice: z
      .union([z.string(), z.looseObject({ type: z.string() })])
      .nullish()
      .openapi({ description: "`none` or `auto`: tools are never called.", enum: ["none", "auto", null] }),
    function_call: z
      .union([z.string(), z.looseObject({ name: z.string() })])
      .nullish()
      .openapi({ description: "The older name of `tool_choice`.", enum: ["none", "auto", null] }),
    modalities: z
      .array(z.string().openapi({ enum: ["text"] }))
      .nullish()
      .openapi({ description: "`text` only." }),
  })
  .openapi("ChatCompletionRequest", {
    example: { model: "citewell/default", messages: [{ role: "user", content: "How do I install it?" }] },
  });

/** A citation in OpenAI's form. */
export interface UrlAnnotation {
  readonly type: "url_citation";
  readonly url_citation: {
    readonly url: string;
    readonly title: string;
    /** Where the marker stands in the message, in UTF-16 code units; the end is exclusive. */
    readonly start_index: number;
    readonly end_index: number;
  };
}

/** A citation in OpenAI's form. */
const annotationSchema: z.ZodType<UrlAnnotation> = z
  .object({
    type: z.literal("url_citation"),
    url_citation: z.object({
      url: z.string(),
      title: z.string(),
      start_index: z.int(),
      end_index: z.int(),
    }),
  })
  .openapi("UrlAnnotation");

const citationsSchema = z.array(z.unknown()).openapi({ description: "The answer's `citations`, as in `Answer`." });

/** A chat completion, for the reference only. */
export const completionSchema: z.ZodType = z
  .object({
    id: z.string(),
    object: z.literal("chat.completion"),
    created: z.int(),
    model: z.string(),
    choices: z.array(
      z.object({
        index: z.int(),
        message: z.object({
          role: z.literal("assistant"),
          content: z.string(),
          refusal: z.null(),
          annotations: z.array(annotationSchema),
        }),
        logprobs: z.null(),
        finish_reason: z.enum(["stop", "length", "content_filter"]),
      }),
    ),
    usage: z.object({ prompt_tokens: z.int(), completion_tokens: z.int(), total_tokens: z.int() }),
    citations: citationsSchema,
    citewell: answerSchema.openapi({ description: "The whole answer object." }),
  })
  .openapi("ChatCompletion");

/** A model in OpenAI's listing. */
export interface ListedModel {
  readonly id: string;
  readonly object: "model";
  readonly created: number;
  readonly owned_by: string;
}

/** A model in OpenAI's listing. */
export const listedModelSchema: z.ZodType<ListedModel> = z
  .object({ id: z.string(), object: z.literal("model"), created: z.int(), owned_by: z.string() })
  .openapi("Model", {
    example: { id: "citewell/default", object: "model", created: 1_790_000_000, owned_by: "citewell" },
  });
