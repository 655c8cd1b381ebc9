import { createHash } from "node:crypto";
import { CitewellError } from "../../errors.ts";

const ALIAS_PREFIX = "citewell.";
const PHYSICAL_PREFIX = "citewell-";
const LEFTOVER_PREFIX = "citewell-leftover.";
// Qdrant refuses names over 255 characters; a collection's folder gets a suffix now and then.
const MAX_ALIAS_LENGTH = 240;

/**
 * The alias that stands for a collection. Qdrant refuses slashes, angle brackets and other marks, so that everything
 * but letters, digits, dots and hyphens is written as `_` and four hex digits; `_` itself is doubled.
 */
export function aliasOf(name: string): string {
  const encoded = name.replaceAll(/[^A-Za-z0-9.-]/g, (mark) =>
    mark === "_" ? "__" : `_${mark.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
  const alias = `${ALIAS_PREFIX}${encoded}`;
  if (name !== "" && alias.length <= MAX_ALIAS_LENGTH) return alias;
  throw new CitewellError(
    "usage_invalid",
    name === ""
      ? "A collection needs a name; give one of at least one character."
      : `The collection name "${name.slice(0, 40)}…" is too long for Qdrant; letters, digits, dots and hyphens count once, anything else five times, and at most ${MAX_ALIAS_LENGTH - ALIAS_PREFIX.length} fit. Choose a shorter one.`,
  );
}

/** The collection that an alias stands for; null for the alias of another program. */
export function nameOfAlias(alias: string): string | null {
  if (!alias.startsWith(ALIAS_PREFIX)) return null;
  return alias
    .slice(ALIAS_PREFIX.length)
    .replaceAll(/_(_|[0-9a-f]{4})/g, (_match, code: string) =>
      code === "_" ? "_" : String.fromCharCode(Number.parseInt(code, 16)),
    );
}

/**
 * The first name of a Qdrant collection that is free for `name`. It depends on nothing but what exists, so that two
 * processes that create the same collection at once meet at the same name, and Qdrant lets one of them have it.
 */
export function physicalNameFor(name: string, taken: ReadonlySet<string>): string {
  const slug = name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^-+|-+$/g, "")
    .slice(0, 40);
  for (let generation = 0; ; generation += 1) {
    const hash = createHash("sha256").update(`${generation}\n${name}`).digest("hex").slice(0, 8);
    const physical = `${PHYSICAL_PREFIX}${slug === "" ? "collection" : slug}-${hash}`;
    if (!taken.has(physical)) return physical;
  }
}

/** A second alias of a collection that another one has replaced. A snapshot does not bring it back. */
export function leftoverAliasOf(physical: string): string {
  return `${LEFTOVER_PREFIX}${physical}`;
}

/** Whether a Qdrant collection may be one of ours; its metadata decides. */
export function isPhysicalName(collection: string): boolean {
  return collection.startsWith(PHYSICAL_PREFIX);
}
