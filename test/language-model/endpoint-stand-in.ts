import { createServer } from "node:http";
import type { IncomingHttpHeaders, ServerResponse } from "node:http";

/** One request that a stand-in received. */
export interface ReceivedRequest {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Record<string, unknown>;
}

/** A local server in the place of a model endpoint. */
export interface EndpointStandIn extends AsyncDisposable {
  readonly baseUrl: string;
  readonly requests: readonly ReceivedRequest[];
}

/** Replies to one request. */
export type Reply = (response: ServerResponse, request: ReceivedRequest) => void;

/** Serves the replies in order; the last one is repeated. */
export async function openEndpoint(...replies: readonly Reply[]): Promise<EndpointStandIn> {
  const requests: ReceivedRequest[] = [];
  const server = createServer((request, response) => {
    let text = "";
    request.setEncoding("utf8");
    request.on("data", (part: string) => (text += part));
    request.on("end", () => {
      const received = { path: request.url ?? "", headers: request.headers, body: JSON.parse(text) };
      const reply = replies[requests.length] ?? replies.at(-1);
      requests.push(received);
      reply?.(response, received);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return {
    baseUrl: `http://127.0.0.1:${String(port)}/v1`,
    requests,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** A reply with a status and a JSON body. */
export function json(status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): Reply {
  return (response) =>
    response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(body));
}

/** An error in OpenAI's shape. */
export function failure(status: number, message: string, headers: Readonly<Record<string, string>> = {}): Reply {
  return json(status, { error: { message, type: "error", param: null, code: null } }, headers);
}

/** A whole completion. */
export function completion(content: string, part: Record<string, unknown> = {}): Reply {
  return json(200, {
    id: "1",
    object: "chat.completion",
    created: 1,
    model: "served-model",
    choices: [{ index: 0, finish_reason: "stop", message: { role: "assistant", content } }],
    usage: { prompt_tokens: 7, completion_tokens: 3, total_tokens: 10 },
    ...part,
  });
}

/** A streamed completion; the usage comes last, when it is asked for. */
export function stream(pieces: readonly string[], { finishReason = "stop" }: { finishReason?: string } = {}): Reply {
  return (response, { body }) => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    const chunk = (data: object): void => {
      response.write(
        `data: ${JSON.stringify({ id: "1", object: "chat.completion.chunk", model: "served-model", ...data })}\n\n`,
      );
    };
    for (const content of pieces) chunk({ choices: [{ index: 0, delta: { content }, finish_reason: null }] });
    chunk({ choices: [{ index: 0, delta: {}, finish_reason: finishReason }] });
    if (body["stream_options"] !== undefined) {
      chunk({ choices: [], usage: { prompt_tokens: 7, completion_tokens: 3, total_tokens: 10 } });
    }
    response.end("data: [DONE]\n\n");
  };
}

/** Never replies. */
export const silence: Reply = () => undefined;
