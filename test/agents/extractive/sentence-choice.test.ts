import { describe, expect, it } from "vitest";
import { answerCues } from "../../../src/agents/extractive/answer-type.ts";
import { chooseSentences } from "../../../src/agents/extractive/choose-sentences.ts";
import { isLeaning } from "../../../src/agents/extractive/leaning-sentence.ts";
import { createOtherNumberTest } from "../../../src/agents/extractive/other-number.ts";
import { createOppositionTest } from "../../../src/agents/extractive/opposition.ts";
import { sentencesOf } from "../../../src/agents/extractive/passage-sentences.ts";
import { questionContent } from "../../../src/agents/extractive/question-content.ts";
import { scoreSentences } from "../../../src/agents/extractive/score-sentences.ts";
import { readTableRow } from "../../../src/agents/extractive/table-row.ts";
import { makeHit } from "../made-up-corpus.ts";

const rank = (question: string, text: string): readonly string[] =>
  scoreSentences(sentencesOf({ marker: 1, hit: makeHit(text) }), { question }).map(({ sentence }) => sentence.text);

describe("the title that a document begins with", () => {
  const text = "Inventory of the estate of Mara Quist\n\nThe net estate amounts to 4,120 crowns.";

  it("answers no question by itself", () => {
    expect(rank("What is the net estate of Mara Quist?", text)[0]).toBe("The net estate amounts to 4,120 crowns.");
  });

  it("is an ordinary line where it ends as a sentence", () => {
    const [first] = rank("What is the net estate of Mara Quist?", text.replace("Quist\n", "Quist.\n"));
    expect(first).toBe("Inventory of the estate of Mara Quist.");
  });
});

describe("answerCues", () => {
  it.each([
    ["When was the mill built?", "It opened in 1890.", "It opened late."],
    ["When was the 1890 mill closed?", "It closed in 1931.", "The mill of 1890 closed."],
    ["When does the lease end?", "It ends in May.", "Either party may end it."],
    ["How many sails has it?", "It has four sails.", "It has sails."],
    ["Where does it stand?", "It stands near Lindmouth.", "It stands."],
    ["What is a sluice?", "A sluice is a gate for water.", "Sluices open at noon."],
    ["How do I open the gate?", "To open it, turn the wheel.", "The gate was opened."],
    ["What happens when the gate is shut?", "When it is shut, water rises.", "Water rises."],
    ["What is a tidal gate?", "Tidal gates keep the sea out.", "The sea is kept out by a tidal gate."],
    ["Tell me about sluices", "Sluices are gates.", "Some are sluices."],
    ["Do I need a ticket?", "You need no ticket.", "Groups need a ticket."],
    ["What is a sluice?", "A sluice (or lock) is a gate.", "A sluice is shut at night."],
    ["What is a sluice?", "A gate of this kind is called a sluice.", "The gate of a sluice is of oak."],
    ["What can the mill do?", "Mill workers can grind.", "The mill stands."],
    ["What is the difference between a lock and a weir?", "A lock has gates, a weir only a wall.", "Locks and weirs."],
  ])("knows for %j that %j answers better than %j", (question, better, worse) => {
    const weigh = (sentence: string): number =>
      answerCues(question).reduce((sum, { weight, share }) => sum + weight * share(sentence), 0);
    expect(weigh(better)).toBeGreaterThan(weigh(worse));
  });

  it("takes a clause for no question", () => {
    const cues = answerCues("What happens when a file is deleted?");
    expect(cues.filter(({ share }) => share("It was lost in March 1999.") > 0)).toEqual([]);
    expect(answerCues("Does it keep the folder where it was put?")).toEqual([]);
  });
});

