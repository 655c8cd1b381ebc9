// Needs a real Qdrant: the one at QDRANT_URL, or one that Docker starts.
import { afterAll, describe, it } from "vitest";
import { findQdrantServer } from "../support/qdrant-server.ts";
import { describeKilledIngestion } from "./killed-ingestion.contract.ts";

const server = await findQdrantServer();

if ("reason" in server) {
  describe("killed ingestions on a real Qdrant", () => {
    it.skip(`are skipped: ${server.reason}`, () => undefined);
  });
} else {
  const { urls, apiKey } = server;
  afterAll(async () => server.stop());
  describeKilledIngestion(
    "Qdrant",
    async () => ({ store: urls.join(","), ...(apiKey === undefined ? {} : { apiKey }) }),
    { kills: Number(process.env["CITEWELL_KILLS"] ?? 25), seed: Number(process.env["CITEWELL_KILL_SEED"] ?? 1) },
  );
}
