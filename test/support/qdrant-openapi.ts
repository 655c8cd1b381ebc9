import { existsSync, readFileSync } from "node:fs";
import { Ajv, type ValidateFunction } from "ajv";
import type { StandInRequest } from "./qdrant-stand-in.ts";

// Qdrant's own API description is not part of the repository; it lies beside it where the project is developed.
const DESCRIPTION = new URL("../../../shared/qdrant/openapi.json", import.meta.url);

/** Whether Qdrant's API description is at hand. */
export const hasQdrantOpenapi: boolean = existsSync(DESCRIPTION);

// Number formats say nothing that `minimum` and `type` leave open.
const FORMATS = {
  ...Object.fromEntries(
    ["double", "float", "int32", "int64", "uint", "uint8", "uint16", "uint32", "uint64"].map((name) => [
      name,
      true as const,
    ]),
  ),
  "date-time": true as const,
  uri: true as const,
  uuid: /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i,
};

type Json = Record<string, unknown>;

/**
 * What Qdrant's API description has against a request: an unknown route, an unknown query parameter, a body that does
 * not fit, or a field it does not name (which the server would ignore without a word). Empty when all is well.
 */
export function createRequestCheck(): (request: StandInRequest) => string[] {
  const document: Json = JSON.parse(readFileSync(DESCRIPTION, "utf8"));
  const ajv = new Ajv({ strict: false, formats: FORMATS });
  ajv.addSchema({ $id: "qdrant", components: asJsonSchema(document["components"]) });
  const routes = Object.entries(objectOf(document["paths"])).map(([path, operations]) => ({
    pattern: new RegExp(`^${path.replaceAll(/\{[^}]+\}/g, "[^/]+")}$`),
    placeholders: path.split("{").length,
    operations: objectOf(operations),
  }));
  const validators = new Map<unknown, ValidateFunction>();

  return ({ method, path, body }) => {
    const [pathname = "", query = ""] = path.split("?");
    const [route] = routes
      .filter(({ pattern, operations }) => pattern.test(pathname) && operations[method.toLowerCase()] !== undefined)
      .toSorted((left, right) => left.placeholders - right.placeholders);
    const operation = objectOf(route?.operations[method.toLowerCase()]);
    if (Object.keys(operation).length === 0) return [`${method} ${pathname} is no route`];
    const parameters = Array.isArray(operation["parameters"]) ? operation["parameters"].map(objectOf) : [];
    const known = new Set(parameters.filter((one) => one["in"] === "query").map((one) => one["name"]));
    const unknown = [...new URLSearchParams(query).keys()].filter((name) => !known.has(name));
    const problems = unknown.map((name) => `${method} ${pathname} knows no parameter ${name}`);
    const content = objectOf(objectOf(operation["requestBody"])["content"]);
    const schema = objectOf(content["application/json"])["schema"];
    if (schema === undefined) return body === null ? problems : [...problems, `${method} ${pathname} takes no body`];
    const validate = validators.get(schema) ?? ajv.compile(asJsonSchema(schema));
    validators.set(schema, validate);
    if (validate(body)) return problems;
    return [
      ...problems,
      `${method} ${pathname}: ${ajv.errorsText(validate.errors)}: ${JSON.stringify(body).slice(0, 500)}`,
    ];
  };
}

/** OpenAPI 3.0 as JSON Schema: nullable spelt out, references made absolute, unknown fields refused. */
function asJsonSchema(value: unknown): Json {
  return objectOf(converted(value));
}

function converted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(converted);
  if (typeof value !== "object" || value === null) return value;
  const schema = Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, converted(entry)]));
  const reference = schema["$ref"];
  if (typeof reference === "string") schema["$ref"] = reference.replace(/^#/, "qdrant#");
  if (schema["type"] === "object" && schema["properties"] !== undefined) schema["additionalProperties"] ??= false;
  if (schema["nullable"] !== true) return schema;
  const { nullable: _nullable, ...rest } = schema;
  return Object.keys(rest).length === 0 ? { type: "null" } : { anyOf: [rest, { type: "null" }] };
}

function objectOf(value: unknown): Json {
  return typeof value === "object" && value !== null ? { ...value } : {};
}
