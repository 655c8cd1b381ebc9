import { InvalidArgumentError } from "commander";
import { type MetadataFilter, spelledValues } from "../../domain/document-metadata.ts";

/** Adds one `key=value` of `--meta` to those before; several values of one key are alternatives. */
export function collectMetadata(pair: string, previous: MetadataFilter = {}): MetadataFilter {
  const [name = "", ...value] = pair.split("=");
  if (name === "" || value.length === 0) throw new InvalidArgumentError("A key and a value are needed: team=docs.");
  const before = Object.hasOwn(previous, name) ? [previous[name] ?? []].flat() : [];
  return { ...previous, [name]: [...before, ...spelledValues(value.join("="))] };
}
