import { context, propagation, trace } from "@opentelemetry/api";
import { shownAddress } from "../domain/shown-address.ts";

/** Sends the spans of this process to a collector until it is closed. */
export interface Tracing {
  /** Sends what is left, for three seconds at most, and stops. */
  close(): Promise<void>;
}

/** Options of {@link openTracing}. */
export interface TracingOptions {
  /** Base address of an OTLP collector that speaks HTTP, such as `http://localhost:4318`; `/v1/traces` is added. */
  readonly endpoint: string;
  /** Version of the service in every span. Default: none. */
  readonly version?: string;
}

const SERVICE_NAME = "citewell";
/** How long one delivery may take, so that a collector that is down does not hold up the end of a command. */
const DELIVERY_MS = 3_000;

/**
 * Registers OpenTelemetry's tracer, context and W3C propagation for the whole process, and delivers spans over
 * OTLP/HTTP. `OTEL_SERVICE_NAME`, `OTEL_RESOURCE_ATTRIBUTES` and `OTEL_EXPORTER_OTLP_HEADERS` count as everywhere. A
 * delivery that fails is told once, as a warning of the process, and nothing else stops for it.
 */
export async function openTracing({ endpoint, version }: TracingOptions): Promise<Tracing> {
  const [sdk, { OTLPTraceExporter }, hooks, resources, { W3CTraceContextPropagator }] = await Promise.all([
    import("@opentelemetry/sdk-trace"),
    import("@opentelemetry/exporter-trace-otlp-http"),
    import("@opentelemetry/context-async-hooks"),
    import("@opentelemetry/resources"),
    import("@opentelemetry/core"),
  ]);
  const url = new URL(endpoint);
  url.pathname = `${url.pathname.replace(/\/+$/, "")}/v1/traces`;
  const exporter = new OTLPTraceExporter({ url: url.href, timeoutMillis: DELIVERY_MS });
  const send = exporter.export.bind(exporter);
  let warned = false;
  exporter.export = (spans, done) => {
    send(spans, (result) => {
      if (result.error !== undefined && !warned) {
        warned = true;
        process.emitWarning(
          `Traces could not be delivered to ${shownAddress(url.href)} (${result.error.message}). Check OTEL_EXPORTER_OTLP_ENDPOINT, or unset it; further failures are not told.`,
        );
      }
      done(result);
    });
  };
  const own = { "service.name": SERVICE_NAME, ...(version === undefined ? {} : { "service.version": version }) };
  const provider = new sdk.TracerProvider({
    resource: resources
      .resourceFromAttributes(own)
      .merge(resources.detectResources({ detectors: [resources.envDetector] })),
    spanProcessors: [new sdk.BatchSpanProcessor({ exporter, exportTimeoutMillis: DELIVERY_MS })],
  });
  context.setGlobalContextManager(new hooks.AsyncLocalStorageContextManager().enable());
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());
  trace.setGlobalTracerProvider(provider);
  return {
    async close() {
      // A failed delivery was told by the exporter already.
      await provider.shutdown().catch(() => undefined);
      trace.disable();
      context.disable();
      propagation.disable();
    },
  };
}
