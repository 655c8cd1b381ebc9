import { HTTP_STATUS } from "./error-response.ts";
import { escapeHtml } from "../domain/escape-html.ts";

/** The part of an OpenAPI document that the reference page reads. */
type Json = { readonly [key: string]: unknown };

const METHODS = ["get", "post", "put", "patch", "delete"];

/**
 * The body of the reference page, from an OpenAPI document. Plain HTML: it works without scripts and without the
 * internet, from which ready-made reference viewers load theirs.
 */
export function referencePage(document: Json): string {
  const info = asObject(document["info"]);
  const operations = Object.entries(asObject(document["paths"])).flatMap(([path, item]) =>
    METHODS.flatMap((method) => {
      const operation = asObject(item)[method];
      return operation === undefined ? [] : [{ path, method, operation: asObject(operation) }];
    }),
  );
  const tags = [...new Set(operations.map(({ operation }) => firstTag(operation)))];
  const sections = tags.map((tag) => {
    const own = operations.filter(({ operation }) => firstTag(operation) === tag);
    return `<h2>${escapeHtml(tag)}</h2>\n${own.map(operationHtml).join("\n")}`;
  });
  return `<h1>${escapeHtml(asText(info["title"]))} ${escapeHtml(asText(info["version"]))}</h1>
<p>${escapeHtml(asText(info["description"]))}</p>
<nav><a href="./">Web page</a><a href="openapi.json">OpenAPI document</a><a href="#schemas">Schemas</a><a href="#errors">Errors</a></nav>
${sections.join("\n")}
${schemasHtml(asObject(asObject(document["components"])["schemas"]))}
${errorsHtml()}`;
}

function operationHtml(entry: { readonly path: string; readonly method: string; readonly operation: Json }): string {
  const { path, method, operation } = entry;
  const parameters = asList(operation["parameters"]).map(asObject);
  const body = asObject(asObject(operation["requestBody"])["content"]);
  const responses = Object.entries(asObject(operation["responses"]));
  const rows = parameters.map(
    (parameter) =>
      `<tr><td><code>${escapeHtml(asText(parameter["name"]))}</code></td><td>${escapeHtml(asText(parameter["in"]))}</td><td>${typeHtml(parameter["schema"])}</td><td>${wordsHtml(parameter["description"])}</td></tr>`,
  );
  return `<details id="${escapeHtml(asText(operation["operationId"]))}"><summary><b>${method.toUpperCase()}</b><code>${escapeHtml(path)}</code><span>${wordsHtml(operation["summary"])}</span></summary><div>
<p>${wordsHtml(operation["description"])}</p>
${rows.length === 0 ? "" : `<h3>Parameters</h3>${tableHtml(["name", "in", "type", "meaning"], rows)}`}
${Object.keys(body).length === 0 ? "" : `<h3>Body</h3>${contentHtml(body)}`}
<h3>Replies</h3>${responses
    .map(
      ([status, response]) =>
        `<p><code>${escapeHtml(status)}</code> ${wordsHtml(asObject(response)["description"])} ${contentHtml(asObject(asObject(response)["content"]))}</p>`,
    )
    .join("\n")}
</div></details>`;
}

function contentHtml(content: Json): string {
  return Object.entries(content)
    .map(([mediaType, media]) => `<code>${escapeHtml(mediaType)}</code> ${typeHtml(asObject(media)["schema"])}`)
    .join("; ");
}

function schemasHtml(schemas: Json): string {
  const parts = Object.entries(schemas).map(([name, value]) => {
    const schema = asObject(value);
    const required = new Set(asList(schema["required"]));
    const rows = Object.entries(asObject(schema["properties"])).map(
      ([key, property]) =>
        `<tr><td><code>${escapeHtml(key)}</code>${required.has(key) ? "" : " (optional)"}</td><td>${typeHtml(property)}</td><td>${wordsHtml(asObject(property)["description"])}</td></tr>`,
    );
    const { example } = schema;
    return `<details id="schema-${escapeHtml(name)}"><summary><code>${escapeHtml(name)}</code><span>${wordsHtml(schema["description"])}</span></summary><div>
${tableHtml(["key", "type", "meaning"], rows)}
${example === undefined ? "" : `<h3>Example</h3><pre tabindex="0">${escapeHtml(JSON.stringify(example, null, 2))}</pre>`}
</div></details>`;
  });
  return `<h2 id="schemas">Schemas</h2>\n${parts.join("\n")}`;
}

function errorsHtml(): string {
  const rows = Object.entries(HTTP_STATUS).map(
    ([code, status]) => `<tr id="${code}"><td><code>${code}</code></td><td>${status}</td></tr>`,
  );
  return `<h2 id="errors">Errors</h2>
<p>Errors are <code>application/problem+json</code> objects; <code>code</code> is one of these, and <code>detail</code> says what to do. The OpenAI routes use OpenAI's own shape.</p>
${tableHtml(["code", "status"], rows)}`;
}

function tableHtml(heads: readonly string[], rows: readonly string[]): string {
  return `<div class="wide" tabindex="0"><table><thead><tr>${heads.map((head) => `<th scope="col">${head}</th>`).join("")}</tr></thead><tbody>${rows.join("\n")}</tbody></table></div>`;
}

function typeHtml(value: unknown): string {
  const schema = asObject(value);
  const reference = asText(schema["$ref"]).split("/").at(-1) ?? "";
  if (reference !== "") return `<a href="#schema-${escapeHtml(reference)}">${escapeHtml(reference)}</a>`;
  const choices = [...asList(schema["anyOf"]), ...asList(schema["oneOf"]), ...asList(schema["allOf"])];
  if (choices.length > 0) return choices.map(typeHtml).join(" or ");
  const values = asList(schema["enum"]);
  if (values.length > 0) return values.map((item) => `<code>${escapeHtml(JSON.stringify(item))}</code>`).join(" or ");
  if (schema["type"] === "array") return `list of ${typeHtml(schema["items"])}`;
  const type = schema["type"];
  const names = Array.isArray(type) ? type.join(" or ") : asText(type);
  return `${escapeHtml(names)}${escapeHtml(limitsOf(schema))}`;
}

function limitsOf(schema: Json): string {
  const { minimum, maximum } = schema;
  if (typeof minimum !== "number" || typeof maximum !== "number" || maximum >= Number.MAX_SAFE_INTEGER) return "";
  return ` from ${minimum} to ${maximum}`;
}

// Descriptions are Markdown; code is all they use of it.
function wordsHtml(text: unknown): string {
  return escapeHtml(asText(text)).replace(/`([^`]+)`/g, "<code>$1</code>");
}

function firstTag(operation: Json): string {
  return asText(asList(operation["tags"])[0]) || "Other";
}

function asObject(value: unknown): Json {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : {};
}

function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function asText(value: unknown): string {
  return typeof value === "string" ? value : "";
}
