import { checkOptions } from "../domain/check-options.ts";
import type { KnownOptions, OptionKind } from "../domain/check-options.ts";
import type { ToolDescription } from "../language-model/language-model.ts";
import { toTool } from "./agent-tools.ts";
import type { CheckedArguments, ToolFunction, ToolLike, ToolNaming, ToolSignature } from "./agent-tools.ts";
import type { Tool } from "./tools/tool.ts";
import { ReplyingAgent } from "./replying-agent.ts";
import { warnOnce } from "./warn-once.ts";

/** An agent that may be given tools: for its model to wish for, or to run for others. */
export abstract class ToolUsingAgent extends ReplyingAgent {
  /**
   * Lets the agent's model wish for a tool: `agent.registerForLlm({ description })(tool)`. The second call gives the tool
   * back under the name and description used here; it throws a `TypeError` for an agent without a model.
   */
  registerForLlm<Output = unknown>(
    naming: ToolNaming<Output> = {},
  ): (tool: ToolLike<CheckedArguments<Output>>) => Tool {
    checkNaming(naming, { owner: "registerForLlm", known: NAMING, instead: NAMING_INSTEAD });
    return (like) => {
      if (!this.hasModel) {
        throw new TypeError(`${this.name} has no model; to offer it a tool, give it llmConfig or model.`);
      }
      checkParameters(like, naming);
      const tool = toTool(like, naming);
      const known = this.tools.forLlm.get(tool.name);
      this.tools.offer(tool);
      if (known !== undefined && !isSame(known, this.tools.forLlm.get(tool.name)))
        this.#tellReplaced(tool.name, "offered");
      return tool;
    };
  }

  /** Lets the agent run a tool that other agents' models wish for: `agent.registerForExecution()(tool)`. */
  registerForExecution(naming: Pick<ToolNaming, "name"> = {}): (tool: ToolLike) => Tool {
    checkNaming(naming, { owner: "registerForExecution", known: { name: "text" } });
    const { name } = naming;
    return (like) => {
      const tool = toTool(like, { name });
      this.#execute(tool.name, tool);
      // The name is this agent's matter: the next one gets the tool as it was.
      return typeof like === "function" ? tool : like;
    };
  }

  /** Adds functions that the agent runs; null takes one away. */
  registerFunction(functionMap: Readonly<Record<string, ToolFunction | Tool | null>>): void {
    for (const [name, run] of Object.entries(functionMap)) {
      if (run === null) this.tools.execute(name, null);
      else this.#execute(name, toTool(run, { name }));
    }
  }

  #execute(name: string, tool: Tool): void {
    const known = this.tools.forExecution.get(name);
    this.tools.execute(name, tool);
    if (known !== undefined && known.run !== tool.run) this.#tellReplaced(name, "run");
  }

  /** Two tools of one name are one too many for most programs, and nothing else would show it. */
  #tellReplaced(tool: string, use: "offered" | "run"): void {
    warnOnce(
      `Tool ${tool} of ${this.name} is replaced: another one of this name was ${use} before. Give each its own name.`,
    );
  }

  /** Adds a tool to those that the model may wish for, or takes one away by its name. */
  updateToolSignature(
    signature: ToolSignature | Tool | string,
    { isRemove = false }: { readonly isRemove?: boolean } = {},
  ): void {
    if (isRemove || typeof signature === "string") {
      if (!isRemove) throw new TypeError("A name alone takes a tool away: pass { isRemove: true } with it.");
      const name =
        typeof signature === "string" ? signature : "function" in signature ? signature.function.name : signature.name;
      this.tools.withdraw(name);
    } else if (!this.hasModel) {
      throw new TypeError("To update a tool signature, the agent must have a model (llmConfig or model).");
    } else if ("function" in signature) this.tools.offerSignature(signature);
    else this.tools.offer(signature);
  }

  /** The tools that the agent's model is told of. */
  get toolDescriptions(): readonly ToolDescription[] {
    return [...this.tools.forLlm.values()];
  }

  /** The tools of this agent, by name. */
  get functionMap(): ReadonlyMap<string, Tool> {
    return this.tools.forExecution;
  }

  canExecute(tools: readonly string[]): boolean {
    return this.tools.canExecute(tools);
  }
}

/** What a tool may be called with, for `checkOptions`. */
export const NAMING: Readonly<Record<keyof ToolNaming, OptionKind>> = {
  name: "text",
  description: "text",
  parameters: true,
};
export const NAMING_INSTEAD: Readonly<Record<string, string>> = {
  apiStyle: "leave it out; every tool is sent as a tool",
};

function isSame(one: ToolDescription, other: ToolDescription | undefined): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** A tool in the place of its names would be taken as names, and nothing registered. */
function checkNaming(naming: object, { owner, ...rest }: KnownOptions): void {
  if (typeof naming === "function" || (typeof naming === "object" && naming !== null && "run" in naming)) {
    throw new TypeError(`${owner} takes names first and the tool after them: ${owner}()(tool).`);
  }
  checkOptions(naming, { owner, ...rest });
}

/** Types are gone when a program runs: what a function takes has to be said again, or no model could know it. */
function checkParameters(like: ToolLike, { name, parameters }: ToolNaming): void {
  const tool = name ?? like?.name;
  if (typeof like === "function" && like.length > 0 && parameters === undefined) {
    throw new TypeError(
      `Function ${tool} takes arguments, and no model can know which: pass parameters, such as z.object({ city: z.string() }).`,
    );
  }
  if (typeof like !== "function" && parameters !== undefined) {
    throw new TypeError(`Tool ${tool} has parameters of its own: leave parameters out, or give them to defineTool.`);
  }
}
