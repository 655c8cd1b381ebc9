import { describe, expect, it } from "vitest";
import { sentencesOf } from "../../../src/agents/extractive/passage-sentences.ts";
import { scoreSentences } from "../../../src/agents/extractive/score-sentences.ts";
import { makeHit } from "../made-up-corpus.ts";

const kindsOf = (text: string): string[] =>
  sentencesOf({ marker: 1, hit: makeHit(text) }).map((sentence) => `${sentence.kind}: ${sentence.text}`);

describe("a bold title", () => {
  const headingsOf = (text: string): string[] =>
    sentencesOf({ marker: 1, hit: makeHit(text, { title: null }) })
      .filter(({ kind }) => kind !== "heading")
      .map(({ text: line, headings }) => `${headings.trim()}: ${line}`);

  it("in an item of a list heads the list or paragraph below it, and nothing behind the item", () => {
    const text =
      "- **Key of the tower**\n  - The keeper gives it to whoever asks.\n- **Oil**\n\n  It is bought in the month of May.\n\n- **Lamps**\n- **Sails**\n\nThe end.";
    expect(headingsOf(text)).toEqual([
      "Key of the tower: The keeper gives it to whoever asks.",
      "Oil: It is bought in the month of May.",
      ": **Lamps**",
      ": **Sails**",
      ": The end.",
    ]);
  });

  it("heads a sentence right below it, but no line that only names something", () => {
    expect(headingsOf("**Oil**\nIt is bought in the month of May.")).toEqual([
      "Oil: It is bought in the month of May.",
    ]);
    expect(headingsOf("**Mara Quist**\nHarbour master")).toEqual([": **Mara Quist**", ": Harbour master"]);
  });
});

describe("blocks of code in a passage", () => {
  it("are told from the prose around them", () => {
    expect(kindsOf("Open it:\n\n```sh\nsluice open\n```\n\nThe gate opens.")).toEqual([
      "prose: Open it:",
      "fence: ```sh",
      "code: sluice open",
      "fence: ```",
      "prose: The gate opens.",
    ]);
  });

  it("may have lost their first or their last line", () => {
    expect(kindsOf("sluice open\n```\n\nThe gate opens.")).toEqual([
      "code: sluice open",
      "fence: ```",
      "prose: The gate opens.",
    ]);
    expect(kindsOf("The gate opens like this:\n\n```\nsluice open\n\nsluice wait")).toEqual([
      "prose: The gate opens like this:",
      "fence: ```",
      "code: sluice open",
      "code: sluice wait",
    ]);
  });

  it("are not begun by underlines of tildes", () => {
    expect(kindsOf("Gates\n~~~~~\n\nThe gate opens.\n\nLocks\n~~~~~\n\nThe lock is full.")).toEqual([
      "heading: Gates",
      "heading: ~~~~~",
      "prose: The gate opens.",
      "heading: Locks",
      "heading: ~~~~~",
      "prose: The lock is full.",
    ]);
  });

  it("end where prose begins, if nothing closes them", () => {
    expect(kindsOf("```\nsluice open\n\nThe gate opens.\n\nIt closes at dusk.").slice(-2)).toEqual([
      "prose: The gate opens.",
      "prose: It closes at dusk.",
    ]);
  });

  it("hold the fences of other blocks", () => {
    expect(kindsOf("````md\n```\nsluice\n```\n````\nThe gate opens.").slice(1, 4)).toEqual([
      "code: ```",
      "code: sluice",
      "code: ```",
    ]);
  });
});

