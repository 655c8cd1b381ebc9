import type { OpenAPIHono } from "@hono/zod-openapi";
import type { Logger } from "pino";
import type { Answer, AnswerEvent } from "../domain/answer.ts";
import type { AnswerRequest, UseCases } from "../answering/use-cases.ts";
import type { AnswerGate } from "./answer-gate.ts";
import { problemOf } from "./error-response.ts";
import type { Metrics } from "./metrics.ts";
import type { ServerEnv } from "./server-env.ts";
import type { Uploads } from "./uploads.ts";

/** The app that routes are added to. */
export type ServerApp = OpenAPIHono<ServerEnv>;

/** What the routes work with. */
export interface RouteContext {
  readonly useCases: UseCases;
  readonly uploads: Uploads;
  /** The collection of requests that name none. */
  readonly collection: string;
  readonly gate: AnswerGate;
  readonly metrics: Metrics;
  readonly logger: Logger | undefined;
  /** Milliseconds between the heartbeats of an event stream. */
  readonly heartbeatMs: number;
  /** Address under which others reach the server, without a slash at its end; undefined for the one a request is sent to. */
  readonly publicUrl: string | undefined;
}

/** Answers a question when there is room for it, and counts the answer. */
export async function* answerInTurn(
  {
    useCases,
    gate,
    metrics,
  }: Pick<RouteContext, "gate" | "metrics"> & { readonly useCases: Pick<UseCases, "answerQuestion"> },
  request: AnswerRequest,
): AsyncGenerator<AnswerEvent, Answer> {
  let start = performance.now();
  const admit = async (signal: AbortSignal | undefined): Promise<() => void> => {
    const leave = await gate.enter(signal);
    start = performance.now();
    return leave;
  };
  try {
    const answer = yield* useCases.answerQuestion({ ...request, admit });
    metrics.countAnswer(answer.status, (performance.now() - start) / 1_000);
    return answer;
  } catch (error) {
    // The HTTP status does not tell it: a stream that fails on the way has begun with 200.
    if (request.signal?.aborted !== true && problemOf(error).status >= 500) metrics.countFailedAnswer();
    throw error;
  }
}
