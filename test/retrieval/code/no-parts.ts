import type { CodeParts } from "../../../src/domain/code.ts";

/** A score to which nothing has been added yet. */
export const NO_PARTS: CodeParts = {
  text: 0,
  path: 0,
  defined: 0,
  named: 0,
  vector: 0,
  siblings: 0,
  mentioned: 0,
  imports: 0,
  folder: 0,
};
