import { describe, expect, it } from "vitest";
import { loadCalendar } from "../../../../ingest/loaders/calendar/calendar.ts";
import { loadContacts } from "../../../../ingest/loaders/calendar/contacts.ts";

const lines = (...written: readonly string[]): string => `${written.join("\r\n")}\r\n`;

describe("calendars", () => {
  it("shows time, place, people and text of an event under its name, and leaves out alarms", () => {
    const calendar = lines(
      "BEGIN:VCALENDAR",
      "X-WR-CALNAME:Family",
      "BEGIN:VEVENT",
      "DTSTART;TZID=Europe/Oslo:20260512T160000",
      "DTEND;TZID=Europe/Oslo:20260512T170000",
      "SUMMARY:Parents' evening",
      "LOCATION:Room 204\\, Solvang school",
      "DESCRIPTION:Bring the diary.\\nTalk about ma",
      " ths.",
      'ATTENDEE;CN="Holm, Ingrid";PARTSTAT=ACCEPTED:mailto:holm@school.example',
      "STATUS:CONFIRMED",
      "BEGIN:VALARM",
      "DESCRIPTION:Reminder",
      "END:VALARM",
      "END:VEVENT",
      "END:VCALENDAR",
    );
    expect(loadCalendar(calendar)).toEqual({
      text:
        "## Parents' evening\n\n- When: Tuesday 2026-05-12 16:00 to 17:00 (Europe/Oslo)\n" +
        "- Where: Room 204, Solvang school\n- With: Holm, Ingrid <holm@school.example>\n\nBring the diary.\nTalk about maths.\n",
      title: "Family",
    });
  });

  const event = (...inner: readonly string[]): string =>
    loadCalendar(lines("BEGIN:VCALENDAR", "BEGIN:VEVENT", ...inner, "END:VEVENT", "END:VCALENDAR")).text;

  it.each([
    [["DTSTART;VALUE=DATE:20260717", "DTEND;VALUE=DATE:20260801"], "- When: Friday 2026-07-17 to Friday 2026-07-31\n"],
    [["DTSTART;VALUE=DATE:20260717", "DTEND;VALUE=DATE:20260718"], "- When: Friday 2026-07-17\n"],
    [["DTSTART:20260105T180000Z"], "- When: Monday 2026-01-05 18:00 (UTC)\n"],
    [
      ["DTSTART:20260105T230000", "DTEND:20260106T010000"],
      "- When: Monday 2026-01-05 23:00 to Tuesday 2026-01-06 01:00\n",
    ],
    [["RRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TH;COUNT=5"], "- Repeats: every 2 weeks on Monday, Thursday, 5 times\n"],
    [
      ["RRULE:FREQ=MONTHLY;BYDAY=-1FR;UNTIL=20261231"],
      "- Repeats: every month on last Friday until Thursday 2026-12-31\n",
    ],
    [["RRULE:FREQ=YEARLY;BYSETPOS=2;BYDAY=MO"], "- Repeats: FREQ=YEARLY;BYSETPOS=2;BYDAY=MO\n"],
    [["RRULE:FREQ=constructor"], "- Repeats: FREQ=constructor\n"],
    [["STATUS:CANCELLED"], "- Status: cancelled\n"],
  ])("puts %j into words", (written, shown) => {
    expect(event(...written)).toBe(`## (no title)\n\n${shown}`);
  });

  it("reads the other entries where a line or an end is missing", () => {
    const damaged =
      "BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:One\nwithout sense\nEND:VEVENT\nBEGIN:VTODO\nSUMMARY:Two\nDUE:20260601\n";
    expect(loadCalendar(damaged).text).toBe("## One\n\n## Two\n\n- Due: Monday 2026-06-01\n");
  });
});

describe("contacts", () => {
  it("shows what is known of a person, without pictures", () => {
    const cards = lines(
      "BEGIN:VCARD",
      "VERSION:3.0",
      "N:Holm;Ingrid;;Ms.;",
      "FN:Ingrid Holm",
      "ORG:Solvang school;Teachers",
      "TEL;TYPE=CELL,VOICE:+47 911 22 333",
      "item1.EMAIL;TYPE=INTERNET:holm@school.example",
      "item1.X-ABLabel:_$!<Work>!$_",
      "ADR;TYPE=HOME:;;Storgata 5;Oslo;;0155;Norway",
      "NOTE:Speaks French\\, plays cello",
      "PHOTO;ENCODING=b;TYPE=JPEG:AAAAAAAA",
      " BBBB",
      "BDAY:19791102",
      "END:VCARD",
    );
    expect(loadContacts(cards)).toEqual({
      text:
        "## Ingrid Holm\n\n- Organization: Solvang school, Teachers\n- Phone (cell): +47 911 22 333\n" +
        "- Email (work): holm@school.example\n- Address (home): Storgata 5, 0155 Oslo, Norway\n" +
        "- Note: Speaks French, plays cello\n- Birthday: 1979-11-02\n",
      title: null,
    });
  });

  it("reads the old version with its bare types and its encoding over several lines", () => {
    const card = lines(
      "BEGIN:VCARD",
      "VERSION:2.1",
      "N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=C3=98deg=",
      "=C3=A5rd;Kari",
      "TEL;CELL;PREF:+47 400 00 111",
      "NOTE;QUOTED-PRINTABLE:50 =3D half",
      "END:VCARD",
    );
    expect(loadContacts(card).text).toBe("## Kari Ødegård\n\n- Phone (cell): +47 400 00 111\n- Note: 50 = half\n");
  });
});
