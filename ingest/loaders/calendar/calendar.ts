import { headedEntry } from "../headed-entry.ts";
import { htmlToMarkdown } from "../html.ts";
import { type LoadedText, tidyTitle } from "../loader.ts";
import { type Component, type ContentLine, lineOf, lineValue, readComponents, textValue } from "./content-lines.ts";
import { describeRecurrence } from "./recurrence.ts";

const ENTRIES: ReadonlySet<string> = new Set(["VEVENT", "VTODO", "VJOURNAL"]);
const MARKUP = /<(?:br|p|a|b|i|ul|ol|span|div|html)\b[^>]*>/i;
const ONE_DAY_MS = 86_400_000;
/** Making one takes longer than using it a hundred times. */
const WEEKDAY = new Intl.DateTimeFormat("en", { weekday: "long", timeZone: "UTC" });

/**
 * A calendar (`.ics`) as Markdown: a heading for each event or task, with time, place, people and repetition as a list, then
 * its description. Times are shown as they are written, with their time zone. Alarms are left out.
 */
export function loadCalendar(text: string): LoadedText {
  const calendars = readComponents(text);
  const entries = calendars
    .flatMap((calendar) => [calendar, ...calendar.parts])
    .filter(({ name }) => ENTRIES.has(name));
  const named = calendars.map((calendar) => lineValue(lineOf(calendar, "X-WR-CALNAME") ?? lineOf(calendar, "NAME")));
  return { text: entries.map(renderEntry).join("\n"), title: tidyTitle(named.find((name) => name !== "")) };
}

function renderEntry(entry: Component): string {
  const facts: readonly (readonly [string, string])[] = [
    ["When", describeTime(entry)],
    ["Due", showTime(lineOf(entry, "DUE"))],
    ["Done", showTime(lineOf(entry, "COMPLETED"))],
    ["Repeats", describeRepetition(lineOf(entry, "RRULE"))],
    ["Not on", showTimes(entry.lines.filter(({ name }) => name === "EXDATE"))],
    ["Where", lineValue(lineOf(entry, "LOCATION"))],
    ["Organizer", person(lineOf(entry, "ORGANIZER"))],
    [
      "With",
      entry.lines
        .filter(({ name }) => name === "ATTENDEE")
        .map(person)
        .join(", "),
    ],
    ["Status", describeStatus(lineValue(lineOf(entry, "STATUS")))],
    ["Categories", lineValue(lineOf(entry, "CATEGORIES"))],
    ["Link", lineValue(lineOf(entry, "URL"))],
  ];
  const description = textValue(lineOf(entry, "DESCRIPTION")?.value ?? "");
  const shown = MARKUP.test(description) ? htmlToMarkdown(description).trim() : description;
  return headedEntry(`## ${lineValue(lineOf(entry, "SUMMARY")) || "(no title)"}`, { facts, body: shown });
}

/** When an event begins and ends. The end of days is the first one that no longer belongs to it. */
function describeTime(entry: Component): string {
  const begin = lineOf(entry, "DTSTART");
  const end = lineOf(entry, "DTEND");
  const from = showTime(begin);
  if (end === undefined || begin === undefined) return from;
  if (/^\d{8}$/.test(end.value.trim())) {
    const last = showDay(end.value, -ONE_DAY_MS);
    return last === from ? from : `${from} to ${last}`;
  }
  const to = showTime(end);
  const day = from.slice(0, from.indexOf(" ", from.indexOf(" ") + 1));
  const isSameDay = day !== "" && to.startsWith(`${day} `);
  const zone = zoneOf(begin);
  const plainFrom = zone !== "" && zone === zoneOf(end) ? from.slice(0, -zone.length).trimEnd() : from;
  return `${plainFrom} to ${isSameDay ? to.slice(day.length + 1) : to}`;
}

function showTime(line: ContentLine | undefined): string {
  if (line === undefined) return "";
  const value = line.value.trim();
  const [, day = "", hours, minutes] = /^(\d{8})(?:T(\d\d)(\d\d))?/.exec(value) ?? [];
  if (day === "") return lineValue(line);
  return hours === undefined ? showDay(day) : `${showDay(day)} ${hours}:${minutes ?? "00"} ${zoneOf(line)}`.trimEnd();
}

function showTimes(lines: readonly ContentLine[]): string {
  return lines.flatMap((line) => line.value.split(",").map((value) => showTime({ ...line, value }))).join(", ");
}

function zoneOf({ parameters, value }: ContentLine): string {
  if (value.trim().endsWith("Z")) return "(UTC)";
  const zone = parameters.get("TZID");
  return zone === undefined || !value.includes("T") ? "" : `(${zone})`;
}

/** Such as `Tuesday 2026-05-12`; people ask for days of the week. */
function showDay(written: string, laterMs = 0): string {
  const [, year, month, day] = /^(\d{4})(\d\d)(\d\d)/.exec(written.trim()) ?? [];
  const date = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)) + laterMs);
  if (Number.isNaN(date.getTime())) return written;
  return `${WEEKDAY.format(date)} ${date.toISOString().slice(0, 10)}`;
}

function describeRepetition(line: ContentLine | undefined): string {
  return line === undefined ? "" : describeRecurrence(line.value.trim(), (value) => showTime({ ...line, value }));
}

/** What is sure to happen is the ordinary case. */
function describeStatus(status: string): string {
  return status.toUpperCase() === "CONFIRMED" ? "" : status.toLowerCase().replaceAll("-", " ");
}

function person(line: ContentLine | undefined): string {
  if (line === undefined) return "";
  const address = lineValue(line).replace(/^mailto:/i, "");
  const name = line.parameters.get("CN") ?? "";
  return name === "" || name === address ? address : `${name} <${address}>`;
}
