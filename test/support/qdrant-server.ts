import { errorMessage } from "../../src/errors.ts";

/** A real Qdrant for tests. */
export interface QdrantServer {
  /** Addresses of its nodes. */
  readonly urls: readonly string[];
  readonly apiKey?: string;
  stop(): Promise<void>;
}

/** The version that is tested; docker-compose.yml runs the same. */
export const QDRANT_IMAGE: string = "qdrant/qdrant:v1.19.0";

/**
 * The server at `QDRANT_URL` (nodes of a cluster separated by commas, `QDRANT_API_KEY` if it has a key), else one in a
 * container, else the reason why there is none.
 */
export async function findQdrantServer(): Promise<QdrantServer | { readonly reason: string }> {
  const { QDRANT_URL: addresses = "", QDRANT_API_KEY: apiKey = "" } = process.env;
  const urls = addresses
    .split(",")
    .map((address) => address.trim())
    .filter((address) => address !== "");
  if (urls.length > 0) return { urls, ...(apiKey !== "" && { apiKey }), stop: async () => undefined };
  const { getContainerRuntimeClient } = await import("testcontainers");
  try {
    await getContainerRuntimeClient();
  } catch (error) {
    const [line = ""] = errorMessage(error).split("\n");
    return { reason: `QDRANT_URL is not set, and no Docker engine answers (${line})` };
  }
  return startContainer();
}

async function startContainer(): Promise<QdrantServer> {
  const { QdrantContainer } = await import("@testcontainers/qdrant");
  const key = "key-of-the-test";
  const container = await new QdrantContainer(QDRANT_IMAGE).withApiKey(key).start();
  const { hostname, port } = new URL(`http://${container.getRestHostAddress().replace(/^https?:\/\//, "")}`);
  return {
    urls: [`http://${hostname}:${port}`],
    apiKey: key,
    stop: async () => {
      await container.stop();
    },
  };
}
