import { once } from "node:events";
import { request } from "node:http";
import { connect, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { pino } from "pino";
import { describe, expect, it } from "vitest";
import type { UseCases } from "../../src/answering/use-cases.ts";
import type { Answer, AnswerEvent } from "../../src/domain/answer.ts";
import type { IngestEvent, IngestReport } from "../../src/domain/ingest.ts";
import { createApp } from "../../src/server/create-app.ts";
import { createUploads, type Uploads } from "../../src/server/uploads.ts";
import { startServer, type RunningServer } from "../../src/server/start-server.ts";
import { createFakeUseCases, fakeAnswer } from "./fake-use-cases.ts";
import { eventsIn } from "./server-harness.ts";

function serve(overrides: Partial<UseCases> = {}, drainMs = 5_000): Promise<RunningServer> {
  const app = createApp({ useCases: createFakeUseCases(overrides), apiKeys: [] });
  return startServer({ app, host: "127.0.0.1", port: 0, drainMs });
}

function ask(url: string, stream: boolean, signal?: AbortSignal): Promise<Response> {
  return fetch(`${url}/v1/answers`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ question: "x", stream }),
    ...(signal === undefined ? {} : { signal }),
  });
}

/** Asks as `nc -N` does: the client's side of the connection is closed once the request is sent. */
function askAndHalfClose(
  { port }: RunningServer,
  { stream, version }: { readonly stream: boolean; readonly version: string },
): Socket {
  const body = JSON.stringify({ question: "x", stream });
  const head = `POST /v1/answers HTTP/${version}\r\nHost: localhost\r\nContent-Type: application/json`;
  const client = connect({ port, host: "127.0.0.1", allowHalfOpen: true });
  client.setEncoding("utf8");
  client.end(`${head}\r\nContent-Length: ${body.length}\r\n\r\n${body}`);
  return client;
}

async function textOf(client: Socket): Promise<string> {
  let text = "";
  for await (const part of client) text += String(part);
  return text;
}

/** Answers that never end by themselves; `aborted` tells why they stopped. */
function endless(): {
  readonly useCases: Partial<UseCases>;
  readonly aborted: Promise<unknown>;
  readonly started: Promise<void>;
} {
  const aborted = Promise.withResolvers<unknown>();
  const started = Promise.withResolvers<void>();
  return {
    aborted: aborted.promise,
    started: started.promise,
    useCases: {
      async *answerQuestion({ signal }): AsyncGenerator<AnswerEvent, Answer> {
        started.resolve();
        yield { type: "delta", text: "…" };
        await new Promise((_, reject) => {
          signal?.addEventListener("abort", () => {
            aborted.resolve(signal.reason);
            reject(signal.reason);
          });
        });
        throw new TypeError("unreachable");
      },
    },
  };
}

// oxlint-disable-next-line require-yield -- nothing happens on the way.
async function* noIngestion(): AsyncGenerator<IngestEvent, IngestReport> {
  throw new TypeError("The test ingests nothing.");
}

