/**
 * Memory that a worker shares with the thread that started it, so that it is never ended while it runs native code: the
 * ONNX runtime aborts the whole process when its thread goes away in the middle of a run.
 */
export type WorkerGate = Int32Array<SharedArrayBuffer>;

const STOP = 0;
const BUSY = 1;
// A run takes milliseconds, loading a large model seconds. After that the worker is taken for stuck.
const LONGEST_WAIT_MS = 10_000;

const gates = new Set<WorkerGate>();

/** Makes the gate of one worker. Until {@link closeGate}, the process waits for the worker's native code when it exits. */
export function openGate(): WorkerGate {
  const gate: WorkerGate = new Int32Array(new SharedArrayBuffer(2 * Int32Array.BYTES_PER_ELEMENT));
  if (gates.size === 0) process.on("exit", stopAll);
  gates.add(gate);
  return gate;
}

/** Keeps the worker from starting anything more and waits until it is out of native code; it may then be ended. */
export async function closeGate(gate: WorkerGate): Promise<void> {
  Atomics.store(gate, STOP, 1);
  await Atomics.waitAsync(gate, BUSY, 1, LONGEST_WAIT_MS).value;
  forgetGate(gate);
}

/** Drops the gate of a worker that has ended. */
export function forgetGate(gate: WorkerGate): void {
  gates.delete(gate);
  if (gates.size === 0) process.off("exit", stopAll);
}

/**
 * Runs native code in the worker, unless it is to stop: then the promise stays open, and the worker is ended soon.
 * Calls must not overlap.
 */
export async function throughGate<T>(gate: WorkerGate, work: () => Promise<T>): Promise<T> {
  Atomics.store(gate, BUSY, 1);
  try {
    if (Atomics.load(gate, STOP) === 0) return await work();
  } finally {
    Atomics.store(gate, BUSY, 0);
    Atomics.notify(gate, BUSY);
  }
  return new Promise<never>(() => {});
}

function stopAll(): void {
  for (const gate of gates) Atomics.store(gate, STOP, 1);
  for (const gate of gates) Atomics.wait(gate, BUSY, 1, LONGEST_WAIT_MS);
}