describe("titles without marks of their own", () => {
  it.each([
    [
      "Opening gates\n=============\n\nTurn the wheel.",
      ["heading: Opening gates", "heading: =============", "prose: Turn the wheel."],
    ],
    ["= Opening gates =\nTurn the wheel.", ["heading: = Opening gates =", "prose: Turn the wheel."]],
    ["= = Opening gates = =\n\nTurn the wheel.", ["heading: = = Opening gates = =", "prose: Turn the wheel."]],
    ["**Opening gates**\n\nTurn the wheel.", ["heading: **Opening gates**", "prose: Turn the wheel."]],
  ])("are headings: %j", (text, kinds) => {
    expect(kindsOf(text)).toEqual(kinds);
    const [last] = sentencesOf({ marker: 1, hit: makeHit(text, { title: null }) }).slice(-1);
    expect(last?.headings.trim()).toBe("Opening gates");
  });

  it("have the levels of their marks", () => {
    const text = "= Canal =\n\n== Gates ==\nOpen.\n\n== Locks ==\nFull.\n\nBasins\n======\n\nEmpty.";
    const sentences = sentencesOf({ marker: 1, hit: makeHit(text, { title: null }) });
    const headings = sentences.filter(({ kind }) => kind === "prose").map((one) => one.headings.trim());
    expect(headings).toEqual(["Canal\nGates", "Canal\nLocks", "Basins"]);
  });

  it.each([
    "The gate opens.\n---------------",
    "The gate opens\nand shuts\n---",
    "The gate opens\n***\nIt shuts.",
    "**Default**\nForty centimetres.",
    "x = y = z",
  ])("are not seen in other lines: %j", (text) => {
    expect(kindsOf(text)[0]).toMatch(/^prose: /);
  });
});

describe("headings above a sentence", () => {
  it("are those that it stands under, not the ones beside them", () => {
    const text = "# Canal\n\n## Gates\n\nOpen.\n\n### North\n\nShut.\n\n## Locks\n\n| Name |\n| --- |\n| Old |";
    const sentences = sentencesOf({ marker: 1, hit: makeHit(text, { title: null }) });
    const headingsOf = (word: string): readonly string[] =>
      sentences
        .find((sentence) => sentence.text.includes(word))
        ?.headings.split("\n")
        .filter((heading) => heading !== "") ?? [];
    expect(headingsOf("Open")).toEqual(["Canal", "Gates"]);
    expect(headingsOf("Shut")).toEqual(["Canal", "Gates", "North"]);
    expect(headingsOf("Old")).toEqual(["Canal", "Locks", "| Name |"]);
  });
});

describe("a sentence that only points at another page", () => {
  it("stands behind one that says something, however long it is", () => {
    const text =
      "See [the locks](locks.md) for an overview of how to open the gate of a lock.\n\nThe keeper opens each gate by hand.";
    const question = "How do I open the gate of a lock?";
    const [best] = scoreSentences(sentencesOf({ marker: 1, hit: makeHit(text) }), { question });
    expect(best?.sentence.text).toBe("The keeper opens each gate by hand.");
  });
});

describe("the title of a clause", () => {
  it("is a heading with its number, whatever marks stand in it", () => {
    expect(kindsOf("## 3. Rent and Deposit\n\n3.1 The rent is due.")).toEqual([
      "heading: ## 3. Rent and Deposit",
      "prose: 3.1 The rent is due.",
    ]);
    expect(kindsOf("Article 6 – Warranty. It lasts two years.\n\n§ 3 Laufzeit und Kündigung\n\nEr läuft.")).toEqual([
      "heading: Article 6 – Warranty.",
      "prose: It lasts two years.",
      "heading: § 3 Laufzeit und Kündigung",
      "prose: Er läuft.",
    ]);
  });

  it.each(["Section 3 covers gates.", "Clause 3.2: the rent is capped.", "§ 5 gilt auch für Mieter, die ausziehen."])(
    "is not taken for one: %j",
    (text) => expect(kindsOf(text)).toEqual([`prose: ${text}`]),
  );
});

describe("a full stop of German", () => {
  it.each([
    'Such as "When does it open? Where is the gate?", it is one question.',
    "He said “Come in! The gate is open” and left.",
    "Der Vertrag beginnt am 1. Januar 2024 und läuft drei Jahre.",
    "Fällig zum 1. Febr., spätestens am 15. Okt. 2024.",
    "Das gilt nach § 1 Abs. 2 und Nr. 4, bzw. Ziff. 5.",
  ])("ends no sentence within a date or an abbreviation: %j", (text) => {
    expect(kindsOf(text)).toEqual([`prose: ${text}`]);
  });

  it("ends one behind another number", () => {
    expect(kindsOf("Es sind 12. Januar und Mai sind kalt. Die Nr. 3 fehlt. Ende.")).toContain(
      "prose: Die Nr. 3 fehlt.",
    );
    expect(kindsOf("It was built in 1874. January is cold.")).toHaveLength(2);
    expect(kindsOf('He asked "Why?" Nobody knew. They called it "the gate", for short.')).toHaveLength(3);
  });
});

