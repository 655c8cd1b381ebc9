import { afterAll } from "vitest";
import { type QdrantStandIn, startQdrantStandIn } from "../support/qdrant-stand-in.ts";
import { describeKilledIngestion } from "./killed-ingestion.contract.ts";

// About so many processes in all. CITEWELL_KILLS=500 looks closer, CITEWELL_KILL_SEED elsewhere.
const kills = Number(process.env["CITEWELL_KILLS"] ?? 25);
const seed = Number(process.env["CITEWELL_KILL_SEED"] ?? 1);

let standIn: QdrantStandIn | null = null;
afterAll(async () => standIn?.stop());

describeKilledIngestion("embedded store", async () => ({ store: "embedded" }), { kills: Math.floor(kills / 2), seed });

describeKilledIngestion(
  "Qdrant stand-in",
  async () => {
    standIn = await startQdrantStandIn();
    return { store: standIn.url };
  },
  { kills: Math.ceil(kills / 6), seed },
);
