import { z } from "@hono/zod-openapi";
import { HTTP_STATUS, isProblemCode, type Problem } from "../error-response.ts";

const codes = Object.keys(HTTP_STATUS).filter(isProblemCode);

/** A problem object, as it leaves the server. */
export const problemSchema: z.ZodType<Problem> = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string().openapi({ description: "What is wrong, with the values, and what to do." }),
    code: z.enum(codes),
    instance: z.string().optional(),
    errors: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
  })
  .openapi("Problem", {
    example: {
      type: "/docs#usage_invalid",
      title: "Usage invalid",
      status: 400,
      detail: "The request has 1 problem: limit: Must be at most 50.",
      code: "usage_invalid",
      instance: "urn:request:6f1f2f0c-6d0c-4c58-9e2c-0d3f4c1a7b55",
      errors: [{ path: "limit", message: "Must be at most 50" }],
    },
  });

/** The reply that every route may give instead of its own. */
export const problemResponses: {
  readonly default: {
    readonly description: string;
    readonly content: { readonly "application/problem+json": { readonly schema: typeof problemSchema } };
  };
} = {
  default: {
    description: "A problem object that says what is wrong and what to do.",
    content: { "application/problem+json": { schema: problemSchema } },
  },
};
