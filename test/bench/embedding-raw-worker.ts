// The yardstick of the embedding benchmark: nothing but onnxruntime's `run` on texts that are tokenised already.
import { createRequire } from "node:module";
import { parentPort, workerData } from "node:worker_threads";

interface RawTensor {
  dispose(): void;
}

interface RawRuntime {
  readonly InferenceSession: {
    create(path: string, options: object): Promise<{ run(feeds: object): Promise<Record<string, RawTensor>> }>;
  };
  readonly Tensor: new (type: "int64", data: BigInt64Array, shape: readonly number[]) => RawTensor;
}

/** What the worker is started with. */
export interface RawWorkerSettings {
  readonly modelFile: string;
  readonly texts: readonly (readonly number[])[];
  /** Number of the next text that nobody has taken yet; shared by all workers. */
  readonly next: Int32Array<SharedArrayBuffer>;
}

// The runtime is a dependency of transformers.js, not one of ours.
const require = createRequire(createRequire(import.meta.url).resolve("@huggingface/transformers"));
const runtime: RawRuntime = require("onnxruntime-node");
const { modelFile, texts, next }: RawWorkerSettings = workerData;
const session = await runtime.InferenceSession.create(modelFile, { intraOpNumThreads: 1, interOpNumThreads: 1 });

async function runAll(): Promise<void> {
  for (let ids = texts[Atomics.add(next, 0, 1)]; ids; ids = texts[Atomics.add(next, 0, 1)]) {
    const shape = [1, ids.length];
    const outputs = await session.run({
      input_ids: new runtime.Tensor("int64", BigInt64Array.from(ids, BigInt), shape),
      attention_mask: new runtime.Tensor("int64", new BigInt64Array(ids.length).fill(1n), shape),
      token_type_ids: new runtime.Tensor("int64", new BigInt64Array(ids.length), shape),
    });
    for (const tensor of Object.values(outputs)) tensor.dispose();
  }
}

const port = parentPort;
port?.on("message", () => {
  void runAll().then(() => port.postMessage("done", []));
});
port?.postMessage("ready", []);
