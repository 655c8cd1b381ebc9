/** The first entries of a list, and how many more there are: `a, b and 3 more`. */
export function listFirst(entries: readonly (string | number)[], most: number): string {
  const more = entries.length > most ? ` and ${entries.length - most} more` : "";
  return entries.slice(0, most).join(", ") + more;
}
