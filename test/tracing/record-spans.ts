import { context, propagation, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { W3CTraceContextPropagator } from "@opentelemetry/core";
import { InMemorySpanExporter, type ReadableSpan, SimpleSpanProcessor, TracerProvider } from "@opentelemetry/sdk-trace";
import { onTestFinished } from "vitest";

/** Records the spans of a test in memory; everything is taken off again at the test's end. */
export function recordSpans(): { spans(): readonly ReadableSpan[]; named(name: string): ReadableSpan } {
  const exporter = new InMemorySpanExporter();
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());
  trace.setGlobalTracerProvider(new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] }));
  onTestFinished(() => {
    trace.disable();
    context.disable();
    propagation.disable();
  });
  const spans = (): readonly ReadableSpan[] => exporter.getFinishedSpans();
  return {
    spans,
    named(name) {
      const found = spans().find((span) => span.name === name);
      if (found === undefined)
        throw new Error(
          `No span ${name} among ${spans()
            .map((span) => span.name)
            .join(", ")}.`,
        );
      return found;
    },
  };
}
