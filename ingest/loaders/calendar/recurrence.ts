const UNITS: ReadonlyMap<string, string> = new Map([
  ["DAILY", "day"],
  ["WEEKLY", "week"],
  ["MONTHLY", "month"],
  ["YEARLY", "year"],
  ["HOURLY", "hour"],
]);
const DAYS: Readonly<Record<string, string>> = {
  MO: "Monday",
  TU: "Tuesday",
  WE: "Wednesday",
  TH: "Thursday",
  FR: "Friday",
  SA: "Saturday",
  SU: "Sunday",
};
const ORDINALS: Readonly<Record<string, string>> = {
  "": "",
  "1": "first ",
  "2": "second ",
  "3": "third ",
  "4": "fourth ",
  "5": "fifth ",
  "-1": "last ",
};

/**
 * Describes a rule of repetition such as `FREQ=WEEKLY;BYDAY=MO,TH` in words. A rule that says more than the words for
 * everyday rules can is given as it is written.
 *
 * @param showDate puts the end of the repetition into words
 */
export function describeRecurrence(rule: string, showDate: (written: string) => string): string {
  const parts = new Map(rule.split(";").map((part): [string, string] => split(part)));
  const unit = UNITS.get(parts.get("FREQ") ?? "");
  if (unit === undefined) return rule;
  const every = Number(parts.get("INTERVAL") ?? 1);
  const days = (parts.get("BYDAY") ?? "").split(",").filter((day) => day !== "");
  const named = days.map(nameDay);
  const known = ["FREQ", "INTERVAL", "BYDAY", "UNTIL", "COUNT", "WKST"];
  if (named.includes(null) || [...parts.keys()].some((key) => !known.includes(key))) return rule;
  const until = parts.get("UNTIL");
  const count = parts.get("COUNT");
  return [
    every > 1 ? `every ${every} ${unit}s` : `every ${unit}`,
    named.length === 0 ? "" : ` on ${named.join(", ")}`,
    until === undefined ? "" : ` until ${showDate(until)}`,
    count === undefined ? "" : `, ${count} times`,
  ].join("");
}

function split(part: string): [string, string] {
  const [name = "", value = ""] = part.split("=", 2);
  return [name.trim().toUpperCase(), value.trim()];
}

/** Such as `Monday`, or `first Monday` for `1MO`; null where it is no such day. */
function nameDay(written: string): string | null {
  const [, ordinal = "", day = ""] = /^\+?(-?\d*)([A-Z]{2})$/.exec(written) ?? [];
  const name = DAYS[day];
  const which = ORDINALS[ordinal];
  return name === undefined || which === undefined ? null : which + name;
}
