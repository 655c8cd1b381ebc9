import { createApp, type CreateAppOptions } from "../../src/server/create-app.ts";
import { createFakeUseCases } from "./fake-use-cases.ts";

/** Sends requests to an app that opens no port. */
export interface Harness {
  get(path: string, headers?: Readonly<Record<string, string>>): Promise<Response>;
  /** Sends a body as JSON. */
  post(path: string, body: unknown, headers?: Readonly<Record<string, string>>): Promise<Response>;
  send(path: string, init: RequestInit): Promise<Response>;
}

/** An app over fakes, with what a test needs put in. */
export function createHarness(options: Partial<CreateAppOptions> = {}): Harness {
  const app = createApp({ useCases: createFakeUseCases(), apiKeys: [], ...options });
  const send = async (path: string, init: RequestInit): Promise<Response> =>
    app.request(new Request(`http://localhost${path}`, init));
  return {
    send,
    get: (path, headers = {}) => send(path, { headers }),
    post: (path, body, headers = {}) =>
      send(path, {
        method: "POST",
        headers: { "content-type": "application/json", ...headers },
        body: JSON.stringify(body),
      }),
  };
}

/** A JSON object of which nothing is known yet. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** The JSON object in a reply. */
export async function jsonOf(response: Response): Promise<JsonObject> {
  return asObject(await response.json());
}

/** A value as an object; fails where it is none. */
export function asObject(value: unknown): JsonObject {
  if (typeof value !== "object" || value === null) throw new TypeError(`Not an object: ${JSON.stringify(value)}`);
  return { ...value };
}

/** A value as a list; fails where it is none. */
export function asList(value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) throw new TypeError(`Not a list: ${JSON.stringify(value)}`);
  return value;
}

/** One event as a client reads it. */
export interface ReadEvent {
  readonly event: string;
  readonly id: number;
  readonly data: string;
}

/** The events in the text of a stream; comments are left out. */
export function eventsIn(text: string): ReadEvent[] {
  return text
    .split("\n\n")
    .map((block) => block.split("\n").filter((line) => line !== "" && !line.startsWith(":")))
    .filter((lines) => lines.length > 0)
    .map((lines) => {
      const field = (name: string): string =>
        lines.find((line) => line.startsWith(`${name}: `))?.slice(name.length + 2) ?? "";
      return { event: field("event"), id: Number(field("id")), data: field("data") };
    });
}
