import { composedName, withUpperDrive } from "../domain/composed-name.ts";
import { metadataFilterProblem } from "../domain/document-metadata.ts";
import type { SearchFilter } from "../domain/hit.ts";
import { CitewellError } from "../errors.ts";
import type { CallOptions, StoreFilter } from "../store/vector-store.ts";
import type { CatalogueEntry, DocumentCatalogue } from "./document-catalogue.ts";
import { sourcesMatching } from "./source-matcher.ts";

/** Options of {@link resolveFilter}. */
export interface ResolveFilterOptions extends CallOptions {
  /** Documents of the collection that is searched. */
  readonly catalogue: DocumentCatalogue;
}

/**
 * Turns globs over sources, and folders of sources, into ids of the documents they match; languages, roots and metadata
 * are passed to the store.
 *
 * @throws CitewellError `usage_invalid` for an empty pattern, for one that takes too long, and for metadata that cannot be compared with.
 */
export async function resolveFilter(
  filter: SearchFilter | undefined,
  options: ResolveFilterOptions,
): Promise<StoreFilter | undefined> {
  if (filter === undefined) return undefined;
  const languages = listOf(filter.language)?.map((language) => language.toLowerCase());
  const roots = listOf(filter.root);
  const { metadata = {} } = filter;
  const problem = metadataFilterProblem(metadata);
  if (problem !== null) throw new CitewellError("usage_invalid", `${problem}.`);
  const patterns = listOf(filter.source);
  const documentIds = patterns === undefined ? null : await matchingDocuments(patterns, options);
  const resolved: StoreFilter = {
    ...(documentIds === null ? {} : { documentIds }),
    ...(languages === undefined ? {} : { languages }),
    ...(roots === undefined ? {} : { roots }),
    ...(Object.keys(metadata).length === 0 ? {} : { metadata }),
  };
  return Object.keys(resolved).length === 0 ? undefined : resolved;
}

/**
 * Null where all documents match (and there are some): a list of every document filters nothing, and the store would
 * have to go through it.
 */
async function matchingDocuments(
  patterns: readonly string[],
  { catalogue, signal }: ResolveFilterOptions,
): Promise<string[] | null> {
  const all = await catalogue.list({ signal });
  const roots = [...new Set(all.map(({ root }) => root))];
  const globbed = new Set(
    sourcesMatching(
      all,
      patterns.flatMap((pattern) => belowRoot(pattern, roots)),
    ),
  );
  const areBelow = patterns.map(createPlaceTest);
  const matching = all.filter((one) => globbed.has(one) || areBelow.some((isBelow) => isBelow(one)));
  return matching.length === all.length && all.length > 0 ? null : matching.map(({ id }) => id);
}

/** Tests whether a document is the file that a pattern names, or lies in the folder, by its path in the root or its whole path. */
function createPlaceTest(pattern: string): (document: CatalogueEntry) => boolean {
  const named = plainPath(pattern);
  if (named === "." || named === "") return () => pattern !== "";
  const isWhole = isWholePath(named);
  return ({ root, source }) => {
    const own = composedName(isWhole ? `${plainPath(root)}/${source}` : source);
    return own === named || own.startsWith(`${named}/`);
  };
}

/** A glob without the root that it begins with: editors and programs know files by their whole paths. */
function belowRoot(glob: string, roots: readonly string[]): readonly string[] {
  const plain = plainPath(glob);
  if (!isWholePath(plain)) return [glob];
  const below = roots.map(plainPath).filter((root) => plain.startsWith(`${root}/`));
  return [glob, ...below.map((root) => plain.slice(root.length + 1))];
}

function isWholePath(path: string): boolean {
  return /^(?:[A-Z]:)?\//.test(path);
}

function plainPath(path: string): string {
  const plain = /^[A-Za-z]:[\\/]/.test(path) ? withUpperDrive(path.replaceAll("\\", "/")) : path;
  return composedName(plain.replace(/^(?:\.\/)+/, "").replace(/(?<=[^/])\/+$/, ""));
}

function listOf(value: string | readonly string[] | undefined): readonly string[] | undefined {
  if (value === undefined) return undefined;
  return typeof value === "string" ? [value] : value;
}