describe("isLeaning", () => {
  it.each([
    ["It was built in 1874.", true],
    ["This protects the harbour.", true],
    ["Otherwise the gate stays open.", true],
    ["So are the gates of the mill.", true],
    ["Choose another one at the desk.", true],
    ["To prevent this, shut the gate.", true],
    ["Open that without a key.", true],
    ["Open that gate without a key.", false],
    ["Because of that the gate is shut.", true],
    ["However, it opens at noon.", true],
    ["This kind of gate is known as a **sluice**.", true],
    ["The name for this is a sluice.", true],
    ["The name of the gate is on its door.", false],
    ["To prevent rust, oil the gate.", false],
    ["This handbook is about gates.", false],
    ["These gates are of oak: four of them.", false],
    ["The gate was built in 1874.", false],
    ["Choose one of the gates.", false],
  ])("says for %j: %j", (sentence, expected) => {
    expect(isLeaning(sentence)).toBe(expected);
  });
});

describe("questionContent", () => {
  it("leaves out what only frames a question", () => {
    expect(questionContent("What happens when the gate is shut?").trim()).toBe("when the gate is shut?");
    expect(questionContent("Tell me more about the gate").trim()).toBe("the gate");
    expect(questionContent("How does the gate work?")).toBe("How does the gate ?");
    expect(questionContent("When was the gate shut?")).toBe("When was the gate shut?");
    expect(questionContent("What is the difference between a lock and a weir?")).not.toContain("difference");
    expect(questionContent("Which lamp does the mill use?")).toBe("Which lamp does the mill ?");
    expect(questionContent("Does the mill use a lamp?")).toContain("use");
    expect(questionContent("What counts as a flood?")).toBe("a flood?");
    expect(questionContent("Explain")).toBe("Explain");
  });
});

describe("readTableRow", () => {
  it("names the columns behind the first cell and keeps every cell as it is", () => {
    const row = "| `port` |  | 8080 |";
    expect(readTableRow(row, ["setting", "flag", "default"])).toBe("`port` — default: 8080");
    expect(readTableRow(row, undefined)).toBe("`port` — 8080");
    expect(readTableRow(row, ["setting"])).toBe("`port` — 8080");
    expect(readTableRow("No row.", undefined)).toBe("No row.");
  });
});

describe("createOppositionTest", () => {
  it("finds a sentence that tells how to get what is to be kept away", () => {
    const opposes = createOppositionTest("How do I keep passwords out of the archive?");
    expect(opposes("`--keep-all` keeps passwords in the archive instead of blotting them out.")).toBe(true);
    expect(opposes("Passwords are left out of the archive.")).toBe(false);
    expect(opposes("Passwords are short.")).toBe(false);
    expect(createOppositionTest("How do I keep passwords?")("`--keep-all` keeps passwords.")).toBe(false);
  });
});

describe("createOtherNumberTest", () => {
  it("finds a sentence about another number of the same thing", () => {
    const [other, same, none] = sentencesOf({
      marker: 1,
      hit: makeHit("Exit code 4 means out of reach.\n\nExit code 3 means partly failed.\n\nSome files failed."),
    });
    const isOfOther = createOtherNumberTest("What does exit code 3 mean?");
    expect([other, same, none].map((one) => one !== undefined && isOfOther(one))).toEqual([true, false, false]);
  });
});

