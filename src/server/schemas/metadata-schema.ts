import { z } from "@hono/zod-openapi";
import {
  type DocumentMetadata,
  MAX_FILTER_VALUES,
  MAX_METADATA_BYTES,
  MAX_METADATA_KEYS,
  MAX_METADATA_NAME,
  type MetadataFilter,
  metadataFilterProblem,
  metadataProblem,
} from "../../domain/document-metadata.ts";

const scalars = [{ type: "string" }, { type: "number" }, { type: "boolean" }] as const;
const texts = { type: "array", items: { type: "string" } } as const;

// A word of JSON Schema that the library's types do not know.
const NAMES = {
  propertyNames: {
    minLength: 1,
    maxLength: MAX_METADATA_NAME,
    pattern: String.raw`^(?!__proto__$)[^\u0000-\u001f\u007f]*$`,
  },
};

/** What is said of a document. */
export const metadataSchema: z.ZodType<DocumentMetadata, DocumentMetadata> = checked<DocumentMetadata>(metadataProblem)
  // The checks are the domain's: a schema of zod's own would drop keys such as `__proto__` unheard.
  .openapi("Metadata", {
    type: "object",
    additionalProperties: { anyOf: [...scalars, texts] },
    maxProperties: MAX_METADATA_KEYS,
    ...NAMES,
    description: `Texts, numbers, true or false, or lists of texts; ${MAX_METADATA_BYTES.toLocaleString("en")} bytes as JSON at most.`,
    example: { team: "docs", year: 2025, tags: ["draft", "api"] },
  });

/** Values that documents' metadata is compared with. */
export const metadataFilterSchema: z.ZodType<MetadataFilter, MetadataFilter> = checked<MetadataFilter>(
  metadataFilterProblem,
).openapi("MetadataFilter", {
  type: "object",
  additionalProperties: {
    anyOf: [...scalars, { type: "array", items: { anyOf: [...scalars] }, minItems: 1, maxItems: MAX_FILTER_VALUES }],
  },
  maxProperties: MAX_METADATA_KEYS,
  ...NAMES,
  description:
    "Every key must equal its value, or one of its values; a list in a document equals each value that it holds.",
  example: { team: "docs", year: [2024, 2025] },
});

function checked<Value>(problemOf: (value: unknown) => string | null): z.ZodCustom<Value, Value> {
  return z.custom<Value>((value) => problemOf(value) === null, {
    error: ({ input }) => problemOf(input) ?? "Cannot be taken",
  });
}
