import { showValue } from "../domain/check-options.ts";
import type { ToolDescription } from "../language-model/language-model.ts";
import { checkToolName, defineTool, describeTool } from "./tools/tool.ts";
import type { StandardSchema } from "./tools/standard-schema.ts";
import type { JsonSchema, Tool, ToolContext } from "./tools/tool.ts";

/** A tool, or a plain function that takes its arguments as one object. */
export type ToolLike<Arguments = never> = Tool | ToolFunction<Arguments>;

/** A function that runs a tool: its arguments come as one object. */
export type ToolFunction<Arguments = never> = (args: Arguments, context: ToolContext) => unknown;

/** What a function must take whose arguments a schema checks; one without a schema may take anything. */
export type CheckedArguments<Output> = unknown extends Output ? never : Output;

/** What a tool is called, for one agent. */
export interface ToolNaming<Output = unknown> {
  /** Default: the tool's own name, or the function's. */
  readonly name?: string | undefined;
  /** What the tool does, for the model. Default: the tool's own. */
  readonly description?: string | undefined;
  /** What the arguments of a plain function must be, which a Standard Schema also types; a tool has its own. */
  readonly parameters?: StandardSchema<unknown, Output> | JsonSchema | undefined;
}

/** A tool as AutoGen's `llm_config["tools"]` has it. */
export interface ToolSignature {
  readonly type: "function";
  readonly function: ToolDescription;
}

/** The tools of an agent: those that its model may wish for, and those that it runs. */
export interface AgentTools {
  readonly forLlm: ReadonlyMap<string, ToolDescription>;
  readonly forExecution: ReadonlyMap<string, Tool>;
  offer(tool: Tool): void;
  offerSignature(signature: ToolSignature | ToolDescription): void;
  withdraw(name: string): void;
  /** Null takes the tool away. */
  execute(name: string, tool: Tool | null): void;
  /** Whether all tools of these names are run here; for no names, whether any is. */
  canExecute(names: readonly string[]): boolean;
}

/** An agent's tools, beginning with its function map. */
export function createAgentTools(functionMap: Readonly<Record<string, ToolFunction | Tool>> = {}): AgentTools {
  const forLlm = new Map<string, ToolDescription>();
  const forExecution = new Map<string, Tool>();
  const tools: AgentTools = {
    forLlm,
    forExecution,
    offer(tool) {
      forLlm.set(tool.name, describeTool(tool));
    },
    offerSignature(signature) {
      const description = "function" in signature ? signature.function : signature;
      checkToolName(description.name);
      forLlm.set(description.name, { ...description, parameters: description.parameters ?? NO_PARAMETERS });
    },
    withdraw(name) {
      if (!forLlm.delete(name)) throw new TypeError(`There is no tool "${name}" to take away from the model.`);
    },
    execute(name, tool) {
      checkToolName(name);
      if (tool === null) {
        if (!forExecution.delete(name)) throw new TypeError(`There is no function "${name}" to take away.`);
      } else forExecution.set(name, tool);
    },
    canExecute: (names) => (names.length === 0 ? forExecution.size > 0 : names.every((name) => forExecution.has(name))),
  };
  for (const [name, run] of Object.entries(functionMap)) tools.execute(name, toTool(run, { name }));
  return tools;
}

const NO_PARAMETERS = { type: "object", properties: {} };

/** The tool under another name or description. Throws a `TypeError` for what cannot be a tool. */
export function toTool(tool: ToolLike, { name, description, parameters }: ToolNaming = {}): Tool {
  if (typeof tool !== "function" && typeof tool?.run !== "function") {
    throw new TypeError(`A tool must be a function, or made by defineTool, not ${showValue(tool)}.`);
  }
  const made = typeof tool === "function" ? makeTool(tool, { name: name ?? tool.name, parameters }) : tool;
  if (name !== undefined) checkToolName(name);
  return { ...made, name: name ?? made.name, description: description ?? made.description };
}

function makeTool(run: ToolFunction, { name, parameters }: { name: string } & Pick<ToolNaming, "parameters">): Tool {
  if (run.length > 2) {
    throw new TypeError(
      `Function ${name} takes ${String(run.length)} arguments; a tool gets them as one object: write ({ a, b }) => … in place of (a, b) => ….`,
    );
  }
  // The schema, if there is one, has checked what the function's type says.
  const runner: Pick<Tool, "run"> = { run };
  const tool = defineTool<unknown>({ name, ...(parameters === undefined ? {} : { parameters }), execute: runner.run });
  // The function itself, by which two registrations of one function are known to be the same.
  return { ...tool, ...runner };
}
