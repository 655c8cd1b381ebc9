import type { RouterRoute } from "hono/types";

/**
 * Paths that OpenAI's clients ask for, with the `/v1` that a wrong base URL leaves out or doubles, and those of OpenAI's
 * interfaces that do not exist here.
 */
const OPENAI_PATH =
  /^\/+(?:(?:v1\/+)*(?:chat|models|completions|embeddings|responses)|(?:v1\/+)+(?:assistants|audio|batches|files|fine_tuning|images|moderations|threads|uploads|vector_stores|videos))(?:\/|$)/;

/** Whether a path belongs to the routes that speak OpenAI's shapes, errors included, or would if it existed. */
export function isOpenAiPath(path: string): boolean {
  return OPENAI_PATH.test(path);
}

/** What to say of an address without a route: the route that was probably meant, where there is one. */
export function missingRoute(path: string, routes: readonly RouterRoute[]): string {
  const names = path.split("/").filter((name) => name !== "");
  const rest = names.slice(names.findIndex((name) => name !== "v1"));
  const meant = [`/${rest.join("/")}`, `/v1/${rest.join("/")}`].find(
    (other) => other !== path && exists(other, routes),
  );
  if (meant !== undefined) {
    const hint = isOpenAiPath(path) ? ", to which a base URL leads that ends with /v1" : "";
    return `There is no ${path} here; did you mean ${meant}${hint}?`;
  }
  return isOpenAiPath(path)
    ? `There is no ${path} here, of OpenAI's interfaces only chat completions: have the client use POST /v1/chat/completions.`
    : `There is no ${path} here; /docs lists the routes.`;
}

/** Whether a route has this path; what stands for all methods is a guard, but for that of MCP. */
function exists(path: string, routes: readonly RouterRoute[]): boolean {
  return routes.some((route) => {
    if (route.method === "ALL" && route.path !== "/mcp") return false;
    const names = route.path.split("/");
    const asked = path.split("/");
    return names.length === asked.length && names.every((name, at) => name.startsWith(":") || name === asked[at]);
  });
}
