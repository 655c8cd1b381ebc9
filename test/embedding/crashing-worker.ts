// A worker that speaks the pool's messages but has no model: a text, sent as its character codes, says what it does.
import { parentPort } from "node:worker_threads";
import type { WorkerReply, WorkerRequest } from "../../src/embedding/worker-messages.ts";

const port = parentPort;
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
reply({ type: "ready" });
