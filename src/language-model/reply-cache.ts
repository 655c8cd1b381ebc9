import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rm, stat, utimes } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { checkOptions, type OptionKind } from "../domain/check-options.ts";
import { errorMessage, systemErrorCode } from "../errors.ts";
import { writeInPlace } from "../put-in-place.ts";
import type { LanguageModel, ModelReply, ModelRequest } from "./language-model.ts";

/** Keeps replies of models by the request that they answer. */
export interface ReplyCache {
  get(key: string): Promise<ModelReply | null>;
  put(key: string, reply: ModelReply): Promise<void>;
}

/** Options of {@link createFileReplyCache}. */
export interface FileReplyCacheOptions {
  /** Folder of the files; it is made when it does not exist. */
  readonly folder: string;
  /** Bytes of all replies together; the ones that were not used for longest go first. @default 100 MiB */
  readonly maxBytes?: number | undefined;
}

const VERSION = 1;
const STORED = z.object({
  version: z.literal(VERSION),
  reply: z.object({
    content: z.string(),
    toolCalls: z.array(z.object({ id: z.string(), name: z.string(), arguments: z.string() })),
    usage: z.object({ promptTokens: z.number(), completionTokens: z.number() }),
    costUsd: z.number().nullable(),
    model: z.string(),
    finishReason: z.enum(["stop", "length", "tool_calls", "content_filter", "other"]),
  }),
});

/** Keeps each reply as one JSON file. A file that is not right counts as absent and is written anew. */
export function createFileReplyCache(options: FileReplyCacheOptions): ReplyCache {
  checkOptions(options, { owner: "createFileReplyCache", known: { folder: "name", maxBytes: "positive" } });
  const { folder, maxBytes = 100 * 2 ** 20 } = options;
  if (folder === undefined) throw new TypeError('createFileReplyCache needs a folder: { folder: ".cache" }.');
  // Looking over a full folder takes longer than many a reply, so it is done once in a while only.
  let room = 0;
  return {
    async get(key) {
      const file = join(folder, `${key}.json`);
      try {
        const stored = STORED.safeParse(JSON.parse(await readFile(file, "utf8")));
        if (!stored.success) return null;
        const now = new Date();
        await utimes(file, now, now);
        return stored.data.reply;
      } catch (error) {
        if (error instanceof SyntaxError || systemErrorCode(error) === "ENOENT") return null;
        throw error;
      }
    },
    async put(key, reply) {
      await mkdir(folder, { recursive: true });
      const { content, toolCalls, usage, costUsd, model, finishReason } = reply;
      const kept = { content, toolCalls, usage, costUsd, model, finishReason };
      const text = JSON.stringify({ version: VERSION, reply: kept });
      await writeInPlace(join(folder, `${key}.json`), text);
      room -= Buffer.byteLength(text);
      if (room < 0) room = await makeRoom(folder, maxBytes);
    },
  };
}

/**
 * Takes away the replies that were not used for longest, where all together are too many. Returns how many bytes may be
 * written before the next look: not all that are free, since other processes write here too.
 */
async function makeRoom(folder: string, maxBytes: number): Promise<number> {
  const part = maxBytes / 16;
  const names = (await readdir(folder)).filter((name) => name.endsWith(".json"));
  const files = await Promise.all(
    names.map(async (name) => {
      const { size, mtimeMs } = await stat(join(folder, name)).catch(() => ({ size: 0, mtimeMs: 0 }));
      return { name, size, mtimeMs };
    }),
  );
  let total = files.reduce((sum, { size }) => sum + size, 0);
  if (total > maxBytes) {
    for (const { name, size } of files.toSorted((left, right) => left.mtimeMs - right.mtimeMs)) {
      if (total <= maxBytes - part) break;
      await rm(join(folder, name), { force: true });
      total -= size;
    }
  }
  return Math.min(part, maxBytes - total);
}

/** Keeps replies as long as the process runs. */
export function createMemoryReplyCache(): ReplyCache {
  const replies = new Map<string, ModelReply>();
  return {
    get: async (key) => replies.get(key) ?? null,
    put: async (key, reply) => void replies.set(key, reply),
  };
}

/** Options of {@link createCachingModel}. */
export interface CachingModelOptions {
  /** Keeps the replies, such as `createMemoryReplyCache()`. */
  readonly cache: ReplyCache;
  /** Replies of one seed are apart from those of another. @default 0 */
  readonly seed?: number | undefined;
  /** Address of the endpoint: models of one name at two places are two models. @default "" */
  readonly baseUrl?: string | undefined;
  /** Whether a whole reply is good enough to be given again. Default: every one is. */
  readonly accepts?: ((reply: ModelReply) => boolean | Promise<boolean>) | undefined;
}

const KNOWN: Readonly<Record<keyof CachingModelOptions, OptionKind>> = {
  cache: true,
  seed: "number",
  baseUrl: "text",
  accepts: "function",
};

/**
 * Gives the kept reply to a request that was answered before, and marks it `cached`. Replies that were cut off or
 * filtered are not kept: asked again, the model may do better.
 */
export function createCachingModel(model: LanguageModel, options: CachingModelOptions): LanguageModel {
  checkOptions(options, { owner: "createCachingModel", known: KNOWN });
  const { cache, seed = 0, baseUrl = "", accepts } = options;
  if (typeof cache?.get !== "function") {
    throw new TypeError("createCachingModel needs a cache, such as createMemoryReplyCache().");
  }
  let hasWarned = false;
  /** A reply is not worth less for want of a folder: what fails here costs a further call at most. */
  const attempt = async <Value>(work: () => Promise<Value>): Promise<Value | null> => {
    try {
      return await work();
    } catch (error) {
      if (!hasWarned) {
        process.emitWarning(
          `Replies of ${model.name} cannot be kept (${errorMessage(error)}): they are asked for again the next time.`,
        );
      }
      hasWarned = true;
      return null;
    }
  };
  return {
    name: model.name,
    contextWindow: model.contextWindow,
    async *stream(request) {
      request.signal?.throwIfAborted();
      const key = keyOf(request, { model: model.name, seed, baseUrl });
      const kept = await attempt(() => cache.get(key));
      if (kept !== null) {
        if (kept.content !== "") yield kept.content;
        return { ...kept, cached: true };
      }
      const reply = yield* model.stream(request);
      const isWhole = reply.finishReason === "stop" || reply.finishReason === "tool_calls";
      if (isWhole && ((await accepts?.(reply)) ?? true)) await attempt(() => cache.put(key, reply));
      return reply;
    },
  };
}

function keyOf(request: ModelRequest, place: { model: string; seed: number; baseUrl: string }): string {
  const { signal: _signal, messages, ...rest } = request;
  // Only what is sent counts: what a message took, or which model wrote it, may differ between equal requests.
  const sent = messages.map(({ role, content, name, toolCalls, toolCallId }) => [
    role,
    content,
    name ?? null,
    toolCalls ?? [],
    toolCallId ?? null,
  ]);
  const text = JSON.stringify([VERSION, place.baseUrl, place.model, place.seed, sent, sortKeys(rest)]);
  return createHash("sha256").update(text).digest("hex");
}

function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([left], [right]) => (left < right ? -1 : 1))
      .map(([key, part]) => [key, sortKeys(part)]),
  );
}
