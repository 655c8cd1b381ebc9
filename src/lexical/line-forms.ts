/** The first line of a list's item. */
export const LIST_ITEM: RegExp = /^\s*(?:[-*+•]|\d{1,9}[.)])\s/;

/** The first line of an item of a numbered list. */
export const NUMBERED_ITEM: RegExp = /^\s*\d{1,9}[.)]\s/;

/** A row of a table, as Markdown writes them. */
export const TABLE_ROW: RegExp = /^\s*\|/;

/** A sentence that leads in what stands below it: it ends with a colon. */
export const LEADS_IN: RegExp = /[:：]["'”’»)\]*_`]*$/u;

/** A field of a record in a line of its own, "Role: treasurer". */
export const FIELD: RegExp = /^(?<name>\p{L}[\p{L} -]{0,24}): +(?<value>\S.{0,80})$/u;
