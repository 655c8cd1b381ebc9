import { context, SpanKind, SpanStatusCode, trace } from "@opentelemetry/api";
import type { Attributes, Context, Span, Tracer } from "@opentelemetry/api";
import { errorMessage } from "../../errors.ts";
import type { RunEvent, RunWatcher } from "./watch-run.ts";

/** Options of {@link createSpanWatcher}. */
export interface SpanWatcherOptions {
  /** Makes the spans. @default the tracer `citewell` of the provider that the program registered */
  readonly tracer?: Tracer | undefined;
  /** Whether texts of messages, queries and tools' arguments and results go into the spans. @default false */
  readonly recordContent?: boolean | undefined;
}

/**
 * Makes OpenTelemetry spans of runs: one for the run, below it one for each model call, tool call and nested chat;
 * everything else is an event of the run's span. Names and attributes follow the conventions for generative AI.
 */
export function createSpanWatcher({
  tracer = trace.getTracer("citewell"),
  recordContent = false,
}: SpanWatcherOptions = {}): RunWatcher {
  return ({ id, name, startedAt }) => {
    const root = tracer.startSpan(name, {
      startTime: startedAt,
      attributes: { "gen_ai.operation.name": "invoke_agent", "gen_ai.conversation.id": id },
    });
    const parent = trace.setSpan(context.active(), root);
    const open = new Map<string, Span>();
    return {
      onEvent(event) {
        record(event, { tracer, root, parent, open, recordContent });
      },
      onEnd(end) {
        for (const span of open.values()) span.end();
        if (end.status === "failed") {
          root.recordException(end.error instanceof Error ? end.error : String(end.error));
          root.setStatus({ code: SpanStatusCode.ERROR, message: errorMessage(end.error) });
        } else if (end.status === "abandoned") root.addEvent("abandoned");
        root.end();
      },
    };
  };
}

interface Recording {
  readonly tracer: Tracer;
  readonly root: Span;
  readonly parent: Context;
  /** Spans of tool calls and nested chats that have begun. */
  readonly open: Map<string, Span>;
  readonly recordContent: boolean;
}

function record(event: RunEvent, { tracer, root, parent, open, recordContent }: Recording): void {
  const agent: Attributes = event.sender === undefined ? {} : { "gen_ai.agent.name": event.sender };
  const content = (attributes: Attributes): Attributes => (recordContent ? attributes : {});
  const note = (attributes: Attributes): void => void root.addEvent(event.type, { ...agent, ...attributes });
  switch (event.type) {
    case "delta":
      return;
    case "message": {
      const { name, role, content: text } = event.message;
      const attributes = { "gen_ai.agent.name": name, "citewell.role": role, "citewell.length": text.length };
      return note({ ...attributes, ...content({ "citewell.content": text }) });
    }
    case "model-call": {
      const { model, usage, costUsd } = event.call;
      const now = Date.now();
      const attributes: Attributes = {
        "gen_ai.operation.name": "chat",
        "gen_ai.agent.name": event.call.agent,
        "gen_ai.response.model": model,
        "gen_ai.usage.input_tokens": usage.promptTokens,
        "gen_ai.usage.output_tokens": usage.completionTokens,
        ...(costUsd === null ? {} : { "citewell.cost_usd": costUsd }),
      };
      // The event comes at the call's end.
      const options = { kind: SpanKind.CLIENT, startTime: now - event.milliseconds, attributes };
      tracer.startSpan(`chat ${model}`, options, parent).end(now);
      return;
    }
    case "tool-call": {
      const attributes: Attributes = {
        "gen_ai.operation.name": "execute_tool",
        "gen_ai.tool.name": event.tool,
        "gen_ai.tool.call.id": event.id,
        ...agent,
        ...content({ "gen_ai.tool.call.arguments": event.arguments }),
      };
      open.set(`tool ${event.id}`, tracer.startSpan(`execute_tool ${event.tool}`, { attributes }, parent));
      return;
    }
    case "tool-result": {
      const span = open.get(`tool ${event.id}`);
      open.delete(`tool ${event.id}`);
      span?.setAttributes({
        "citewell.outcome": event.outcome,
        ...content({ "gen_ai.tool.call.result": event.content }),
      });
      if (event.outcome !== "ok") span?.setStatus({ code: SpanStatusCode.ERROR, message: event.outcome });
      span?.end();
      return;
    }
    case "nested-chat": {
      const key = `nested ${event.sender ?? ""} ${event.recipient}`;
      if (event.event === "begin") {
        open.set(key, tracer.startSpan(`nested chat ${event.recipient}`, { attributes: agent }, parent));
        return;
      }
      open.get(key)?.end();
      open.delete(key);
      return;
    }
    case "retrieval":
      return note({ "citewell.hits": event.hits.length, ...content({ "citewell.query": event.query }) });
    case "context-update":
      return note({ "citewell.round": event.round, ...content({ "citewell.query": event.query }) });
    case "speaker":
      return note({ "citewell.speaker": event.speaker, "citewell.chosen_by": event.by });
    case "human-asked":
      return note(content({ "citewell.prompt": event.prompt }));
    default:
      event satisfies never;
  }
}
