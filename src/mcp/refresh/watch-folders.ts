import { type FSWatcher, watch } from "node:fs";
import path from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";
import type { DocumentRecord } from "../../domain/document.ts";
import { isLeftOutName } from "../../domain/left-out-name.ts";
import { systemErrorCode } from "../../errors.ts";

/** Hears from the system that something in folders has changed; a hint, which may miss changes. */
export interface FolderWatch {
  /** Watches these folders, without those below them, and no others. */
  follow(folders: ReadonlySet<string>): void;
  /** Whether something may have changed before this call, since {@link FolderWatch.forget}. */
  hasChanged(): Promise<boolean>;
  /** To be called before the folders are looked at. */
  forget(): void;
  close(): void;
}

/** How many folders may still be watched: a user's programs share the system's watches. */
export interface WatchRoom {
  left: number;
}

/** Room for the watches of a process, all together: 2,000 folders on Linux, where each costs some 20 microseconds. */
export function createWatchRoom(): WatchRoom {
  // Elsewhere nobody has measured it.
  return { left: process.platform === "linux" ? 2_000 : 0 };
}

/** Makes a watch that watches nothing yet, and nothing where there is no room for all folders. It keeps no process alive. */
export function createFolderWatch(room: WatchRoom): FolderWatch {
  const watchers = new Map<string, FSWatcher>();
  let isDirty = false;
  let isOver = false;
  const leave = (folder: string): void => {
    watchers.get(folder)?.close();
    if (watchers.delete(folder)) room.left += 1;
  };
  const close = (): void => {
    isOver = true;
    for (const folder of watchers.keys()) leave(folder);
  };
  const hear = (folder: string, name: string | null): void => {
    if (name !== null && isLeftOutName(name)) return;
    isDirty = true;
    if (name === null) return;
    // One that is made anew under its name is another folder, which the next look brings back.
    leave(path.join(folder, name));
    if (name === path.basename(folder)) leave(folder);
  };
  const enter = (folder: string): void => {
    try {
      const watcher = watch(folder, { persistent: false }, (_, name) => hear(folder, name));
      // Nothing is lost but a hint.
      watcher.on("error", () => leave(folder));
      watchers.set(folder, watcher);
      room.left -= 1;
      // It may have changed since it was looked at.
      isDirty = true;
    } catch (error) {
      // A folder that is gone is found so by the look; where watches are used up, other programs need theirs more.
      if (systemErrorCode(error) !== "ENOENT") close();
    }
  };
  return {
    follow(folders) {
      const wanted = folders.size > room.left + watchers.size ? new Set<string>() : folders;
      for (const folder of watchers.keys()) if (!wanted.has(folder)) leave(folder);
      for (const folder of wanted) if (!isOver && !watchers.has(folder)) enter(folder);
    },
    async hasChanged() {
      // What the system has told by now is heard in the turn that has begun.
      if (watchers.size > 0) await nextTurn();
      return isDirty;
    },
    forget() {
      isDirty = false;
    },
    close,
  };
}

/** The folders of documents' files, and those above them up to their roots. */
export function foldersOf(documents: readonly DocumentRecord[]): ReadonlySet<string> {
  const folders = new Set<string>();
  for (const { root, source } of documents) {
    // Uploads and web pages have no files.
    if (!path.isAbsolute(root)) continue;
    for (let folder = path.join(root, path.dirname(source)); !folders.has(folder); folder = path.dirname(folder)) {
      folders.add(folder);
      if (folder.length <= root.length) break;
    }
  }
  return folders;
}
