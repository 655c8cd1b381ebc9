import type { z } from "@hono/zod-openapi";

// No interface: the library takes what has, or could have, an index signature.
type JsonContent<Schema extends z.ZodType> = { readonly "application/json": { readonly schema: Schema } };

/** A reply in JSON. */
export function jsonReply<Schema extends z.ZodType>(
  description: string,
  schema: Schema,
): { readonly description: string; readonly content: JsonContent<Schema> } {
  return { description, content: { "application/json": { schema } } };
}

/** The body of a request, in JSON. */
export function jsonBody<Schema extends z.ZodType>(
  schema: Schema,
): { readonly required: true; readonly content: JsonContent<Schema> } {
  return { required: true, content: { "application/json": { schema } } };
}
