// A worker that speaks the pool's messages but has no model: a text, sent as its character codes, says what it does.
import { parentPort, workerData } from "node:worker_threads";
import type { WorkerReply, WorkerRequest, WorkerStart } from "../../src/embedding/worker-messages.ts";

/** Settings of such a worker. */
export interface CrashingWorkerSettings {
  /** What it says it cannot load. Default: it loads. */
  readonly unusable?: "runtime" | "model";
}

const port = parentPort;
const { settings }: WorkerStart<CrashingWorkerSettings> = workerData;
const reply = (message: WorkerReply): void => port?.postMessage(message, []);

port?.on("message", (request: WorkerRequest) => {
  if (request.type !== "embed") return;
  const { id } = request;
  const texts = request.tokens.map((codes) => String.fromCharCode(...codes));
  if (texts.includes("exit")) process.exit(3);
  if (texts.includes("throw")) throw new Error("out of paper");
  if (texts.includes("fail")) reply({ type: "failed", id, reason: "bad text" });
  else if (!texts.includes("hang")) reply({ type: "vectors", id, vectors: Float32Array.from(texts, Number) });
});
reply(
  settings.unusable === undefined
    ? { type: "ready" }
    : { type: "unusable", part: settings.unusable, reason: "not made for it" },
);
