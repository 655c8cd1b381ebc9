import { context, SpanStatusCode, trace } from "@opentelemetry/api";
import type { Attributes, Span, SpanOptions } from "@opentelemetry/api";
import { closeEarly } from "../domain/run-to-end.ts";
import { isCitewellError } from "../errors.ts";

/** What a span says from its start. */
export interface SpanStart extends Pick<SpanOptions, "attributes" | "kind"> {
  readonly name: string;
}

/** Makes one OpenTelemetry span of a call; without a registered provider nothing is recorded. */
export async function inSpan<Result>(
  run: () => Promise<Result>,
  { name, describe, ...start }: SpanStart & { readonly describe: (result: Result) => Attributes },
): Promise<Result> {
  const span = startSpan(name, start);
  try {
    const result = await context.with(trace.setSpan(context.active(), span), run);
    span.setAttributes(describe(result));
    return result;
  } catch (error) {
    fail(span, error);
    throw error;
  } finally {
    span.end();
  }
}

/** Options of {@link inGeneratorSpan}. */
export interface GeneratorSpan<Event, Result> extends SpanStart {
  /** What the result adds to the span. */
  readonly describe?: (result: Result) => Attributes;
  /** Tells the span of an event. */
  readonly note?: (span: Span, event: Event) => void;
  /**
   * Whether nothing of interest comes after an event: whoever leaves there has not abandoned the rest.
   * @default never
   */
  readonly isLast?: (event: Event) => boolean;
}

/** Makes one OpenTelemetry span that lasts from the first step of a generator to its end, whoever ends it. */
export async function* inGeneratorSpan<Event, Result>(
  steps: AsyncGenerator<Event, Result>,
  { name, describe, note, isLast = () => false, ...start }: GeneratorSpan<Event, Result>,
): AsyncGenerator<Event, Result> {
  const span = startSpan(name, start);
  // Between two steps the caller's own context is the active one, so each step enters the span's again.
  const inside = trace.setSpan(context.active(), span);
  let finished = false;
  try {
    for (;;) {
      const next = await context.with(inside, () => steps.next());
      if (next.done === true) {
        finished = true;
        if (describe !== undefined) span.setAttributes(describe(next.value));
        return next.value;
      }
      note?.(span, next.value);
      finished = isLast(next.value);
      yield next.value;
    }
  } catch (error) {
    finished = true;
    fail(span, error);
    throw error;
  } finally {
    if (!finished) span.addEvent("abandoned");
    await context.with(inside, () => closeEarly(steps));
    span.end();
  }
}

function startSpan(name: string, options: SpanOptions): Span {
  return trace.getTracer("citewell").startSpan(name, options);
}

function fail(span: Span, error: unknown): void {
  // The sentence may hold a file's name or a part of the question; the code says what kind of failure it is.
  const unnamed = error instanceof Error ? error.name : "error";
  const kind = isCitewellError(error) ? error.code : unnamed;
  span.setAttribute("error.type", kind);
  span.setStatus({ code: SpanStatusCode.ERROR, message: kind });
}
