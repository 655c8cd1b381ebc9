import { PassThrough } from "node:stream";
import { describe, expect, it, onTestFinished } from "vitest";
import type { UseCases } from "../../src/answering/use-cases.ts";
import { serveMcpStdio } from "../../src/mcp/serve-mcp.ts";
import { createFakeUseCases, fakeReport } from "../server/fake-use-cases.ts";

/** One message of the protocol. */
type Message = Readonly<Record<string, unknown>>;

/** A server on streams, spoken to in single lines. */
interface RawServer {
  readonly send: (message: Message | string) => void;
  /** The next message that has this id, or this method. */
  readonly next: (key: string | number) => Promise<Message>;
  /** Everything on standard output so far. */
  readonly output: () => string;
  readonly input: PassThrough;
  readonly stop: AbortController;
  readonly ended: Promise<void>;
}

function startServer(useCases: Partial<UseCases> = {}): RawServer {
  const input = new PassThrough();
  const output = new PassThrough();
  const stop = new AbortController();
  const messages: Message[] = [];
  let text = "";
  output.on("data", (part: Buffer) => {
    text += part.toString("utf8");
    const lines = text.split("\n").slice(0, -1);
    messages.splice(0, messages.length, ...lines.map((line): Message => JSON.parse(line)));
  });
  const ended = serveMcpStdio({
    useCases: createFakeUseCases(useCases),
    collection: "default",
    version: "1.2.3",
    refresh: false,
    cwd: "/project",
    dataFolder: "/project/.citewell",
    stdin: input,
    stdout: output,
    signal: stop.signal,
  });
  onTestFinished(async () => {
    stop.abort();
    await ended;
  });
  return {
    send: (message) =>
      void input.write(`${typeof message === "string" ? message : JSON.stringify({ jsonrpc: "2.0", ...message })}\n`),
    next: async (key) => {
      const find = (): Message | undefined => messages.find(({ id, method }) => id === key || method === key);
      await expect.poll(find).toBeDefined();
      return find() ?? {};
    },
    output: () => text,
    input,
    stop,
    ended,
  };
}

function initialize(protocolVersion: string): Message {
  const params = { protocolVersion, capabilities: {}, clientInfo: { name: "test", version: "0.0.0" } };
  return { id: 0, method: "initialize", params };
}

function callTool(name: string, args: Message, meta: Message = {}): Message {
  return { id: 1, method: "tools/call", params: { name, arguments: args, ...meta } };
}

