import { checkValue } from "../domain/check-options.ts";
import { NO_USAGE } from "../domain/usage.ts";
import type { LanguageModel, ModelReply, ModelRequest } from "./language-model.ts";

/** What a scripted model does on one call: says a text, gives a reply, fails, or looks at the request first. */
export type ScriptedStep =
  | string
  | Partial<ModelReply>
  | Error
  | ((request: ModelRequest) => string | Partial<ModelReply> | Promise<string | Partial<ModelReply>>);

/** Options of {@link createScriptedModel}. */
export interface ScriptedModelOptions {
  /** @default "scripted" */
  readonly name?: string | undefined;
  /** Tokens of prompt and reply together. @default null */
  readonly contextWindow?: number | null | undefined;
  /** Characters of each piece of a streamed reply. @default 8 */
  readonly pieceLength?: number | undefined;
}

/** A model that follows a script. */
export interface ScriptedModel extends LanguageModel {
  /** Every request so far, in order. */
  readonly requests: readonly ModelRequest[];
  /** Throws when steps of the script are left over. */
  assertDone(): void;
}

/**
 * A model for tests and examples: each call takes the next step of the script. A call without a step left is an error,
 * and so is a step left over, see {@link ScriptedModel.assertDone}.
 */
export function createScriptedModel(
  steps: readonly ScriptedStep[],
  { name = "scripted", contextWindow = null, pieceLength = 8 }: ScriptedModelOptions = {},
): ScriptedModel {
  if (!Array.isArray(steps)) throw new TypeError('createScriptedModel takes a list of steps, such as ["a reply"].');
  checkValue("pieceLength", pieceLength, "count");
  const requests: ModelRequest[] = [];
  return {
    name,
    contextWindow,
    requests,
    async *stream(request) {
      request.signal?.throwIfAborted();
      const step = steps[requests.length];
      requests.push(request);
      if (step === undefined) {
        throw new Error(`The scripted model has ${String(steps.length)} steps and was called once more.`);
      }
      const reply = await take(step, request, name);
      for (let start = 0; start < reply.content.length; start += pieceLength) {
        request.signal?.throwIfAborted();
        yield reply.content.slice(start, start + pieceLength);
      }
      return reply;
    },
    assertDone() {
      if (requests.length === steps.length) return;
      throw new Error(`The scripted model was called ${String(requests.length)} of ${String(steps.length)} times.`);
    },
  };
}

async function take(step: ScriptedStep, request: ModelRequest, name: string): Promise<ModelReply> {
  if (step instanceof Error) throw step;
  const said = typeof step === "function" ? await step(request) : step;
  const part = typeof said === "string" ? { content: said } : said;
  const toolCalls = part.toolCalls ?? [];
  return {
    content: "",
    toolCalls,
    usage: NO_USAGE,
    costUsd: 0,
    model: name,
    finishReason: toolCalls.length > 0 ? "tool_calls" : "stop",
    ...part,
  };
}
