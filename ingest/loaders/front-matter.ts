import { createRequire } from "node:module";
import type { parseDocument as ParseDocument } from "yaml";
import { type DocumentMetadata, metadataProblem, type MetadataValue } from "../../src/domain/document-metadata.ts";
import { isJsonObject } from "../../src/domain/json-object.ts";
import { listFirst } from "../../src/domain/list-first.ts";
import { tidyTitle } from "./loader.ts";

const require = createRequire(import.meta.url);
const FRONT_MATTER = /^---[ \t]*\r?\n([\s\S]{0,65536}?)\r?\n(?:---|\.\.\.)[ \t]*(?:\r?\n|$)/;
/** Maps within maps whose keys are joined, as in `author.name`. */
const DEEPEST_MAP = 5;
/** Keys that a note names. */
const NAMED_KEYS = 5;

/** The block of YAML at the beginning of a Markdown file, as site generators and note programs write it. */
export interface FrontMatter {
  /** Length of the block in the text, in UTF-16 code units; 0 without one. */
  readonly length: number;
  readonly title: string | null;
  /** Its other keys; those of a map within it are joined by a dot. Absent where there are none. */
  readonly metadata?: DocumentMetadata;
  /** Which keys cannot be metadata; empty where all can. */
  readonly notes: readonly string[];
}

/** Reads the front matter of Markdown. What stands between the dashes and is not a map in YAML is text like any other. */
export function readFrontMatter(text: string): FrontMatter {
  const block = FRONT_MATTER.exec(text);
  if (block === null) return { length: 0, title: null, notes: [] };
  const nothing = { length: block[0].length, title: null, notes: [] };
  const { data, isValid } = parseYaml(block[1] ?? "");
  if (!isJsonObject(data)) return nothing;
  const { title: given, ...others } = data;
  const title = typeof given === "string" || typeof given === "number" ? tidyTitle(String(given)) : null;
  // A mistake in one line may change what the others say; the title is seen wherever it is shown.
  if (!isValid)
    return { ...nothing, title, notes: ["front matter is not valid YAML, so no metadata is taken from it"] };
  return { ...nothing, title, ...toMetadata(others) };
}

function parseYaml(yaml: string): { readonly data: unknown; readonly isValid: boolean } {
  // Not an `import`: every command would load it at its start, and most texts have no front matter.
  const { parseDocument }: { readonly parseDocument: typeof ParseDocument } = require("yaml");
  const document = parseDocument(yaml, { logLevel: "silent" });
  try {
    return { data: document.toJS(), isValid: document.errors.length === 0 };
  } catch {
    // Aliases that unfold to too much.
    return { data: null, isValid: false };
  }
}

function toMetadata(data: Readonly<Record<string, unknown>>): Pick<FrontMatter, "metadata" | "notes"> {
  const metadata: Record<string, MetadataValue> = {};
  const unfit: string[] = [];
  for (const [key, given] of flatEntries(data)) {
    const value = metadataValue(given);
    if (value === null) continue;
    // One key at a time, so that one that does not fit takes no other with it.
    if (value === undefined || metadataProblem({ ...metadata, [key]: value }) !== null) unfit.push(key);
    else metadata[key] = value;
  }
  const said = Object.keys(metadata).length === 0 ? {} : { metadata };
  if (unfit.length === 0) return { ...said, notes: [] };
  const keys = listFirst(
    unfit.map((key) => key.slice(0, 40)),
    NAMED_KEYS,
  );
  return { ...said, notes: [`front matter that metadata cannot hold is found by its words only: ${keys}`] };
}

/** The keys of a map, those of maps within it joined by a dot. */
function* flatEntries(data: Readonly<Record<string, unknown>>, above = ""): Generator<[string, unknown]> {
  for (const [key, value] of Object.entries(data)) {
    const name = above + key;
    if (isJsonObject(value) && name.split(".").length < DEEPEST_MAP) yield* flatEntries(value, `${name}.`);
    else yield [name, value];
  }
}

/** A value as metadata has it; null for one that says nothing, undefined for one that cannot be metadata. */
function metadataValue(value: unknown): MetadataValue | null | undefined {
  if (value === null || value === "") return null;
  if (Array.isArray(value)) {
    const texts = value.filter((one) => one !== null && one !== "");
    if (texts.length === 0) return null;
    return texts.every(isScalar) ? texts.map(String) : undefined;
  }
  return isScalar(value) ? value : undefined;
}

function isScalar(value: unknown): value is string | number | boolean {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean";
}
