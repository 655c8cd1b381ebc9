import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";
import { DOCUMENT } from "./fake-use-cases.ts";
import { asObject, createHarness, jsonOf } from "./server-harness.ts";

const ROUTES = [
  "post /v1/answers",
  "post /v1/search",
  "post /v1/documents",
  "get /v1/documents",
  "get /v1/documents/{id}",
  "delete /v1/documents/{id}",
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
