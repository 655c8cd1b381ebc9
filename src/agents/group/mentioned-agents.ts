/**
 * How often each name occurs in a text as a word of its own, in its exact case. In place of `_` a space or `\_` counts,
 * as models write them.
 */
export function mentionedAgents(text: string, names: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const name of names) {
    const forms = [name, name.replaceAll("_", String.raw`\_`), name.replaceAll("_", " ")];
    const pattern = [...new Set(forms)]
      .map((form) => form.replaceAll(/[.*+?^${}()|[\]\\-]/g, String.raw`\$&`))
      .join("|");
    const count = ` ${text} `.match(new RegExp(String.raw`(?<=\W)(?:${pattern})(?=\W)`, "g"))?.length ?? 0;
    if (count > 0) counts.set(name, count);
  }
  return counts;
}
