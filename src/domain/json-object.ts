/** An object as it comes out of JSON. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** Whether a value is an object with keys (no array, not null). */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * Parses the text of a JSON file that holds an object.
 * @throws SyntaxError when it does not.
 */
export function parseJsonObject(text: string): JsonObject {
  const value: unknown = JSON.parse(text);
  if (!isJsonObject(value)) throw new SyntaxError("it holds no JSON object");
  return value;
}
