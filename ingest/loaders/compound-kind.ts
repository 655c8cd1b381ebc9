import { openCompoundFile } from "./compound-file.ts";
import type { PackedLoaderName } from "./languages.ts";

/** What a compound file is: the loader that reads it, or why there is none. */
export type CompoundKind =
  | { readonly loader: PackedLoaderName; readonly mediaType?: string }
  | { readonly reason: string };

/** Streams that say what a file is, in the order in which they count: files lie within others. */
const BY_STREAM: readonly (readonly [stream: string, kind: CompoundKind])[] = [
  ["EncryptedPackage", { reason: "encrypted: an Office file with a password; save it without one" }],
  ["__properties_version1.0", { loader: "mail", mediaType: "application/vnd.ms-outlook" }],
  ["WordDocument", { loader: "doc" }],
  ["Workbook", { loader: "xls" }],
  ["Book", { loader: "xls" }],
  ["PowerPoint Document", { reason: "not supported: old PowerPoint presentation (.ppt); save it as .pptx" }],
  ["VisioDocument", { reason: "not supported: Visio drawing; export it as PDF" }],
  ["Quill", { reason: "not supported: Publisher document; export it as PDF" }],
];

/** What a compound file is, by the streams in it. Throws where its list of streams is damaged. */
export function compoundKind(bytes: Uint8Array): CompoundKind {
  const file = openCompoundFile(bytes);
  const found = BY_STREAM.find(([stream]) => file.has(stream));
  return found?.[1] ?? { reason: "not supported: a file of an old Windows program; export it as text or PDF" };
}
