import type { JsonObject } from "../../domain/json-object.ts";
import type { ChatMessage, ContextRequest } from "../../domain/message.ts";

/** The message by which an assistant asks for other passages, when it is the whole message. */
export const CONTEXT_REQUEST_TEXT = "UPDATE CONTEXT";

// What is looked for at the end begins where a run begins: tried at each of its characters, it would take the square.
const WRAPPING = /^[\s"'“”‘’«»`*_]+|(?<![\s"'“”‘’«»`*_.!])[\s"'“”‘’«»`*_.!]+$/gu;
const JSON_FENCE = /^```(?:json)?\s*|(?<!\s)\s*```$/gi;
/** How a request in JSON may begin: models change the order of its keys. */
const JSON_BEGINNINGS = ['{"request":"update-context"', '{"query":"'];

/**
 * An assistant's wish for other passages: the structured one that the message carries, or its whole text. A text that
 * merely mentions the words is no wish.
 */
export function readContextRequest({ content, request }: ChatMessage): ContextRequest | null {
  if (request !== undefined) return request;
  if (isContextRequestText(content)) return { type: "update-context" };
  return readJson(content);
}

/** Whether a text is nothing but the words of the request, in any case, with or without quotes and full stop. */
export function isContextRequestText(text: string): boolean {
  return text.replaceAll(WRAPPING, "").replaceAll(/\s+/g, " ").toUpperCase() === CONTEXT_REQUEST_TEXT;
}

/** Whether the beginning of a message may still turn out to be a request: until then it must not be shown. */
export function mayBecomeRequest(beginning: string): boolean {
  const start = beginning.trimStart();
  if (start === "") return true;
  const json = start.replaceAll(JSON_FENCE, "").replaceAll(/\s+/g, "");
  if (JSON_BEGINNINGS.some((request) => request.startsWith(json) || json.startsWith(request))) return true;
  if ("```json".startsWith(start.toLowerCase())) return true;
  const words = start
    .replace(/^[\s"'“”‘’«»`*_]+/u, "")
    .replaceAll(/\s+/g, " ")
    .toUpperCase();
  return CONTEXT_REQUEST_TEXT.startsWith(words.trimEnd()) || isContextRequestText(words);
}

function readJson(content: string): ContextRequest | null {
  const text = content.trim().replaceAll(JSON_FENCE, "");
  if (!text.startsWith("{") || !text.endsWith("}")) return null;
  try {
    const { request, query }: JsonObject = JSON.parse(text);
    if (request !== "update-context") return null;
    const words = typeof query === "string" ? query.trim() : "";
    return words === "" ? { type: "update-context" } : { type: "update-context", query: words };
  } catch {
    // Text that only looks like JSON is an answer.
    return null;
  }
}
