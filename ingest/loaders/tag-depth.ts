/** Tags that hold nothing, and those that many pages leave open; their content is nested in what is around them. */
const NOT_COUNTED: ReadonlySet<string> = new Set(
  "area base br col embed hr img input link meta source track wbr p li dt dd tr td th thead tbody tfoot option".split(
    " ",
  ),
);

/** Whether markup seems to be nested more deeply, as far as its tags tell without parsing it. */
export function isNestedDeeperThan(limit: number, html: string): boolean {
  let depth = 0;
  for (const [, end, name = ""] of html.matchAll(/<(\/?)([a-z][a-z0-9-]*)/gi)) {
    if (NOT_COUNTED.has(name.toLowerCase())) continue;
    depth = end === "" ? depth + 1 : Math.max(0, depth - 1);
    if (depth > limit) return true;
  }
  return false;
}
