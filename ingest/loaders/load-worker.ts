// Runs in a worker thread: turns one source after the other into text, so that a large one holds nobody up.
import { parentPort } from "node:worker_threads";
import { errorMessage } from "../../src/errors.ts";
import { runLoader } from "./run-loader.ts";
import type { LoadReply, LoadRequest } from "./load-apart.ts";

parentPort?.on("message", async ({ loader, content, isAlone = false }: LoadRequest) => {
  let reply: LoadReply;
  try {
    reply = { result: await runLoader(loader, content, isAlone ? { attached: null } : {}) };
  } catch (error) {
    reply = { failure: errorMessage(error) };
  }
  parentPort?.postMessage(reply, []);
});