describe("scoreSentences", () => {
  it("puts what keeps secrets out before what lets them in", () => {
    const [first] = rank(
      "How do I keep secrets out of the index?",
      "To keep secrets in the index, give `--allow-secrets`. Secrets are left out of the index by themselves.",
    );
    expect(first).toBe("Secrets are left out of the index by themselves.");
  });

  it("reads no words within addresses, and quotes none alone, unless an address may be asked for", () => {
    const text = "- Source: https://mill.example/tidal-mill-tours\n- Tours of the mill begin at noon.";
    expect(rank("When do tours of the tidal mill begin?", text)).toEqual(["Tours of the mill begin at noon."]);
    expect(rank("Which page is about the tidal mill tours?", text)).toHaveLength(2);
    expect(rank("Where are tidal mill tours described?", text)).toHaveLength(2);
    expect(rank("How do I call the tides?", "```sh\ncurl https://mill.example/tides\n```")).toHaveLength(1);
  });

  it("lets an entry take over the words of its headings only if it has one of its own", () => {
    const text = "## Pump of the mill\n\n- Colour: red\n\n- Wheels of the pump are of oak.";
    expect(rank("What are the wheels of the pump of the mill?", text)[0]).toBe("Wheels of the pump are of oak.");
    expect(rank("What colour has the pump of the mill?", text)[0]).toBe("Colour: red");
  });

  it("puts a row of a table behind a sentence that says as much, unless a name of code is asked for", () => {
    const text = "| error | meaning |\n|---|---|\n| `gateLimit` | gate limit met |\n\nThere is no gate limit at night.";
    expect(rank("Is there a gate limit?", text)[0]).toBe("There is no gate limit at night.");
    expect(rank("What is gateLimit?", text)[0]).toContain("gateLimit");
    const statement = "Whoever meets the gate limit has to wait until the gate opens again.";
    const telling = `| error | meaning |\n|---|---|\n| E7 | ${statement} |\n\nThere is no gate limit at night.`;
    expect(rank("What is the gate limit?", telling)[0]).toContain(statement);
    const rows = "| `gateSpeed` | limit of the gate that counts after the other limit |\n| `gateLimit` | limit met |";
    expect(rank("What does gateLimit mean as a limit of the gate?", rows)[0]).toContain("gateLimit");
  });

  it("puts first what begins with the purpose that is asked for", () => {
    const text = "Run the gate check before you upgrade the mill.\n\nTo upgrade the mill, fetch the wheel.";
    expect(rank("How do I upgrade the mill?", text)[0]).toBe("To upgrade the mill, fetch the wheel.");
    expect(rank("how to upgrade the mill", text)[0]).toBe("To upgrade the mill, fetch the wheel.");
    expect(rank("How do I check the mill gate?", text)[0]).toBe("Run the gate check before you upgrade the mill.");
  });

  it("puts a pointer to another page last", () => {
    const text = "See [ingesting](ingesting.md). Ingesting reads every file once.";
    expect(rank("What does ingesting do?", text)[0]).toBe("Ingesting reads every file once.");
  });

  it("puts the first sentences of a section first where the question asks what its subject is", () => {
    const text = [
      "## Sluice gates",
      "",
      "Iron doors hold the water back. They move up and down.",
      "",
      "## Repairs",
      "",
      "Paint keeps rust away. Sluice is what carpenters call it too.",
    ].join("\n");
    expect(rank("What are sluice gates?", text)[0]).toBe("Iron doors hold the water back.");
    expect(rank("Are sluice gates painted?", text)[0]).not.toBe("Iron doors hold the water back.");
  });

  it("takes an entry for what its heading is about", () => {
    const text = [
      "## Depth of the lock",
      "",
      "- Default: `4`",
      "",
      "The default gauge rings where the depth is wrong.",
      "",
      "## Width",
      "",
      "- Default: `9`",
    ].join("\n");
    expect(rank("What is the default depth of the lock?", text)[0]).toBe("Default: `4`");
  });

  it("takes no entry for a reason or a way", () => {
    const text = [
      "# The lock floods twice",
      "",
      "Water came over the gate in spring. The sill had rotted.",
      "",
      "- State: closed",
      "- Number: 103",
    ].join("\n");
    expect(rank("Why did the lock flood twice?", text)[0]).toBe("Water came over the gate in spring.");
    expect(rank("How did the lock come to flood twice?", text)[0]).toBe("Water came over the gate in spring.");
    expect(rank("How often did the lock flood?", text)[0]).toBe("Number: 103");
  });

  it("puts what stands among links to other pages behind what says it itself", () => {
    const text =
      "## Lamps\n\nOil keeps the lamp burning.\n\n## See also\n\n- Oil of the lamp keeps it burning - a guide";
    expect(rank("What keeps the lamp burning?", text)[0]).toBe("Oil keeps the lamp burning.");
  });

  it("puts a link alone last", () => {
    const text = "- [The old lighthouse](lighthouse.md)\n- Near the harbour the lighthouse is the only tower.";
    expect(rank("What is the old lighthouse?", text).at(-1)).toBe("The old lighthouse");
  });

  it("gives a sentence the words of the one before it", () => {
    const [first] = rank(
      "When was the lighthouse of Lindmouth built?",
      [
        "The lighthouse of Lindmouth is white. It was built in 1874.",
        "Boats are built here. They were new in 1874.",
      ].join("\n\n"),
    );
    expect(first).toBe("It was built in 1874.");
  });
});

