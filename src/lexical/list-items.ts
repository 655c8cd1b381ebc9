/** The first line of a list's item. */
export const LIST_ITEM: RegExp = /^\s*(?:[-*+•]|\d{1,9}[.)])\s/;

/** The first line of an item of a numbered list. */
export const NUMBERED_ITEM: RegExp = /^\s*\d{1,9}[.)]\s/;