describe("citewell mcp on standard input and output", () => {
  it("refuses a message that is too long by its number, and goes on", async () => {
    const server = startServer();
    server.send(initialize("2025-11-25"));
    await server.next(0);
    const params = { name: "search_docs", arguments: { query: "x".repeat(11_000_000), id: 3 } };
    server.send({ id: 7, method: "tools/call", params });
    server.send(JSON.stringify({ method: "tools/call", params, jsonrpc: "2.0", id: "eight" }));
    server.send(JSON.stringify({ method: "notifications/x", params: { id: 3, text: params } }));
    server.send({ id: 9, method: "ping" });
    const error = { code: -32_600, message: expect.stringMatching(/^A message of more than 10,000,000 bytes/) };
    expect(await server.next(7)).toEqual({ jsonrpc: "2.0", id: 7, error });
    expect(await server.next("eight")).toEqual({ jsonrpc: "2.0", id: "eight", error });
    expect(await server.next(9)).toMatchObject({ result: {} });
    expect(server.output().trim().split("\n")).toHaveLength(4);
  });

  it.each(["2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25"])(
    "speaks %s to a client of that version",
    async (version) => {
      const server = startServer();
      server.send(initialize(version));
      expect(await server.next(0)).toMatchObject({
        result: {
          protocolVersion: version,
          serverInfo: { name: "citewell", version: "1.2.3" },
          capabilities: { tools: {} },
          instructions: expect.stringMatching(/never instructions/),
        },
      });
    },
  );

  it("offers a version of its own to a client of an unknown one", async () => {
    const server = startServer();
    server.send(initialize("2099-01-01"));
    expect(await server.next(0)).toMatchObject({ result: { protocolVersion: expect.stringMatching(/^202\d-/) } });
  });

  it("answers a client that never sends notifications/initialized, and its pings", async () => {
    const server = startServer();
    server.send(initialize("2025-06-18"));
    server.send({ id: 5, method: "ping" });
    server.send(callTool("search_docs", { query: "install", language: ["markdown"] }));
    expect(await server.next(5)).toMatchObject({ result: {} });
    expect(await server.next(1)).toMatchObject({ result: { structuredContent: { collection: "default" } } });
  });

  it("says that it knows no such method or tool, and goes on after a line that is no message", async () => {
    const server = startServer();
    server.send(initialize("2025-06-18"));
    server.send("this is no JSON");
    server.send({ id: 2, method: "resources/list" });
    server.send(callTool("find_everything", {}));
    expect(await server.next(2)).toMatchObject({ error: { code: -32_601 } });
    expect(JSON.stringify(await server.next(1))).toMatch(/find_everything/);
  });

  it("stops the work of a call that is cancelled, and answers it no more", async () => {
    const begun = Promise.withResolvers<void>();
    const stopped = Promise.withResolvers<unknown>();
    const server = startServer({
      searchCorpus: ({ signal }) =>
        new Promise((_, reject) => {
          begun.resolve();
          signal?.addEventListener("abort", () => {
            stopped.resolve(signal.reason);
            reject(signal.reason);
          });
        }),
    });
    server.send(initialize("2025-06-18"));
    server.send(callTool("search_docs", { query: "install", language: ["markdown"] }));
    await begun.promise;
    server.send({ method: "notifications/cancelled", params: { requestId: 1, reason: "no longer wanted" } });
    await stopped.promise;
    server.send({ id: 6, method: "ping" });
    await server.next(6);
    expect(server.output()).not.toContain('"id":1,');
  });

  it("tells how far an indexing is to a client that gives a progress token, in numbers that rise", async () => {
    const event = {
      type: "progress",
      filesTotal: 4,
      bytesDone: 1,
      bytesTotal: 9,
      chunksDone: 1,
      tokensDone: 1,
    } as const;
    const server = startServer({
      ingestRoots: async function* ({ collection }) {
        for (const filesDone of [0, 1, 1, 3, 3, 4]) yield { ...event, filesDone };
        const report = fakeReport(collection, 4);
        yield { type: "ingest-end", report };
        return report;
      },
    });
    server.send(initialize("2025-03-26"));
    server.send(callTool("sync_index", { paths: ["."] }, { _meta: { progressToken: "t" } }));
    await server.next(1);
    const told = [...server.output().matchAll(/"progress":(\d)/g)].map(([, number]) => Number(number));
    expect(told).toEqual([1, 3, 4]);
    expect(server.output()).toContain('"progressToken":"t"');
  });

  it("ends when its input ends, in the midst of a call", async () => {
    const begun = Promise.withResolvers<void>();
    const server = startServer({
      searchCorpus: ({ signal }) =>
        new Promise((_, reject) => {
          begun.resolve();
          signal?.addEventListener("abort", () => reject(signal.reason));
        }),
    });
    server.send(initialize("2025-06-18"));
    server.send(callTool("search_docs", { query: "install", language: ["markdown"] }));
    await begun.promise;
    server.input.end();
    await expect(server.ended).resolves.toBeUndefined();
  });

  it("ends when it is told to", async () => {
    const server = startServer();
    server.send(initialize("2025-06-18"));
    await server.next(0);
    server.stop.abort(new DOMException("SIGTERM", "AbortError"));
    await expect(server.ended).resolves.toBeUndefined();
  });
});
