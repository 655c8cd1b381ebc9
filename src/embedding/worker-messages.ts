import type { ModelPrecision } from "./local-model.ts";
import type { WorkerGate } from "./worker-gate.ts";

/** What the pool starts a worker with. */
export interface WorkerStart<Settings> {
  readonly settings: Settings;
  readonly gate: WorkerGate;
}

/** The model that an embedding worker loads. */
export interface WorkerSettings {
  /** Folder of the model, absolute. */
  readonly folder: string;
  readonly subfolder: string;
  readonly dtype: ModelPrecision;
  readonly pooling: "mean" | "cls" | "last_token";
  readonly dimensions: number;
}

/** What the pool sends to a worker. */
export type WorkerRequest =
  /** The token ids of some texts. Urgent ones go before all others that the worker still has to do. */
  | { readonly type: "embed"; readonly id: number; readonly tokens: readonly Int32Array[]; readonly urgent: boolean }
  | { readonly type: "cancel"; readonly id: number };

/** What a worker sends back. */
export type WorkerReply =
  | { readonly type: "ready" }
  /** The model, or the runtime that every model here needs, could not be loaded; the worker ends. */
  | { readonly type: "unusable"; readonly part: "runtime" | "model"; readonly reason: string }
  /** The vectors of all texts of a request, one after the other. */
  | { readonly type: "vectors"; readonly id: number; readonly vectors: Float32Array<ArrayBuffer> }
  | { readonly type: "failed"; readonly id: number; readonly reason: string };
