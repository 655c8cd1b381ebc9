// Runs in a worker thread: loads the model once and embeds what it is sent, one text a run.
//
// One text a run needs no padding, so that a text's vector never depends on its neighbours, and it is cheaper per CPU
// second than batches of 8 (test/bench/embedding-throughput.ts); between two runs the thread takes messages, so that a
// question waits for one text at most.
import { parentPort, workerData } from "node:worker_threads";
import type * as Transformers from "@huggingface/transformers";
import { errorMessage } from "../errors.ts";
import { toUnitLength } from "./vector-length.ts";
import { throughGate } from "./worker-gate.ts";
import type { WorkerReply, WorkerRequest, WorkerSettings, WorkerStart } from "./worker-messages.ts";

interface Task {
  readonly id: number;
  readonly tokens: readonly Int32Array[];
  readonly vectors: Float32Array<ArrayBuffer>;
  readonly urgent: boolean;
  done: number;
}

type EmbedTokens = (ids: Int32Array) => Promise<Float32Array>;

const tasks: Task[] = [];

/** Urgent ones go before all others. */
function nextTask(): Task | undefined {
  return tasks.find(({ urgent }) => urgent) ?? tasks[0];
}

async function serve(
  { settings, gate }: WorkerStart<WorkerSettings>,
  reply: (message: WorkerReply, moved?: ArrayBuffer[]) => void,
): Promise<void> {
  let model: EmbedTokens | undefined;
  let running = false;

  const drain = async (embed: EmbedTokens): Promise<void> => {
    if (running) return;
    running = true;
    for (let task = nextTask(); task; task = nextTask()) {
      try {
        const ids = task.tokens[task.done] ?? new Int32Array();
        task.vectors.set(await throughGate(gate, () => embed(ids)), task.done * settings.dimensions);
        task.done += 1;
        if (task.done < task.tokens.length) continue;
        if (forget(task.id)) reply({ type: "vectors", id: task.id, vectors: task.vectors }, [task.vectors.buffer]);
      } catch (error) {
        forget(task.id);
        reply({ type: "failed", id: task.id, reason: errorMessage(error) });
      }
    }
    running = false;
  };

  parentPort?.on("message", (request: WorkerRequest) => {
    if (request.type === "cancel") {
      forget(request.id);
      return;
    }
    const { id, tokens, urgent } = request;
    const vectors = new Float32Array(tokens.length * settings.dimensions);
    tasks.push({ id, tokens, vectors, urgent, done: 0 });
    if (model) void drain(model);
  });

  let part: Extract<WorkerReply, { type: "unusable" }>["part"] = "runtime";
  try {
    model = await throughGate(gate, async () => {
      // Here rather than at the top, so that a runtime that does not load on this machine can be told of.
      const runtime = await import("@huggingface/transformers");
      part = "model";
      return await loadModel(runtime, settings);
    });
  } catch (error) {
    reply({ type: "unusable", part, reason: errorMessage(error) });
    parentPort?.close();
    return;
  }
  reply({ type: "ready" });
  void drain(model);
}

function forget(id: number): boolean {
  const index = tasks.findIndex((task) => task.id === id);
  if (index >= 0) tasks.splice(index, 1);
  return index >= 0;
}

async function loadModel(
  { AutoModel, env, LogLevel, Tensor }: typeof Transformers,
  { folder, subfolder, dtype, pooling, dimensions }: WorkerSettings,
): Promise<EmbedTokens> {
  env.allowRemoteModels = false;
  env.useFSCache = false;
  env.logLevel = LogLevel.NONE;
  const model = await AutoModel.from_pretrained(folder, {
    dtype,
    subfolder,
    local_files_only: true,
    session_options: { intraOpNumThreads: 1, interOpNumThreads: 1, enableCpuMemArena: true },
  });

  return async (ids) => {
    const shape = [1, ids.length];
    const inputs = {
      input_ids: new Tensor("int64", BigInt64Array.from(ids, BigInt), shape),
      attention_mask: new Tensor("int64", new BigInt64Array(ids.length).fill(1n), shape),
      token_type_ids: new Tensor("int64", new BigInt64Array(ids.length), shape),
    };
    const outputs: Record<string, Transformers.Tensor> = await model(inputs);
    const states = outputs["last_hidden_state"] ?? outputs["token_embeddings"];
    if (!states || states.dims.at(-1) !== dimensions) {
      throw new Error(
        `the model gives no token vectors of ${dimensions} numbers (it gives ${Object.keys(outputs).join(", ")})`,
      );
    }
    const { data } = states;
    if (!(data instanceof Float32Array)) throw new Error(`the model gives ${states.type}, not float32`);
    const vector = pool(data, { rows: ids.length, dimensions, pooling });
    for (const tensor of Object.values(outputs)) tensor.dispose();
    return toUnitLength(vector);
  };
}

function pool(
  states: Float32Array,
  { rows, dimensions, pooling }: { rows: number; dimensions: number; pooling: WorkerSettings["pooling"] },
): Float32Array {
  if (pooling === "cls") return states.slice(0, dimensions);
  if (pooling === "last_token") return states.slice((rows - 1) * dimensions, rows * dimensions);
  // The sum will do for the mean: the vector is scaled to length 1 anyway.
  const sum = new Float32Array(dimensions);
  for (let start = 0; start < rows * dimensions; start += dimensions) {
    for (let index = 0; index < dimensions; index += 1) sum[index] = (sum[index] ?? 0) + (states[start + index] ?? 0);
  }
  return sum;
}

if (parentPort) {
  const port = parentPort;
  const start: WorkerStart<WorkerSettings> = workerData;
  await serve(start, (message, moved = []) => port.postMessage(message, moved));
}