describe("scoreSentences with code", () => {
  it("puts code last where nobody asked how to do something", () => {
    const text = "A keeper may be tall.\n\n```sh\nkeeper may be big: too big\n```";
    expect(rank("Is a big keeper allowed?", text)[0]).toBe("A keeper may be tall.");
  });
});

describe("chooseSentences", () => {
  it("leaves out what says the same in other words around it", () => {
    const text =
      "`partial` means that weak evidence was found. The tide is low. `partial` means here that weak evidence was found.";
    const ranked = scoreSentences(sentencesOf({ marker: 1, hit: makeHit(text) }), { question: "What is partial?" });
    const chosen = chooseSentences(ranked, 3).map(({ sentence }) => sentence.text);
    expect(chosen.filter((one) => one.includes("partial"))).toHaveLength(1);
  });

  it("prefers what adds something to what repeats the best", () => {
    const text =
      "The tide turns twice a day. The tide turns twice each day here. A tide turns for six hours before it rests.";
    const ranked = scoreSentences(sentencesOf({ marker: 1, hit: makeHit(text) }), {
      question: "When does the tide turn?",
    });
    const chosen = chooseSentences(ranked, 2).map(({ sentence }) => sentence.text);
    expect(chosen).toHaveLength(2);
    expect(chosen[1]).toBe("A tide turns for six hours before it rests.");
    expect(chooseSentences([], 3)).toEqual([]);
  });
});

