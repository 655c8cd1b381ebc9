import type { CatalogueEntry } from "../document-catalogue.ts";

/** What a question may name of a document. */
export type NamedDocument = Pick<CatalogueEntry, "source" | "title" | "language">;
