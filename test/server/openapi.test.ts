import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";
import type { ChatMessage, RetrievalContext } from "../../src/domain/message.ts";
import { DOCUMENT } from "./fake-use-cases.ts";
import { asObject, createHarness, jsonOf } from "./server-harness.ts";

const ROUTES = [
  "post /v1/answers",
  "post /v1/search",
  "post /v1/documents",
  "get /v1/documents",
  "get /v1/documents/{id}",
  "delete /v1/conversations/{id}",
  "delete /v1/documents/{id}",
  "delete /v1/jobs/{id}",
  "get /v1/jobs/{id}",
  "get /v1/collections",
  "post /v1/collections",
  "delete /v1/collections/{name}",
  "get /v1/conversations/{id}",
  "post /v1/conversations/{id}/messages",
  "post /v1/chat/completions",
  "get /v1/models",
  "get /healthz",
  "get /readyz",
  "get /metrics",
];

describe("GET /openapi.json", () => {
  it("lists every route of OpenAPI 3.1", async () => {
    const document = await jsonOf(await createHarness({ version: "1.2.3" }).get("/openapi.json"));
    expect(document).toMatchObject({ openapi: "3.1.0", info: { title: "citewell", version: "1.2.3" } });
    const listed = Object.entries(asObject(document["paths"])).flatMap(([path, item]) =>
      Object.keys(asObject(item)).map((method) => `${method} ${path}`),
    );
    expect(listed.toSorted()).toEqual(ROUTES.toSorted());
  });

  it("tells generators of clients where the server is, and that a reply is an answer or text", async () => {
    const document = await jsonOf(await createHarness().get("/openapi.json"));
    expect(document).toMatchObject({ servers: [{ url: "." }], info: { license: { name: "Apache-2.0" } } });
    const behindProxy = createHarness({ publicUrl: "https://docs.example/citewell/" });
    const proxied = await jsonOf(await behindProxy.get("/openapi.json"));
    expect(proxied["servers"]).toEqual([{ url: "https://docs.example/citewell" }]);
    const streams = JSON.stringify(document).matchAll(/"text\/event-stream":\{"schema":\{"type":"(\w+)"/g);
    expect([...streams].map(([, type]) => type)).toEqual(["string", "string", "string"]);
  });

  it("tells the headers of replies", async () => {
    const { paths } = await jsonOf(await createHarness().get("/openapi.json"));
    for (const [path, item] of Object.entries(asObject(paths))) {
      for (const operation of Object.values(asObject(item))) {
        for (const [status, reply] of Object.entries(asObject(asObject(operation)["responses"]))) {
          const names = Object.keys(asObject(asObject(reply)["headers"]));
          expect(names, `${path} ${status}`).toContain("X-Request-Id");
          expect(names.includes("Retry-After"), `${path} ${status}`).toBe(status === "default");
        }
      }
    }
    const upload = asObject(asObject(asObject(asObject(paths)["/v1/documents"])["post"])["responses"]);
    expect(upload["202"]).toMatchObject({ headers: { Location: { schema: { type: "string" } } } });
  });

  it("names everything that a message of a conversation may hold", async () => {
    // Records, so that the compiler asks for every key.
    const message: Record<keyof ChatMessage, true> = {
      role: true,
      content: true,
      name: true,
      toolCalls: true,
      toolCallId: true,
      toolResponses: true,
      context: true,
      retrieval: true,
      request: true,
      standing: true,
      cutBy: true,
      usage: true,
      model: true,
    };
    const retrieval: Record<keyof RetrievalContext, true> = {
      question: true,
      corrected: true,
      standalone: true,
      parts: true,
      query: true,
      passages: true,
      evidence: true,
      exhausted: true,
      roundsLeft: true,
      tokens: true,
      tokenBudget: true,
    };
    const document = await jsonOf(await createHarness().get("/openapi.json"));
    const schema = asObject(asObject(asObject(document["components"])["schemas"])["Message"]);
    const properties = asObject(schema["properties"]);
    expect(Object.keys(properties).toSorted()).toEqual(Object.keys(message).toSorted());
    const nested = asObject(asObject(properties["retrieval"])["properties"]);
    expect(Object.keys(nested).toSorted()).toEqual(Object.keys(retrieval).toSorted());
  });

  it("resolves every reference", async () => {
    const text = await (await createHarness().get("/openapi.json")).text();
    const schemas = asObject(asObject(asObject(JSON.parse(text))["components"])["schemas"]);
    const names = [...text.matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g)].map((match) => match[1] ?? "");
    expect(names.length).toBeGreaterThan(20);
    expect(names.filter((name) => !(name in schemas))).toEqual([]);
    expect(schemas["Answer"]).toMatchObject({
      properties: { citations: { type: "array" } },
      example: { status: "answered" },
    });
    expect(schemas["AnswerRequest"]).toMatchObject({ additionalProperties: false, required: ["question"] });
  });

  it("describes what the routes really reply, and gives examples that hold", async () => {
    const harness = createHarness();
    const document = await jsonOf(await harness.get("/openapi.json"));
    const schemas = asObject(asObject(document["components"])["schemas"]);
    const ajv = new Ajv2020({ strict: false });
    ajv.addSchema({ ...document, $id: "api" });
    const check = (name: string, value: unknown): void => {
      expect(ajv.validate({ $ref: `api#/components/schemas/${name}` }, value), `${name}: ${ajv.errorsText()}`).toBe(
        true,
      );
    };
    for (const [name, schema] of Object.entries(schemas)) {
      const { example } = asObject(schema);
      if (example !== undefined) check(name, example);
    }
    const post = async (path: string, body: unknown): Promise<unknown> => jsonOf(await harness.post(path, body));
    const get = async (path: string): Promise<unknown> => jsonOf(await harness.get(path));
    check("Answer", await post("/v1/answers", { question: "x" }));
    check("SearchResult", await post("/v1/search", { query: "x" }));
    check("Problem", await post("/v1/search", {}));
    const accepted = asObject(await post("/v1/documents", { source: "a.md", text: "x" }));
    check("Accepted", accepted);
    check("Job", await get(`/v1/jobs/${String(accepted["jobId"])}`));
    check("DocumentPage", await get("/v1/documents"));
    check("DocumentDetail", await get(`/v1/documents/${DOCUMENT.id}`));
    check("CollectionList", await get("/v1/collections"));
    check("Conversation", await get("/v1/conversations/known"));
    const messages = [{ role: "user", content: "x" }];
    check("ChatCompletion", await post("/v1/chat/completions", { model: "default", messages }));
    check("OpenAiError", await post("/v1/chat/completions", { model: "nope", messages }));
    check("ModelList", await get("/v1/models"));
  });

  const user = [{ role: "user", content: "x" }];
  it.each([
    ["SearchRequest", "/v1/search", { query: "" }],
    ["SearchRequest", "/v1/search", { query: " \n" }],
    ["SearchRequest", "/v1/search", { query: "x".repeat(8_001) }],
    ["SearchRequest", "/v1/search", { query: "x", queries: [""] }],
    ["SearchRequest", "/v1/search", { query: "x", filter: { metadata: { "": 1 } } }],
    ["SearchRequest", "/v1/search", { query: "x", filter: { metadata: { "a\u0000": 1 } } }],
    ["AnswerRequest", "/v1/answers", { question: "" }],
    ["ConversationMessage", "/v1/conversations/known/messages", { content: "" }],
    ["CollectionRequest", "/v1/collections", { name: "x".repeat(101) }],
    ["CollectionRequest", "/v1/collections", { name: ".hidden" }],
    ["TextUpload", "/v1/documents", { source: "a.md", text: "x", url: "https://example.com" }],
    ["TextUpload", "/v1/documents", { source: "a.md" }],
    ["TextUpload", "/v1/documents", { text: "x" }],
    ["TextUpload", "/v1/documents", { url: "https://example.com", mediaType: "text/html" }],
    ["ChatCompletionRequest", "/v1/chat/completions", { model: "default", messages: [{ role: "system" }] }],
    ["ChatCompletionRequest", "/v1/chat/completions", { model: "default", messages: [{ role: "user" }] }],
    ["ChatCompletionRequest", "/v1/chat/completions", { model: "default", messages: user, n: 2 }],
    ["ChatCompletionRequest", "/v1/chat/completions", { model: "default", messages: user, tool_choice: "required" }],
    [
      "ChatCompletionRequest",
      "/v1/chat/completions",
      { model: "default", messages: user, response_format: { type: "json_object" } },
    ],
  ])("tells in %s what %s refuses: %#", async (name, path, body) => {
    const harness = createHarness();
    const ajv = new Ajv2020({ strict: false });
    ajv.addSchema({ ...(await jsonOf(await harness.get("/openapi.json"))), $id: "api" });
    expect((await harness.post(path, body)).status).toBe(400);
    expect(ajv.validate({ $ref: `api#/components/schemas/${name}` }, body)).toBe(false);
  });

  it("takes what its schemas take", async () => {
    const harness = createHarness();
    const ajv = new Ajv2020({ strict: false });
    ajv.addSchema({ ...(await jsonOf(await harness.get("/openapi.json"))), $id: "api" });
    const completion = {
      model: "default",
      messages: user,
      n: 1,
      tool_choice: "auto",
      response_format: { type: "text" },
    };
    for (const [name, path, body] of [
      ["SearchRequest", "/v1/search", { query: "é", filter: { metadata: { team: "docs" } } }],
      ["TextUpload", "/v1/documents", { source: "a.md", text: "" }],
      ["ChatCompletionRequest", "/v1/chat/completions", completion],
      [
        "ChatCompletionRequest",
        "/v1/chat/completions",
        { ...completion, n: null, tool_choice: null, response_format: null },
      ],
    ] as const) {
      expect(ajv.validate({ $ref: `api#/components/schemas/${name}` }, body), ajv.errorsText()).toBe(true);
      expect((await harness.post(path, body)).status).toBeLessThan(300);
    }
  });

  it("links a reply to the requests that it leads to", async () => {
    const text = await (await createHarness().get("/openapi.json")).text();
    const operations = [...text.matchAll(/"operationId":"(\w+)","parameters":\{/g)].map((match) => match[1]);
    expect(new Set(operations)).toEqual(new Set(["readConversation", "replyToConversation", "readJob"]));
  });

  it("asks for the key only where there is one", async () => {
    expect(await jsonOf(await createHarness({ apiKeys: ["k"] }).get("/openapi.json"))).toHaveProperty("security");
    expect(await jsonOf(await createHarness().get("/openapi.json"))).not.toHaveProperty("security");
  });
});

describe("GET /docs", () => {
  it("shows every route without loading anything", async () => {
    const response = await createHarness().get("/docs");
    const html = await response.text();
    for (const route of ROUTES) expect(html).toContain(`<code>${route.split(" ")[1] ?? ""}</code>`);
    expect(html).not.toMatch(/<script|<link|src=|https?:\/\//);
    expect(html).toContain('id="collection_missing"');
    expect(response.headers.get("content-security-policy")).toContain("style-src 'sha256-");
  });

  it("lets the keyboard reach what scrolls, and heads every column", async () => {
    const html = await (await createHarness().get("/docs")).text();
    expect(html).toContain('<pre tabindex="0">');
    expect(html).not.toMatch(/<pre>|<div class="wide">|<th[^>]*><\/th>/);
  });
});
