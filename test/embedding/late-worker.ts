// A worker that is in native code, as its gate tells, when it is closed, and answers in the midst of that.
import { setTimeout as sleep } from "node:timers/promises";
import { parentPort, workerData } from "node:worker_threads";
import { throughGate } from "../../src/embedding/worker-gate.ts";
import type { WorkerReply, WorkerRequest, WorkerStart } from "../../src/embedding/worker-messages.ts";

const port = parentPort;
const reply = (message: WorkerReply): void => port?.postMessage(message, []);
const { gate }: WorkerStart<object> = workerData;

port?.on("message", (request: WorkerRequest) => {
  if (request.type !== "embed") return;
  void throughGate(gate, async () => {
    await sleep(100);
    reply({ type: "vectors", id: request.id, vectors: new Float32Array(request.tokens.length) });
    await sleep(100);
  });
});
reply({ type: "ready" });