describe("sentencesOf", () => {
  it("joins a short line whose next word had no room on it", () => {
    const text = [
      "The keeper never carries the key of the gate about with him, and for the harbour",
      "master he uses",
      "[`the-second-key-of-the-harbour-master`](https://keys.example/second) instead.",
    ].join("\n");
    expect(cut(text)).toHaveLength(1);
    expect(cut(text.replace("[`the-second", "the [`second"))).toHaveLength(2);
  });

  it("tells settings at the top of a file from its text, also where the first rule was cut off", () => {
    const text = "---\nicon: mdi:gate\ntags:\n  - iron\n---\n\nGates: these are opened at dawn.";
    const setting = ["setting", "icon: mdi:gate"];
    expect(cut(text)).toEqual([setting, ["prose", "Gates: these are opened at dawn."]]);
    expect(cut(text.slice(4))).toEqual([setting, ["prose", "Gates: these are opened at dawn."]]);
    expect(cut("gate: open\n\nIt is open.\n\n---\n\nEnd.").map(([, sentence]) => sentence)).toContain("gate: open");
  });

  it("keeps a row whole whose cells hold several sentences", () => {
    expect(cut("| gate | It opens. It shuts. | yes |")).toEqual([["table", "| gate | It opens. It shuts. | yes |"]]);
  });

  it("keeps the targets of links only where they are asked for, and nothing of an image alone", () => {
    const hit = makeHit("![A map](map.svg)\n\nSee [the chart](https://chart.example).");
    const texts = (keepLinks: boolean): readonly string[] =>
      sentencesOf({ marker: 1, hit }, { keepLinks }).map(({ text }) => text);
    expect(texts(false)).toEqual(["See the chart."]);
    expect(texts(true)).toEqual(["See [the chart](https://chart.example)."]);
  });

  const cut = (text: string): readonly (readonly [string, string])[] =>
    sentencesOf({ marker: 1, hit: makeHit(text) }).map(({ kind, text: sentence }) => [kind, sentence]);

  it("keeps inline code and ellipses whole", () => {
    expect(cut("Run `tool one … --watch` again. It goes on … and ends.")).toEqual([
      ["prose", "Run `tool one … --watch` again."],
      ["prose", "It goes on … and ends."],
    ]);
  });

  it("knows a passage that begins within code", () => {
    expect(cut("run();\n```\n\nThis is prose.")).toEqual([
      ["code", "run();"],
      ["fence", "```"],
      ["prose", "This is prose."],
    ]);
  });

  it("cuts the prose behind code with which a passage begins", () => {
    expect(cut("run();\n```\n\nOne ends. Two ends.").slice(-2)).toEqual([
      ["prose", "One ends."],
      ["prose", "Two ends."],
    ]);
  });

  it("takes an item's number for no sentence", () => {
    expect(cut("1. Open the gate.\n2. Shut it.")).toEqual([
      ["list", "Open the gate."],
      ["list", "Shut it."],
    ]);
  });

  it("takes source code, and the middle of a block of it, for code line by line, comments with what is below them", () => {
    const source = makeHit("/** Opens. It is slow. */\nexport function open() {\n  push();", {
      language: "typescript",
    });
    expect(sentencesOf({ marker: 1, hit: source }).map(({ kind, text }) => [kind, text])).toEqual([
      ["code", "/** Opens. It is slow. */\nexport function open() {"],
      ["code", "push();"],
    ]);
    expect(cut('{"id":"a"}\n{"id":"b"}').map(([kind]) => kind)).toEqual(["code", "code"]);
  });

  it("keeps the names of a table's columns for its rows", () => {
    const rows = sentencesOf({ marker: 1, hit: makeHit("| name | size |\n|---|---|\n| sail | 4 |\n\nProse.") });
    expect(rows.map(({ columns }) => columns)).toEqual([undefined, undefined, ["name", "size"], undefined]);
  });

  it("reads tables without bars at the ends of their lines like others", () => {
    const text =
      "## Sails\n\nAll sails:\n\nname | what it is made of, and how it is kept in winter\n---|---\ntop | Oak. Keep it dry, and turn it over once a week in winter\nlow | Ash and linen\n\nProse | more.";
    const rows = sentencesOf({ marker: 1, hit: makeHit(text) });
    expect(rows.map(({ kind, text: line }) => [kind, line.slice(0, 9)])).toEqual([
      ["heading", "## Sails"],
      ["prose", "All sails"],
      ["heading", "name | wh"],
      ["heading", "---|---"],
      ["table", "top | Oak"],
      ["table", "low | Ash"],
      ["prose", "Prose | m"],
    ]);
    expect(rows[4]?.columns?.[0]).toBe("name");
    expect(readTableRow(rows[5]?.text ?? "", ["name", "made of"])).toBe("low — made of: Ash and linen");
    expect(cut("top | 4\nlow | 6")).toEqual([
      ["table", "top | 4"],
      ["table", "low | 6"],
    ]);
  });

  it("reads columns that a gap keeps apart like other tables, and their rows out", () => {
    const text = "All sails:\n\nName     Size  Kept in\ntop         4  the loft\nlow        16  the hall";
    const rows = sentencesOf({ marker: 1, hit: makeHit(text, { language: "text" }) });
    expect(rows.map(({ kind }) => kind)).toEqual(["prose", "heading", "table", "table"]);
    expect(readTableRow(rows[3]?.text ?? "", rows[3]?.columns)).toBe("low — Size: 16; Kept in: the hall");
  });

  it("takes the head of a table for a heading", () => {
    expect(cut("| name | size |\n|---|---|\n| sail | 4 |").map(([kind]) => kind)).toEqual([
      "heading",
      "heading",
      "table",
    ]);
  });
});
