import { anySignal } from "../../domain/any-signal.ts";
import { isJsonObject } from "../../domain/json-object.ts";
import type { ToolCall, ToolResponse } from "../../domain/message.ts";
import { beginTimeLimit } from "../../domain/time-limit.ts";
import { untilAborted } from "../../domain/until-aborted.ts";
import { errorMessage } from "../../errors.ts";
import type { ReplyEvent } from "../agent.ts";
import type { Conversation, ToolCallRecord } from "../conversation.ts";
import { describeToolResult } from "./describe-tool-result.ts";
import { describeIssues } from "./standard-schema.ts";
import type { Tool, ToolContext } from "./tool.ts";

/** Who runs tools, and for whom. */
export interface ToolExecution {
  readonly tools: ReadonlyMap<string, Tool>;
  /** Name of the agent that runs them. */
  readonly agent: string;
  /** Name of the agent that wished for them; null outside of a chat. */
  readonly caller: string | null;
  readonly conversation: Conversation;
  readonly signal?: AbortSignal | undefined;
  /** Asks a person for leave; only `y` and `yes` give it. */
  readonly ask: (prompt: string) => Promise<string>;
}

/**
 * Runs the calls of one message at the same time, and gives one response a call, in their order. Whatever goes wrong
 * becomes a text that the model can read; only an abort and an outstanding person break it off.
 */
export async function* executeToolCalls(
  calls: readonly ToolCall[],
  execution: ToolExecution,
): AsyncGenerator<ReplyEvent, readonly ToolResponse[]> {
  // People are asked one after the other, and before anything runs: what is interrupted by a question runs once only.
  const prepared: Prepared[] = [];
  for (const call of calls) prepared.push(await prepare(call, execution));
  for (const { id, name, arguments: text } of calls) yield { type: "tool-call", id, tool: name, arguments: text };
  const results = await Promise.all(prepared.map((one) => finish(one, execution)));
  for (const { call, outcome, content } of results) {
    yield { type: "tool-result", id: call.id, tool: call.name, outcome, content };
  }
  return results.map(({ call, content }) => ({ toolCallId: call.id, content }));
}

interface Result {
  readonly call: ToolCall;
  readonly outcome: ToolCallRecord["outcome"];
  readonly content: string;
}

/** A call that is ready to run, or that is refused. */
type Prepared = { readonly call: ToolCall; readonly tool: Tool; readonly args: unknown } | Result;

async function prepare(call: ToolCall, { tools, ask, agent }: ToolExecution): Promise<Prepared> {
  const refused = (outcome: Result["outcome"], content: string): Result => ({ call, outcome, content });
  const tool = tools.get(call.name);
  if (tool === undefined) return refused("invalid", `Error: Function ${call.name} not found.`);
  const parsed = parseArguments(call.arguments);
  if (parsed.error !== null) {
    return refused("invalid", `Error: ${parsed.error.replace(/\.?$/, ".")} The argument must be in JSON format.`);
  }
  const checked = await checkArguments(parsed.value, tool);
  if (checked.error !== null) {
    return refused(
      "invalid",
      `Error: The arguments of ${call.name} are not right: ${checked.error}. Call it again with arguments that fit its schema.`,
    );
  }
  if (tool.approval === "deny") {
    return refused("denied", `Error: ${call.name} may not be used here; go on without it.`);
  }
  if (tool.approval === "ask") {
    const reply = await ask(
      `May ${agent} run ${call.name} with ${call.arguments === "" ? "no arguments" : call.arguments} (call ${call.id})? Type "yes" to allow it: `,
    );
    if (!/^y(?:es)?$/i.test(reply.trim())) {
      const remark = reply.trim() === "" || /^no?$/i.test(reply.trim()) ? "" : ` They said: ${reply.trim()}`;
      return refused("denied", `Error: A person did not allow this call of ${call.name}.${remark}`);
    }
  }
  return { call, tool, args: checked.value };
}

/** Arguments, or what is wrong with them. */
interface Arguments {
  readonly value: unknown;
  readonly error: string | null;
}

/** A schema may throw: its transforms are somebody's code. */
async function checkArguments(value: unknown, { schema }: Tool): Promise<Arguments> {
  if (schema === null) return { value, error: null };
  try {
    const checked = await schema["~standard"].validate(value);
    if (checked.issues === undefined) return { value: checked.value, error: null };
    return { value: null, error: describeIssues(checked.issues) };
  } catch (error) {
    return { value: null, error: errorMessage(error).replace(/\.$/, "") };
  }
}

/** Models write an empty text for no arguments, and line ends between the JSON's marks, which JSON allows. */
function parseArguments(text: string): Arguments {
  if (text.trim() === "") return { value: {}, error: null };
  try {
    const value: unknown = JSON.parse(escapeLineEnds(text));
    if (isJsonObject(value)) return { value, error: null };
    return { value: null, error: `The arguments are ${Array.isArray(value) ? "a list" : "no object"}.` };
  } catch (error) {
    return { value: null, error: errorMessage(error) };
  }
}

/** Escapes line ends and tabs within quotes, which models leave raw. */
export function escapeLineEnds(text: string): string {
  return text.replaceAll(/"(?:[^"\\]|\\[\s\S])*(?:"|$)/g, (quoted) =>
    quoted.replaceAll("\r", "\\r").replaceAll("\n", "\\n").replaceAll("\t", "\\t"),
  );
}

async function finish(prepared: Prepared, execution: ToolExecution): Promise<Result> {
  const { call } = prepared;
  const start = performance.now();
  const startedAt = new Date().toISOString();
  let outcome: Result["outcome"] = "aborted";
  try {
    const result = "outcome" in prepared ? prepared : await run(prepared, execution);
    ({ outcome } = result);
    return result;
  } finally {
    execution.conversation.toolCalls.push({
      id: call.id,
      tool: call.name,
      agent: execution.agent,
      caller: execution.caller,
      arguments: call.arguments,
      outcome,
      startedAt,
      milliseconds: Math.round(performance.now() - start),
    });
  }
}

async function run(
  { call, tool, args }: Exclude<Prepared, Result>,
  { agent, conversation, signal }: ToolExecution,
): Promise<Result> {
  signal?.throwIfAborted();
  const limit = beginTimeLimit(tool.timeoutSeconds * 1_000);
  const both = anySignal(signal, limit.signal);
  try {
    const content = await untilAborted(runToText(tool, args, { id: call.id, agent, conversation, signal: both }), both);
    return { call, outcome: "ok", content };
  } catch (error) {
    // An abort is not the tool's failure.
    signal?.throwIfAborted();
    if (limit.signal.aborted) {
      return {
        call,
        outcome: "timed-out",
        content: `Error: ${call.name} took longer than its ${String(tool.timeoutSeconds)} seconds and was broken off.`,
      };
    }
    return { call, outcome: "failed", content: `Error: ${errorMessage(error)}` };
  } finally {
    limit.clear();
  }
}

async function runToText(tool: Tool, args: unknown, context: ToolContext): Promise<string> {
  return describeToolResult(await tool.run(args, context), context.signal);
}
