import { describe, expect, it } from "vitest";
import { loadSubtitles } from "../../../ingest/loaders/subtitles.ts";

describe("subtitles", () => {
  it("become paragraphs with their time, without numbers and marks", () => {
    const srt =
      "\ufeff1\r\n00:00:01,000 --> 00:00:04,000\r\n<i>Welcome to</i>\r\nthe lecture.\r\n\r\n" +
      "2\r\n00:00:04,000 --> 00:00:09,000\r\n{\\an8}Cliffs retreat &amp; fall.\r\n\r\n" +
      "3\r\n01:02:03,500 --> 01:02:05,000\r\nAfter the pause\r\n";
    expect(loadSubtitles(srt).text).toBe(
      "[00:00:01] Welcome to the lecture. Cliffs retreat & fall.\n\n[01:02:03] After the pause\n",
    );
  });

  it("name the speakers, without remarks, styles and the names of cues", () => {
    const vtt =
      "WEBVTT\n\nSTYLE\n::cue { color: red }\n\nNOTE from the\nprogram\n\nintro\n00:03.500 --> 00:07.000 align:start\n" +
      "<v Hanna Berg>The lab was\napproved.</v>\n\nNOTE more\n\n8d1-1\n00:07.000 --> 00:11.000\n<v Mo>When?</v>\n";
    expect(loadSubtitles(vtt).text).toBe("[00:00:03] Hanna Berg: The lab was approved.\n\n[00:00:07] Mo: When?\n");
  });

  it("take a line that stays on the screen once", () => {
    const rolling =
      "WEBVTT\n\n00:00:00.000 --> 00:00:02.000\n \nso<00:00:00.320><c> the</c><c> dough</c>\n\n" +
      "00:00:02.000 --> 00:00:02.010\nso the dough\n \n\n00:00:02.010 --> 00:00:04.000\nso the dough\nneeds<c> hours</c>\n";
    expect(loadSubtitles(rolling).text).toBe("[00:00:00] so the dough needs hours\n");
  });

  it("keep lines behind an empty one, and numbers that are said", () => {
    const srt = "1\n00:00:01,000 --> 00:00:02,000\nOne\n\nmore\n\n2\n00:00:02,000 --> 00:00:03,000\n42\n";
    expect(loadSubtitles(srt).text).toBe("[00:00:01] One more 42\n");
  });

  it("begin a paragraph with a sentence once it is long, and in any case after a minute", () => {
    const cue = (at: number, text: string): string =>
      `0:00:${String(at).padStart(2, "0")}.000,0:00:${String(at + 5).padStart(2, "0")}.000\n${text}\n\n`;
    const sbv = [cue(0, "One."), cue(5, "two"), cue(10, "three"), cue(15, "four."), cue(20, "Five.")].join("");
    expect(loadSubtitles(sbv).text).toBe("[00:00:00] One. two three four.\n\n[00:00:20] Five.\n");
  });

  it("are plain text where no times are in them", () => {
    expect(loadSubtitles("just words\n")).toMatchObject({
      text: "just words\n",
      notes: [expect.stringMatching(/plain/)],
    });
  });
});
