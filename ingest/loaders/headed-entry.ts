/** What stands below the heading of a {@link headedEntry}. */
export interface EntryContent {
  /** Names and values for a list, such as `["Where", "Room 204"]`; what is empty is left out. */
  readonly facts: readonly (readonly [name: string, value: string])[];
  /** Paragraphs behind the list; empty where there are none. */
  readonly body?: string;
}

/** A heading in Markdown with a list of facts and a text below it, ended by a line break. */
export function headedEntry(heading: string, { facts, body = "" }: EntryContent): string {
  const list = facts.filter(([, value]) => value !== "").map(([name, value]) => `- ${name}: ${value}`);
  return `${[heading, list.join("\n"), body].filter((part) => part !== "").join("\n\n")}\n`;
}