describe("a list's item", () => {
  it("goes on below its words, however deep the list is indented", () => {
    expect(kindsOf("- Gates\n  * `north`: opens for boats,\n    rafts and ships\n  * `south`: is shut.")).toEqual([
      "list: Gates",
      "list: `north`: opens for boats,\n    rafts and ships",
      "list: `south`: is shut.",
    ]);
  });

  it("ends where its sentence does", () => {
    expect(kindsOf("- It opens.\n  Boats pass.")).toEqual(["list: It opens.", "prose: Boats pass."]);
  });
});

describe("front matter", () => {
  const sentences = (text: string, start: number): ReturnType<typeof sentencesOf> =>
    sentencesOf({ marker: 1, hit: makeHit(text, { lines: { start, end: start + 9 } }) });
  const textsOf = (text: string, start: number): readonly string[] =>
    sentences(text, start).flatMap((one) => (one.kind === "setting" ? [] : [one.text]));

  it("answers only a question that names one of its lines", () => {
    const note = sentences("---\nbirthday: 1951-11-23\ntags:\n  - keeper\n---\n\nShe keeps the gate.", 1);
    const textsFor = (question: string): readonly string[] =>
      scoreSentences(note, { question }).map(({ sentence }) => sentence.text);
    expect(textsFor("When is her birthday?")).toEqual(["birthday: 1951-11-23", "She keeps the gate."]);
    expect(textsFor("What does she keep?")).toEqual(["She keeps the gate."]);
  });

  it("is no text, also where the passage has neither of its rules", () => {
    const settings = "title: Gates\ntags:\n  - lock";
    expect(textsOf(`---\n${settings}\n---\n\nThe gate is old.`, 1)).toEqual(["The gate is old."]);
    expect(textsOf(`${settings}\n---\n\nThe gate is old.`, 2)).toEqual(["The gate is old."]);
    expect(textsOf(settings, 2)).toEqual([]);
  });

  it("is not seen in lines that only look like it", () => {
    expect(textsOf("Phone: 12\nMail: gate@example.org", 1)).toHaveLength(2);
    expect(textsOf("Phone: 12\nThe gate is old.", 2)).toHaveLength(2);
  });
});

describe("a definition", () => {
  it("is read together with its term, a second one by itself", () => {
    expect(kindsOf("sluice\n:  A gate for water.\n: A mill's canal.\n\nlock\n: Two gates. Boats wait in it.")).toEqual([
      "prose: sluice:  A gate for water.",
      "prose: A mill's canal.",
      "prose: lock: Two gates.",
      "prose: Boats wait in it.",
    ]);
  });
});

describe("the target of a link", () => {
  it("is no sentence, unless addresses are asked for", () => {
    const hit = makeHit("The [gate] is old.\n\n[gate]: /gates.html");
    const textsOf = (keepLinks: boolean): readonly string[] =>
      sentencesOf({ marker: 1, hit }, { keepLinks }).map(({ text }) => text);
    expect(textsOf(false)).toEqual(["The [gate] is old."]);
    expect(textsOf(true)).toContain("[gate]: /gates.html");
  });
});

