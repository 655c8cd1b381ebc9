import { errorMessage } from "../../src/errors.ts";
import { secretFileReason } from "../secrets/secret-files.ts";
import type { LoadedText, Unreadable } from "./loader.ts";
import { firstLine } from "./open-content.ts";

/** A file within another one. */
export interface AttachedFile {
  readonly name: string;
  readonly bytes: Uint8Array;
  /** Names the format if the name does not. */
  readonly mediaType?: string;
}

/** A part of a file that has no bytes of its own, such as a mail in a mail of Outlook. */
export interface AttachedPart {
  readonly name: string;
  /** Reads it; files that are attached to it in turn are read by `inner`. */
  readonly load: (inner: AttachedReader) => Promise<AttachedText | Unreadable>;
}

/** The text of an attached file, with its language. */
export interface AttachedText extends LoadedText {
  readonly language: string;
}

/** Reads the files that a source holds, within limits that all of them share, including those within attached mails. */
export interface AttachedReader {
  /** Never throws for a fault of the file: the result gives the reason. */
  read(file: AttachedFile | AttachedPart): Promise<AttachedText | Unreadable>;
}

/** Options of {@link createAttachedReader}. */
export interface AttachedReaderOptions {
  /** Turns a file into text; files that are attached to it in turn are read by `inner`. */
  readonly load: (file: AttachedFile, inner: AttachedReader) => Promise<AttachedText | Unreadable>;
  /**
   * The most files.
   * @default 2_000
   */
  readonly maxFiles?: number;
  /**
   * Longest text of all files together, in characters.
   * @default 20_000_000
   */
  readonly maxLength?: number;
  /**
   * Time after which no further file is begun, in milliseconds: half of what a source may take, so that a mailbox is
   * not lost for its attachments.
   * @default 60_000
   */
  readonly timeLimitMs?: number;
}

/** Deepest nesting: a mail that is attached to an attached mail has depth 2. */
const MAX_DEPTH = 5;

/** Makes the reader of one source. */
export function createAttachedReader({
  load,
  maxFiles = 2_000,
  maxLength = 20_000_000,
  timeLimitMs = 60_000,
}: AttachedReaderOptions): AttachedReader {
  const until = performance.now() + timeLimitMs;
  let files = 0;
  let length = 0;
  const refusal = ({ name }: Pick<AttachedFile, "name">, depth: number): string | null => {
    if (depth > MAX_DEPTH) return `attached ${MAX_DEPTH} levels deep`;
    if (secretFileReason(name) !== null) return "a file of keys or passwords";
    if (files >= maxFiles) return `more than ${maxFiles.toLocaleString("en")} files`;
    if (performance.now() > until) return `the files before it took ${timeLimitMs / 1_000} s`;
    return null;
  };
  const at = (depth: number): AttachedReader => ({
    async read(file) {
      const reason = refusal(file, depth);
      if (reason !== null) return { unreadable: reason };
      files += 1;
      try {
        const inner = at(depth + 1);
        const loaded = await ("load" in file ? file.load(inner) : load(file, inner));
        if ("unreadable" in loaded) return loaded;
        if (loaded.text.trim() === "") return { unreadable: "no text in it" };
        if (length + loaded.text.length > maxLength) {
          return { unreadable: `together more than ${maxLength.toLocaleString("en")} characters` };
        }
        length += loaded.text.length;
        return loaded;
      } catch (error) {
        return { unreadable: `cannot be read: ${firstLine(errorMessage(error))}` };
      }
    },
  });
  return at(1);
}
