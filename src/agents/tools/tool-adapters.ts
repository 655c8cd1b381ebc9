import { checkNeeded, having } from "../../domain/check-options.ts";
import { isJsonObject } from "../../domain/json-object.ts";
import type { ToolOptions, JsonSchema, Tool } from "./tool.ts";
import { defineTool } from "./tool.ts";
import { isStandardSchema } from "./standard-schema.ts";

/** Settings that a foreign tool does not carry. */
export interface ToolAdapterOptions extends Partial<
  Pick<ToolOptions<unknown>, "name" | "approval" | "timeoutSeconds">
> {
  /** Default: the tool's own description. */
  readonly description?: string | undefined;
}

/** What a LangChain tool looks like from here. */
export interface LangChainTool {
  readonly name: string;
  readonly description: string;
  /** A zod schema or a JSON Schema. */
  readonly schema?: unknown;
  invoke(input: unknown, config?: { readonly signal?: AbortSignal }): unknown;
}

/** Makes a LangChain tool a tool of agents. */
export function fromLangChainTool(tool: LangChainTool, options: ToolAdapterOptions = {}): Tool {
  checkNeeded("The tool of fromLangChainTool", tool, having("invoke", "a tool of LangChain, with a function invoke"));
  const parameters = isStandardSchema(tool.schema) || isJsonSchema(tool.schema) ? tool.schema : SINGLE_INPUT;
  return defineTool<unknown>({
    name: tool.name,
    description: tool.description,
    parameters,
    execute: (args, { signal }) => tool.invoke(parameters === SINGLE_INPUT ? inputOf(args) : args, { signal }),
    ...options,
  });
}

const SINGLE_INPUT: JsonSchema = { type: "object", properties: { input: { type: "string" } }, required: ["input"] };

function inputOf(args: unknown): unknown {
  return isJsonObject(args) ? args["input"] : undefined;
}

/** A tool as an MCP server lists it. */
export interface McpTool {
  readonly name: string;
  /** What it does, for the model. */
  readonly description?: string | undefined;
  readonly inputSchema: { readonly [key: string]: unknown };
}

/** What an MCP client must be able to do. */
export interface McpClient {
  callTool(
    params: { readonly name: string; readonly arguments: Record<string, unknown> },
    ...rest: never[]
  ): Promise<unknown>;
}

/** Makes a tool of an MCP server a tool of agents. The server checks the arguments. */
export function fromMcpTool(tool: McpTool, allOptions: ToolAdapterOptions & { readonly client: McpClient }): Tool {
  checkNeeded("The tool of fromMcpTool", tool, "object");
  checkNeeded("The client of fromMcpTool", allOptions?.client, having("callTool", CLIENT));
  const { client, ...options } = allOptions;
  return defineTool({
    name: tool.name,
    description: tool.description ?? tool.name,
    parameters: tool.inputSchema,
    execute: async (args) => readMcpResult(await client.callTool({ name: tool.name, arguments: args })),
    ...options,
  });
}

const CLIENT = "an MCP client, which goes behind the tool: fromMcpTool(tool, { client })";

function readMcpResult(result: unknown): unknown {
  if (!isJsonObject(result)) return result;
  const { content, isError, structuredContent = result } = result;
  const texts = (Array.isArray(content) ? content : []).map((part: unknown) =>
    isJsonObject(part) && typeof part["text"] === "string" ? part["text"] : JSON.stringify(part),
  );
  if (isError === true) throw new Error(texts.join("\n"));
  return texts.length > 0 ? texts.join("\n") : structuredContent;
}

function isJsonSchema(value: unknown): value is JsonSchema {
  return isJsonObject(value) && value["type"] === "object";
}
