import { createServer } from "node:http";
import { context, propagation, trace } from "@opentelemetry/api";
import { describe, expect, it, onTestFinished } from "vitest";
import { openTracing } from "../../src/tracing/open-tracing.ts";

interface Delivery {
  readonly path: string;
  readonly body: string;
}

async function startCollector(status = 200): Promise<{ url: string; deliveries: Delivery[] }> {
  const deliveries: Delivery[] = [];
  const server = createServer((request, response) => {
    const pieces: Buffer[] = [];
    request.on("data", (piece: Buffer) => pieces.push(piece));
    request.on("end", () => {
      deliveries.push({ path: request.url ?? "", body: Buffer.concat(pieces).toString("utf8") });
      response.writeHead(status, { "content-type": "application/json" }).end("{}");
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  const address = server.address();
  if (address === null || typeof address === "string") throw new TypeError("The collector listens on no port.");
  return { url: `http://127.0.0.1:${String(address.port)}`, deliveries };
}

describe("openTracing", () => {
  it("delivers spans with their parents, the service's name and version, to the collector's traces path", async () => {
    const { url, deliveries } = await startCollector();
    const tracing = await openTracing({ endpoint: `${url}/`, version: "1.2.3" });
    const tracer = trace.getTracer("citewell");
    await tracer.startActiveSpan("outer", async (outer) => {
      await Promise.resolve();
      tracer.startSpan("inner").end();
      outer.end();
    });
    await tracing.close();
    expect(deliveries.map(({ path }) => path)).toEqual(["/v1/traces"]);
    const [{ resource, scopeSpans }] = JSON.parse(deliveries[0]?.body ?? "{}").resourceSpans;
    expect(resource.attributes).toEqual(
      expect.arrayContaining([
        { key: "service.name", value: { stringValue: "citewell" } },
        { key: "service.version", value: { stringValue: "1.2.3" } },
      ]),
    );
    const [inner, outer] = scopeSpans[0].spans;
    expect(inner).toMatchObject({ name: "inner", parentSpanId: outer.spanId, traceId: outer.traceId });
    expect(outer.name).toBe("outer");
  });

  it("takes part in the trace of a caller that sends traceparent", async () => {
    const { url, deliveries } = await startCollector();
    const tracing = await openTracing({ endpoint: url });
    const traceId = "0af7651916cd43dd8448eb211c80319c";
    const caller = propagation.extract(context.active(), { traceparent: `00-${traceId}-b7ad6b7169203331-01` });
    trace.getTracer("citewell").startSpan("called", {}, caller).end();
    await tracing.close();
    expect(deliveries[0]?.body).toContain(traceId);
  });

  it("warns once when nothing takes the spans, and closes all the same", async () => {
    const { url } = await startCollector(404);
    const warnings: string[] = [];
    const hear = (warning: Error): void => void warnings.push(warning.message);
    process.on("warning", hear);
    onTestFinished(() => void process.off("warning", hear));
    const tracing = await openTracing({ endpoint: url });
    trace.getTracer("citewell").startSpan("lost").end();
    await tracing.close();
    await new Promise((resolve) => setImmediate(resolve));
    expect(warnings).toEqual([expect.stringContaining("OTEL_EXPORTER_OTLP_ENDPOINT")]);
    expect(warnings[0]).toContain(`${url}/v1/traces`);
  });

  it("keeps a password and a query of the address out of the warning, and the query behind the path", async () => {
    const { url, deliveries } = await startCollector(404);
    const warnings: string[] = [];
    const hear = (warning: Error): void => void warnings.push(warning.message);
    process.on("warning", hear);
    onTestFinished(() => void process.off("warning", hear));
    const tracing = await openTracing({ endpoint: `${url.replace("//", "//someone:hunter2@")}/?key=topsecret` });
    trace.getTracer("citewell").startSpan("lost").end();
    await tracing.close();
    await new Promise((resolve) => setImmediate(resolve));
    expect(deliveries[0]?.path).toBe("/v1/traces?key=topsecret");
    expect(warnings[0]).toContain(`${url}/v1/traces`);
    expect(warnings[0]).not.toMatch(/hunter2|topsecret/);
  });

  it("leaves nothing registered after close", async () => {
    const { url, deliveries } = await startCollector();
    await (await openTracing({ endpoint: url })).close();
    trace.getTracer("citewell").startSpan("after the end").end();
    expect(trace.getTracer("citewell").startSpan("after the end").isRecording()).toBe(false);
    expect(deliveries).toEqual([]);
  });
});