describe("what says nothing by itself", () => {
  const best = (question: string, text: string): string | undefined =>
    scoreSentences(sentencesOf({ marker: 1, hit: makeHit(text) }), { question })[0]?.sentence.text;

  it("stands behind its own answer where it is a question", () => {
    const text = "Why is the gate of the lock painted red?\n\nRed can be seen from far away.\n\nBoats pass at noon.";
    expect(best("Why is the gate of the lock painted red?", text)).toBe("Red can be seen from far away.");
  });

  it("stands behind a sentence where it is a name alone", () => {
    expect(best("What does openGate do?", "`openGate`\n\nCalls of openGate lift the gate.")).toBe(
      "Calls of openGate lift the gate.",
    );
  });

  const mail = [
    "# Late boats",
    "",
    "- From: Mara Quist <mara@quist.example>",
    "- To: harbour@lind.example",
    "- Date: Mon, 03 Mar 2025 11:02:00 +0100",
    "",
    "Dear Ada,",
    "",
    "boats were held up by ice.",
    "",
    "Kind regards",
    "Mara Quist",
  ].join("\n");
  const textsFor = (question: string): readonly string[] =>
    scoreSentences(sentencesOf({ marker: 1, hit: makeHit(mail) }), { question }).map(({ sentence }) => sentence.text);

  it("is left out where it frames a letter, unless names or the time are asked for", () => {
    expect(textsFor("Why were the boats late?")).toEqual(["boats were held up by ice.", "Mara Quist"]);
    expect(textsFor("Who wrote about the boats?")).toContain("From: Mara Quist <mara@quist.example>");
    expect(textsFor("What is the email of Mara Quist?")).toContain("From: Mara Quist <mara@quist.example>");
    expect(textsFor("When was the mail about the boats sent?")).toContain("Date: Mon, 03 Mar 2025 11:02:00 +0100");
  });

  it("stands behind a sentence where it is a title or a name in a line of its own", () => {
    const text = "Gate Supply Agreement\n\nIts warranty lasts two years from delivery on.";
    expect(best("What is the warranty of the gate supply agreement?", text)).toBe(
      "Its warranty lasts two years from delivery on.",
    );
    expect(best("Who is the author of the manual?", "The manual has an author:\n\nMara Quist")).toBeDefined();
  });
});

describe("abbreviations in a passage", () => {
  it.each([
    "Der Filter kostet ca. 2.650 Euro.",
    "Er steht im 2. Obergeschoss der Mühle.",
    "Bei Aufnahme in den Verein Schleuse e.V. wird eine Gebühr von 20 Euro fällig.",
    "The premium is 186 pounds (incl. tax).",
    "Vier Boote, max. 30 Gäste.",
  ])("end no sentence: %s", (text) => {
    expect(kindsOf(text)).toEqual([`prose: ${text}`]);
  });

  it("may end one where the next begins with a capital", () => {
    expect(kindsOf("Wir haben Boote, Stege usw. Die Schleuse ist zu.")).toHaveLength(2);
    expect(kindsOf("Es kamen 12. Danach war Schluss.")).toHaveLength(2);
  });
});

describe("formulas in a passage", () => {
  it("belong to the sentence that they complete, and are one sentence otherwise", () => {
    expect(kindsOf("Newton's law gives\n\n$$\nm a = F .\n$$\n\nThat is all.")).toEqual([
      "prose: Newton's law gives\n\n$$\nm a = F .\n$$",
      "prose: That is all.",
    ]);
    expect(kindsOf("## Law\n\n$$\nm a = F\n$$\n\nThat is all.")).toEqual([
      "heading: ## Law",
      "prose: $$\nm a = F\n$$",
      "prose: That is all.",
    ]);
  });
});

describe("headings", () => {
  it("are short lines right above a paragraph, as they come out of a PDF file", () => {
    expect(kindsOf("Lamp oil\nThe lamps of the harbour burn rape oil.\n\nAda Fenwick\nPier 3")).toEqual([
      "heading: Lamp oil",
      "prose: The lamps of the harbour burn rape oil.",
      "prose: Ada Fenwick",
      "prose: Pier 3",
    ]);
  });

  it("of a passage count where it begins below them", () => {
    const hit = makeHit("It burns rape oil.\n\n### Price\n\nTwo francs.", { title: "Lamps", heading: "Harbour > Red" });
    expect(sentencesOf({ marker: 1, hit }).map(({ headings }) => headings)).toEqual([
      "Lamps\nHarbour\nRed",
      "Lamps\nHarbour\nRed\nPrice",
      "Lamps\nHarbour\nRed\nPrice",
    ]);
  });

  it("of a plain text are known by their form beside those above, and quotes stay on their place", () => {
    const text = "ARTICLE II\r\n\r\nA barge pays two coins 😀.\r\n\r\nARTICLE III  \r\n\r\nThe fair is in June.";
    const hit = makeHit(text, { language: "text", title: "Mill", heading: "ARTICLE II" });
    const sentences = sentencesOf({ marker: 1, hit });
    expect(sentences.map(({ kind, span }) => `${kind}: ${text.slice(span.start, span.end)}`)).toEqual([
      "heading: ARTICLE II",
      "prose: A barge pays two coins 😀.",
      "heading: ARTICLE III",
      "prose: The fair is in June.",
    ]);
    expect(sentences.at(-1)?.headings).toBe("Mill\nARTICLE III");
  });
});
