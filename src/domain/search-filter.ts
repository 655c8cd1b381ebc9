import { checkOptions, type OptionKind, type ValueRule } from "./check-options.ts";
import type { SearchFilter } from "./hit.ts";

const TEXTS: ValueRule = [
  "a text or a list of texts",
  (value) => [value].flat().every((one) => typeof one === "string"),
];

const KNOWN: Readonly<Record<keyof SearchFilter, OptionKind>> = {
  source: TEXTS,
  language: TEXTS,
  root: TEXTS,
  metadata: true,
};

/** Throws a `TypeError` for a filter with a key that narrows nothing: everything would be searched, and nobody would know. */
export function checkSearchFilter(filter: SearchFilter, owner: string): void {
  checkOptions(filter, { owner, known: KNOWN, instead: INSTEAD });
}

const INSTEAD: Readonly<Record<string, string>> = {
  sources: "write source; it takes a list, too",
  languages: "write language; it takes a list, too",
  roots: "write root; it takes a list, too",
};
