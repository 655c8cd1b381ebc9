import { collectDefaultMetrics, Counter, Histogram, Registry } from "prom-client";
import type { AnswerStatus } from "../domain/answer.ts";

/** What the server counts. */
export interface Metrics {
  /** Counts a finished request. */
  countRequest(request: {
    /** HTTP method. */
    readonly method: string;
    /** Pattern of the route, never the path itself. */
    readonly route: string;
    readonly status: number;
    readonly seconds: number;
  }): void;
  /** Counts a finished answer, with the seconds it took. */
  countAnswer(status: AnswerStatus, seconds: number): void;
  /** Counts an answer that a part of the server, the store or a model failed to give. */
  countFailedAnswer(): void;
  readonly contentType: string;
  /** Everything in Prometheus' text format. */
  render(): Promise<string>;
}

/** Creates the metrics of one app, in a registry of its own. */
export function createMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  // Gauges that are called like counters, which Prometheus' own checker objects to; without the ending they stand there too.
  for (const what of ["handles", "requests", "resources"]) registry.removeSingleMetric(`nodejs_active_${what}_total`);
  const requests = new Counter({
    name: "citewell_http_requests_total",
    help: "Finished requests by method, route and status.",
    labelNames: ["method", "route", "status"],
    registers: [registry],
  });
  const durations = new Histogram({
    name: "citewell_http_request_duration_seconds",
    help: "Time until the reply began, by method and route.",
    labelNames: ["method", "route"],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60],
    registers: [registry],
  });
  const answers = new Counter({
    name: "citewell_answers_total",
    help: "Answers by status; failed where the server, the store or a model gave none.",
    labelNames: ["status"],
    registers: [registry],
  });
  const answerDurations = new Histogram({
    name: "citewell_answer_duration_seconds",
    help: "Time from question to whole answer.",
    buckets: [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300],
    registers: [registry],
  });
  for (const status of ["answered", "partial", "insufficient", "failed"] as const) answers.inc({ status }, 0);

  return {
    countRequest({ method, route, status, seconds }) {
      requests.inc({ method, route, status: String(status) });
      durations.observe({ method, route }, seconds);
    },
    countAnswer(status, seconds) {
      answers.inc({ status });
      answerDurations.observe(seconds);
    },
    countFailedAnswer: () => answers.inc({ status: "failed" }),
    contentType: registry.contentType,
    render: () => registry.metrics(),
  };
}
