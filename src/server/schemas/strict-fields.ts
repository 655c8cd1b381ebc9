import { z } from "@hono/zod-openapi";

/** An object that refuses unknown fields, and says which there are: most often one is misspelt. */
export function strictFields<Shape extends z.ZodRawShape>(shape: Shape): z.ZodObject<Shape, z.core.$strict> {
  const known = Object.keys(shape).join(", ");
  return z.strictObject(shape, {
    error: (issue) => (issue.code === "unrecognized_keys" ? `Is not known; there are ${known}` : undefined),
  });
}
