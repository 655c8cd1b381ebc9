import { findChecklistItems } from "./checklist-items.ts";
import type { ListItem } from "./list-block.ts";
import type { PassageSentence } from "./passage-sentence.ts";
import { findList } from "./find-list.ts";
import { wantedLists } from "./wanted-list.ts";

/** A list that answers a question as a whole. */
export interface WholeList {
  readonly items: readonly ListItem[];
  /** Whether its items are steps, which are quoted with their numbers. */
  readonly isNumbered: boolean;
}

/** The list that answers a question as a whole; null if the passages have none. */
export function findWholeList(question: string, sentences: readonly PassageSentence[]): WholeList | null {
  const ticked = findChecklistItems(question, sentences);
  if (ticked !== null) return { items: ticked, isNumbered: false };
  for (const wanted of wantedLists(question)) {
    const items = findList(wanted, sentences, question);
    if (items !== null) return { items, isNumbered: wanted.isNumbered };
  }
  return null;
}
