import { mkdir, readFile, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { StoredConversation } from "../domain/conversation.ts";
import { PRIVATE_FOLDER } from "../domain/private-folder.ts";
import { CitewellError, errorMessage, systemErrorCode } from "../errors.ts";
import { writeInPlace } from "../put-in-place.ts";
import type { ConversationStore } from "./conversation-store.ts";
import { holdFile } from "./hold-file.ts";
import { removeOldFiles } from "./remove-old-files.ts";

const ID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

const DAY_MS = 86_400_000;
const SWEEP_MS = 3_600_000;

/** Options of {@link createFileConversationStore}. */
export interface FileConversationStoreOptions {
  /** Made with the first conversation. */
  readonly folder: string;
  /** Days that a conversation is kept after its last message; 0 keeps all of them. @default 0 */
  readonly keepDays?: number;
  /** The clock, in milliseconds. @default Date.now */
  readonly now?: () => number;
}

/** Keeps each conversation as one JSON file. Old ones are looked for when one is stored, once an hour at most. */
export function createFileConversationStore({
  folder,
  keepDays = 0,
  now = Date.now,
}: FileConversationStoreOptions): ConversationStore {
  const keepMs = keepDays === 0 ? null : keepDays * DAY_MS;
  let swept = Number.NEGATIVE_INFINITY;
  const sweep = async (): Promise<void> => {
    if (now() - swept < SWEEP_MS) return;
    swept = now();
    try {
      await removeOldFiles(folder, { keepMs, now: now() });
    } catch (error) {
      // What is too many must not cost an answer that is there.
      process.emitWarning(`Old conversations can't be removed from ${folder}: ${errorMessage(error)}.`);
    }
  };
  // An id is part of a path, so nothing but a UUID is looked up.
  const fileOf = (id: string): string | null => (ID.test(id) ? join(folder, `${id}.json`) : null);
  const read = async (id: string): Promise<StoredConversation | null> => {
    const file = fileOf(id);
    if (file === null) return null;
    try {
      // The file is written by `write` below and by nobody else.
      return JSON.parse(await readFile(file, "utf8"));
    } catch (error) {
      if (systemErrorCode(error) === "ENOENT") return null;
      throw failure(`The conversation ${id} can't be read from ${folder}: ${errorMessage(error)}.`, error);
    }
  };
  return {
    async get(id) {
      const conversation = await read(id);
      if (conversation === null) return null;
      const isOver = keepMs !== null && Date.parse(conversation.updatedAt) + keepMs < now();
      return isOver ? null : conversation;
    },
    async hold(id, { signal } = {}) {
      const file = fileOf(id);
      if (file === null) return async () => {};
      try {
        return await holdFile(`${file}.turn`, { signal });
      } catch (error) {
        signal?.throwIfAborted();
        // Without a folder there is no conversation to hold.
        if (systemErrorCode(error) === "ENOENT") return async () => {};
        throw failure(`The conversation ${id} can't be held in ${folder}: ${errorMessage(error)}.`, error);
      }
    },
    async add(conversation, { at, messages, answer }) {
      const { id } = conversation;
      const file = fileOf(id);
      if (file === null) throw new TypeError(`A conversation's id is a lower-case UUID, not ${id}.`);
      const before = conversation.answers.length === 0 ? conversation : await read(id);
      if (before === null) return "gone";
      const whole: StoredConversation = {
        ...before,
        updatedAt: at,
        messages: [...before.messages, ...messages],
        answers: [...before.answers, answer],
      };
      await write(file, JSON.stringify(whole));
      void sweep();
      return before.answers.length > conversation.answers.length ? "overtaken" : "kept";
    },
    async remove(id) {
      const file = fileOf(id);
      if (file === null) return false;
      try {
        await rm(file);
        return true;
      } catch (error) {
        if (systemErrorCode(error) === "ENOENT") return false;
        throw failure(`The conversation ${id} can't be removed from ${folder}: ${errorMessage(error)}.`, error);
      }
    },
  };
}

async function write(file: string, text: string): Promise<void> {
  const folder = dirname(file);
  try {
    await mkdir(folder, { recursive: true, mode: PRIVATE_FOLDER });
    await writeInPlace(file, text);
  } catch (error) {
    throw failure(`The conversation can't be kept in ${folder}: ${errorMessage(error)}.`, error);
  }
}

function failure(message: string, cause: unknown): CitewellError {
  const full = systemErrorCode(cause) === "ENOSPC";
  return new CitewellError(full ? "store_full" : "store_failed", full ? `${message} Free some disk space.` : message, {
    cause,
  });
}