describe("startServer", () => {
  it("answers on the port it names, and no more once closed", async () => {
    const server = await serve();
    expect(server.url).toBe(`http://127.0.0.1:${server.port}`);
    expect((await fetch(`${server.url}/healthz`)).status).toBe(200);
    await server.close();
    await server.close();
    await expect(fetch(`${server.url}/healthz`)).rejects.toThrow();
  });

  it("keeps a connection longer than a proxy in front of it does", async () => {
    const server = await serve();
    const { headers } = await fetch(`${server.url}/healthz`);
    expect(headers.get("keep-alive")).toBe("timeout=65");
    await server.close();
  });

  it("says what to do when the port is taken or is none", async () => {
    const server = await serve();
    const app = createApp({ useCases: createFakeUseCases(), apiKeys: [] });
    await expect(startServer({ app, host: "127.0.0.1", port: server.port })).rejects.toMatchObject({
      code: "config_invalid",
      message: expect.stringMatching(/in use.*--port/),
    });
    await server.close();
    await expect(startServer({ app, host: "127.0.0.1", port: 70_000 })).rejects.toMatchObject({
      code: "config_invalid",
    });
  });

  it("refuses a foreign Host header", async () => {
    const server = await serve();
    const { promise, resolve, reject } = Promise.withResolvers<number | undefined>();
    request(`${server.url}/v1/collections`, { headers: { host: "evil.example" } }, (response) => {
      response.resume();
      resolve(response.statusCode);
    })
      .on("error", reject)
      .end();
    expect(await promise).toBe(403);
    await server.close();
  });

  it.each([true, false])("stops the work when the connection closes (stream: %s)", async (stream) => {
    const { useCases, aborted, started } = endless();
    const server = await serve(useCases);
    const client = new AbortController();
    const reply = ask(server.url, stream, client.signal);
    await started;
    if (stream) await (await reply).body?.getReader().read();
    client.abort();
    await reply.catch(() => undefined);
    expect(await aborted).toBeDefined();
    await server.close();
  });

  it.each([
    [false, "HTTP/1.1 102 Processing\r\n\r\n"],
    [true, ": still there?\n\n"],
  ])("answers a client that has closed its sending side (stream: %s)", async (stream, sign) => {
    const probed = Promise.withResolvers<void>();
    const server = await serve({
      async *answerQuestion(): AsyncGenerator<AnswerEvent, Answer> {
        if (stream) yield { type: "delta", text: "…" };
        // The server has seen the end of what the client sends by then.
        await probed.promise;
        const answer = fakeAnswer("x");
        yield { type: "answer", answer };
        return answer;
      },
    });
    const client = askAndHalfClose(server, { stream, version: "1.1" });
    client.on("data", (reply: string) => reply.includes(sign) && probed.resolve());
    const reply = await textOf(client);
    expect(reply).toContain("HTTP/1.1 200 OK\r\n");
    expect(reply).toContain(fakeAnswer("x").answer);
    await server.close();
  });

  it("sends no interim status to a client of HTTP/1.0 that has closed its sending side", async () => {
    const server = await serve({
      async *answerQuestion(): AsyncGenerator<AnswerEvent, Answer> {
        await sleep(300);
        const answer = fakeAnswer("x");
        yield { type: "answer", answer };
        return answer;
      },
    });
    const reply = await textOf(askAndHalfClose(server, { stream: false, version: "1.0" }));
    expect(reply).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
    await server.close();
  });

  it("lets a running answer end before it closes", async () => {
    const gate = Promise.withResolvers<void>();
    const started = Promise.withResolvers<void>();
    const server = await serve({
      async *answerQuestion(): AsyncGenerator<AnswerEvent, Answer> {
        started.resolve();
        await gate.promise;
        const answer = fakeAnswer("x");
        yield { type: "answer", answer };
        return answer;
      },
    });
    const reply = ask(server.url, false);
    await started.promise;
    const closed = server.close();
    gate.resolve();
    expect((await reply).status).toBe(200);
    await closed;
  });

  it("waits for work that is registered while it already stops", async () => {
    const useCases = createFakeUseCases();
    const own = createUploads({ useCases });
    const order: string[] = [];
    const begun = Promise.withResolvers<void>();
    const ended = sleep(300).then(() => void order.push("work"));
    const uploads: Uploads = {
      ...own,
      // The body is read to its end after the server gave up waiting.
      async accept(upload, options) {
        begun.resolve();
        if (options.signal?.aborted === false) await once(options.signal, "abort");
        const { job } = own.jobs.start({ collection: upload.collection, files: 0, bytes: 0, run: noIngestion });
        return { job, ended };
      },
    };
    const app = createApp({ useCases, apiKeys: [], uploads });
    const server = await startServer({ app, host: "127.0.0.1", port: 0, drainMs: 1 });
    const reply = fetch(`${server.url}/v1/documents`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ source: "a.md", text: "x" }),
    });
    await begun.promise;
    await server.close().then(() => order.push("closed"));
    expect((await reply).status).toBe(202);
    expect(order).toEqual(["work", "closed"]);
  });

  it("ends streams that outlast the wait with an error event", async () => {
    const { useCases } = endless();
    const server = await serve(useCases, 1);
    const reply = await ask(server.url, true);
    const closed = server.close();
    const events = eventsIn(await reply.text());
    expect(events.map(({ event }) => event)).toEqual(["delta", "error"]);
    expect(JSON.parse(events[1]?.data ?? "")).toMatchObject({ code: "shutting_down", status: 503 });
    await closed;
  });

  it.each([true, false])(
    "does not log its own end as an error of the work that it stops (stream: %s)",
    async (stream) => {
      const errors: string[] = [];
      const logger = pino({ level: "error" }, { write: (line: string) => errors.push(line) });
      const { useCases, started } = endless();
      const app = createApp({ useCases: createFakeUseCases(useCases), apiKeys: [], logger });
      const server = await startServer({ app, host: "127.0.0.1", port: 0, drainMs: 1 });
      const reply = ask(server.url, stream);
      await started;
      const closed = server.close();
      await (await reply).text();
      await closed;
      // The line of a request with status 503 is its usual one.
      expect(errors.filter((line) => line.includes("stack"))).toEqual([]);
    },
  );
});
