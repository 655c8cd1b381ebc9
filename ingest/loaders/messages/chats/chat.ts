/** A message of a chat. */
export interface ChatMessage {
  /** Such as `2026-03-05 09:40`; empty where it is not known. */
  readonly time: string;
  readonly author: string;
  readonly text: string;
}

/** A chat, or the part of it that one file holds. */
export interface Chat {
  readonly name: string | null;
  /** Those without a text are left out. */
  readonly messages: readonly ChatMessage[];
  /** Whether the times are those of no place in particular. */
  readonly isUtc: boolean;
}

/** Such as `2026-03-05 09:40` in UTC; empty for what is no time. */
export function utcTime(secondsSinceEpoch: number): string {
  const date = new Date(secondsSinceEpoch * 1_000);
  return Number.isNaN(date.getTime()) ? "" : date.toISOString().slice(0, 16).replace("T", " ");
}

/** A time as ISO 8601 writes it (`2026-03-05T09:40:12+01:00`) with the clock that it names. */
export function writtenTime(iso: string): string {
  const [, day, time] = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d)/.exec(iso) ?? [];
  return day === undefined || time === undefined ? "" : `${day} ${time}`;
}

/** What was said with the names of attached files behind it; empty where there is neither. */
export function withFiles(text: string, files: readonly string[]): string {
  return [text.trim(), ...(files.length === 0 ? [] : [`(attached: ${files.join(", ")})`])]
    .filter((part) => part !== "")
    .join(" ");
}
