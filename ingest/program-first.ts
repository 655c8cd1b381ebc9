import { isSidePath, isTestPath } from "../src/domain/file-role.ts";
import type { SourceName } from "./plan-sync.ts";

/**
 * Documents in the order in which they are read where somebody may ask meanwhile: tests and what lies beside a program
 * come last. Otherwise the order stays as it is.
 */
export function programFirst<Named extends Pick<SourceName, "source">>(documents: readonly Named[]): readonly Named[] {
  const isLate = ({ source }: Named): boolean => isTestPath(source) || isSidePath(source);
  return [...documents.filter((one) => !isLate(one)), ...documents.filter(isLate)];
}
