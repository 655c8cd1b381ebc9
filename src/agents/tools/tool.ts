import { LONGEST_TIMER_MS } from "../../domain/longest-timer.ts";
import { checkOptions, checkValue, oneOf, showValue } from "../../domain/check-options.ts";
import type { OptionKind } from "../../domain/check-options.ts";
import { errorMessage } from "../../errors.ts";
import type { ToolDescription } from "../../language-model/language-model.ts";
import type { Conversation } from "../conversation.ts";
import { isStandardSchema } from "./standard-schema.ts";
import type { StandardSchema } from "./standard-schema.ts";

/** What a running tool knows of its call. */
export interface ToolContext {
  /** Id of the call. */
  readonly id: string;
  /** Name of the agent that runs it. */
  readonly agent: string;
  /**
   * The chat in which the tool was called. What a chat of the tool's own takes is no part of it, unless the tool adds its
   * calls: `conversation.modelCalls.push(...result.conversation.modelCalls)`.
   */
  readonly conversation: Conversation;
  /** Aborted when the chat is, and when the tool's time is over. */
  readonly signal: AbortSignal;
}

/** Whether a call runs by itself, after a person agreed, or not at all. */
export type ToolApproval = "auto" | "ask" | "deny";

/** Settings of {@link defineTool}. */
export interface ToolOptions<Arguments> {
  /** 1 to 64 letters, digits, `_` or `-`. */
  readonly name: string;
  /**
   * What the tool does, for the model. May be given later, by `registerForLlm`. Default: none, which registering for a
   * model refuses.
   */
  readonly description?: string | undefined;
  /**
   * What the arguments must be: a Standard Schema, which also checks them, or a plain JSON Schema, which does not.
   * Default: an object without properties.
   */
  readonly parameters?: StandardSchema<unknown, Arguments> | JsonSchema | undefined;
  /** The JSON Schema, for a Standard Schema of a library that cannot make one. Default: made by the schema's library. */
  readonly jsonSchema?: JsonSchema | undefined;
  /**
   * Runs the tool. A text reaches the model as it is, other values as JSON. A stream or generator is read to its end; its
   * pieces of text are joined. An error, thrown or returned, reaches the model as its message.
   */
  execute(args: Arguments, context: ToolContext): unknown;
  /** Whether calls run by themselves, after a person agreed, or not at all. @default "auto" */
  readonly approval?: ToolApproval | undefined;
  /** Seconds that a call may take. @default 600 */
  readonly timeoutSeconds?: number | undefined;
}

/** A JSON Schema of an object. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** A tool that an agent may wish for and another may run. */
export interface Tool {
  readonly name: string;
  readonly description: string | null;
  /** JSON Schema of the arguments. */
  readonly parameters: JsonSchema;
  /** Checks arguments; null where nothing does. */
  readonly schema: StandardSchema | null;
  readonly approval: ToolApproval;
  readonly timeoutSeconds: number;
  /** Takes arguments that `schema` has checked. */
  run(args: unknown, context: ToolContext): unknown;
}

const MAX_SECONDS = Math.floor(LONGEST_TIMER_MS / 1_000);

const KNOWN: Readonly<Record<keyof ToolOptions<unknown>, OptionKind>> = {
  name: true,
  description: "text",
  parameters: true,
  jsonSchema: "object",
  execute: true,
  approval: oneOf("auto", "ask", "deny"),
  timeoutSeconds: [
    `above 0 and at most ${String(MAX_SECONDS)}`,
    (value) => typeof value === "number" && value > 0 && value <= MAX_SECONDS,
  ],
};

const INSTEAD: Readonly<Record<string, string>> = {
  inputSchema: "write parameters",
  schema: "write parameters",
  func: "write execute",
  function: "write execute",
  timeout: "write timeoutSeconds",
};

/** Makes a tool. Throws a `TypeError` for a name, schema or limit that is not right. */
export function defineTool<Arguments = Record<string, unknown>>(options: ToolOptions<Arguments>): Tool {
  checkOptions(options, { owner: "defineTool", known: KNOWN, instead: INSTEAD });
  const { name, description = null, parameters = EMPTY, approval = "auto", timeoutSeconds = 600 } = options;
  checkToolName(name);
  if (typeof options.execute !== "function")
    throw new TypeError(`Tool ${name} needs a function execute, which runs it.`);
  const execute = options.execute.bind(options);
  // The schema has checked what its type says; without one the arguments are taken at their word.
  const runner: Pick<Tool, "run"> = { run: (args: Arguments, context: ToolContext) => execute(args, context) };
  return {
    name,
    description,
    parameters: options.jsonSchema ?? toJsonSchema(parameters, name),
    schema: isStandardSchema(parameters) ? parameters : null,
    approval,
    timeoutSeconds,
    run: (args, context) => runner.run(args, context),
  };
}

const EMPTY: JsonSchema = { type: "object", properties: {}, required: [] };

/** Throws a `TypeError` for what no endpoint takes as a tool's name. */
export function checkToolName(name: string): void {
  if (typeof name === "string" && /^[\w-]{1,64}$/.test(name)) return;
  const advice = name === "" ? "; a function without a name needs one: { name }" : "";
  throw new TypeError(
    `A tool's name must be 1 to 64 letters, digits, "_" or "-", not ${JSON.stringify(name)}${advice}.`,
  );
}

/** The tool as a model sees it. Throws a `TypeError` when it has no description. */
export function describeTool({ name, description, parameters }: Tool): ToolDescription {
  if (description === null || description.trim() === "") {
    throw new TypeError(`Tool ${name} has no description; a model needs one to know when to use it.`);
  }
  return { name, description, parameters };
}

function toJsonSchema(schema: object, name: string): JsonSchema {
  if ((typeof schema !== "object" && typeof schema !== "function") || schema === null) {
    throw new TypeError(`parameters of tool ${name} must be a schema such as z.object({}), not ${showValue(schema)}.`);
  }
  if (!isStandardSchema(schema)) return checkObject({ ...schema }, name);
  const make = schema["~standard"].jsonSchema;
  if (make === undefined) {
    throw new TypeError(
      `The schema library of tool ${name} (${schema["~standard"].vendor}) makes no JSON Schema; pass it as jsonSchema.`,
    );
  }
  const { $schema: _dialect, ...json } = written(() => make.input({ target: "draft-2020-12" }), name);
  return checkObject(json, name);
}

/** Makes a JSON Schema. A date, for one, has none; the library that says so does not know of which tool. */
function written(make: () => Record<string, unknown>, name: string): Record<string, unknown> {
  try {
    return make();
  } catch (error) {
    throw new TypeError(
      `parameters of tool ${name} have no JSON Schema (${errorMessage(error)}); take a type that JSON has, such as a text for a date, or pass jsonSchema.`,
      { cause: error },
    );
  }
}

function checkObject(json: JsonSchema, name: string): JsonSchema {
  if (json["type"] !== "object") {
    const given = json["type"] === undefined ? "a schema without a type" : `the type ${showValue(json["type"])}`;
    throw new TypeError(
      `parameters of tool ${name} must be the schema of an object, such as z.object({ city: z.string() }) or { type: "object", properties }, not ${given}.`,
    );
  }
  checkValue(`parameters.properties of tool ${name}`, json["properties"], "object");
  return { ...json, properties: json["properties"] ?? {}, required: json["required"] ?? [] };
}
